"""For every figure, the bytes repeat, nothing is cut off, and no empty table is drawn."""

import os
import subprocess
import sys
from collections.abc import Sized
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.image import imread

from d2l_lab.figures import softmax, style, vanishing_gradients, words
from figures.examples import EDGES, STAGES, TABLES, arguments, draw

FOLDER = Path(style.__file__).parent
MODULES = [
    path.stem for path in sorted(FOLDER.glob("[a-z]*.py")) if path.stem not in ("style", "words")
]
HINTING = 0.02  # inches: the difference of text widths in SVG and PNG
MAY_BE_EMPTY = {"agreement", "confusion", "uncertainty", "workflow_graph"}
ARGUMENTS = [
    (name, argument)
    for name in MODULES
    for argument, given in arguments(name).items()
    if name not in MAY_BE_EMPTY and isinstance(given, Sized) and not isinstance(given, str)
]
WORDS = {
    "test_accuracy": ["MLP scratch", "0.8610 [0.8570, 0.8650], n = 5"],
    "predictions": ["true: coat", "predicted: shirt", "✗ and frame: wrong, 2 of 7"],
}
USERS = {
    "axes.prop_cycle": matplotlib.cycler(color=["red", "green"]),
    "figure.autolayout": True,
    "image.origin": "lower",
    "image.interpolation": "bicubic",
    "lines.antialiased": False,
    "text.usetex": True,
    "xtick.direction": "in",
}
DRAW = f"""
import sys, pathlib
from d2l_lab.figures import {", ".join(["style", *MODULES])}
print(*sys.modules)
style.save(workflow_graph.draw({STAGES}, {EDGES}), pathlib.Path(sys.argv[1]), "graph", 72)
"""


def contents(paths):
    return [path.read_bytes() for path in paths]


@pytest.mark.parametrize("name", MODULES)
def test_drawing_and_saving_again_gives_the_same_bytes_and_nothing_is_cut_off(name, tmp_path):
    settings = dict(matplotlib.rcParams)
    figure = draw(name)
    paths = style.save(figure, tmp_path, "a.name", dpi=40)
    assert dict(matplotlib.rcParams) == settings
    assert paths == [tmp_path / "a.name.svg", tmp_path / "a.name.png"]
    assert paths[1].read_bytes().startswith(b"\x89PNG")
    svg = ElementTree.parse(paths[0])  # noqa: S314, it is our own
    said = ["".join(text.itertext()) for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {*WORDS.get(name, ())} <= {*said}
    assert contents(style.save(draw(name), tmp_path, "anew", dpi=40)) == contents(paths)
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert min(box.x0, box.y0, width - box.x1, height - box.y1) >= -HINTING


def test_saving_again_gives_the_same_bytes(tmp_path):
    figure = draw("training_curves")
    first, again = (style.save(figure, tmp_path, stem, dpi=40) for stem in ("first", "again"))
    assert contents(first) == contents(again)


@pytest.mark.parametrize("name", ["image_grid", "training_curves", "claims"])
def test_no_setting_of_a_user_changes_a_figure(name, tmp_path):
    plain = contents(style.save(draw(name), tmp_path, "a", dpi=40))
    with matplotlib.rc_context(USERS):
        assert contents(style.save(draw(name), tmp_path, "a", dpi=40)) == plain


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_an_empty_table_is_refused_by_name(name, argument):
    given = arguments(name)[argument]
    with pytest.raises(ValueError, match=f"^{argument}.* is empty: there is nothing to draw"):
        draw(name, **{argument: type(given)() if isinstance(given, dict) else given[:0]})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("agreement", "No model was trained both"),
        ("confusion", "no model of this configuration is a classifier"),
        ("uncertainty", "no model of this configuration is a classifier"),
    ],
)
def test_a_figure_says_so_if_it_has_no_suitable_models(name, words, tmp_path):
    figure = draw(name, **{name: TABLES[name][:0]})
    assert figure.texts[0].get_text().startswith(words)
    style.save(figure, tmp_path, "empty", dpi=40)


@pytest.mark.parametrize("looks", [style.SPLITS, vanishing_gradients.ACTIVATIONS, softmax.FORMULAS])
def test_no_two_looks_share_a_colour_a_line_style_or_a_marker(looks):
    for values in zip(*looks.values(), strict=True):
        assert len({*values}) == len(looks)


def test_names_are_turned_into_words():
    assert words.human("mlp_scratch") == "MLP scratch"
    assert words.human("polynomial_underfit") == "polynomial underfit"
    assert (words.counted(1, "fold"), words.counted(5, "fold")) == ("1 fold", "5 folds")


def test_figures_need_no_pyplot_or_torch_and_graphs_are_the_same_in_every_process(tmp_path):
    drawn = []
    for seed in "12":
        folder = tmp_path / seed
        folder.mkdir()
        answer = subprocess.run(
            [sys.executable, "-c", DRAW, folder],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(FOLDER.parents[1])},
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = {*answer.stdout.split()}
        assert "matplotlib.figure" in loaded
        assert not {"matplotlib.pyplot", "torch", "torchvision"} & loaded
        drawn.append(contents(sorted(folder.iterdir())))
    assert drawn[0] == drawn[1]


def test_an_svg_has_no_background_and_a_png_a_white_one(tmp_path):
    svg, png = style.save(draw("training_curves"), tmp_path, "drawn", dpi=40)
    assert "fill: #ffffff" not in svg.read_text("utf-8")
    assert (imread(png)[[0, -1], [0, -1]] == 1).all()


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [((0.1, 0.9), "0.2"), ((0.0006, 100), "0.1"), ((1e-6, 100), "$\\mathdefault{10^{0}}$")],
)
def test_a_logarithmic_axis_has_powers_of_ten_only_if_its_numbers_are_long(
    limits, wanted, tmp_path
):
    @style.styled
    def logarithmic():
        figure = style.new_figure()
        figure.subplots().set(yscale="log", ylim=limits)
        return figure

    figure = logarithmic()
    style.save(figure, tmp_path, "log", dpi=40)
    (axes,) = figure.axes
    said = [
        text.get_text() for text in (*axes.get_yticklabels(), *axes.get_yticklabels(minor=True))
    ]
    assert wanted in said
    assert any("10^" in text for text in said) == ("10^" in wanted)
