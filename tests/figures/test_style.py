import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest

import d2l_lab
from d2l_lab.figures import image_grid, polynomial_fits, predictions, style, training_curves
from d2l_lab.figures import test_accuracy as accuracy_figure

IMAGES = np.random.default_rng(0).uniform(size=(6, 28, 28))
LABELS = ["bag", "coat", "shirt", "dress", "sandal", "sneaker"]
POINTS = pd.DataFrame({"x": [-1.0, 0.0, 2.0], "y": [0.5, 5.0, 7.0]})
HISTORY = pd.DataFrame(
    [
        (replicate, epoch, split, 0.5 + 0.1 * replicate / epoch, 0.5)
        for replicate in range(3)
        for epoch in (1, 2, 3)
        for split in ("train_running", "train", "test")
    ],
    columns=["replicate", "epoch", "split", "loss", "accuracy"],
)
SUMMARY = pd.DataFrame(
    [("mlp_scratch", "cpu", "test_accuracy", 0.861, 0.003, 0.857, 0.865, 5)],
    columns=["model", "device", "metric", "mean", "sd", "ci_low", "ci_high", "n"],
)

FIGURES = {
    "training_curves": lambda: training_curves.draw(HISTORY, "MLP scratch"),
    "polynomial_fits": lambda: polynomial_fits.draw(
        POINTS, POINTS, np.ones(4), {"polynomial_underfit": np.ones((2, 2))}
    ),
    "test_accuracy": lambda: accuracy_figure.draw(SUMMARY),
    "image_grid": lambda: image_grid.draw(IMAGES, LABELS),
    "predictions": lambda: predictions.draw(IMAGES, LABELS, LABELS[::-1], "softmax"),
}

WORDS = {
    "training_curves": ["MLP scratch", "epoch", "loss", "train, during the epoch", "test"],
    "polynomial_fits": ["polynomial underfit", "(2 features)", "train data", "true curve"],
    "test_accuracy": ["MLP scratch", "0.8610 [0.8570, 0.8650], n = 5"],
    "image_grid": LABELS,
    "predictions": ["true: bag", "predicted: sneaker", "✗ and frame: wrong, 6 of 6"],
}


def words_of(svg):
    texts = ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314
    return ["".join(text.itertext()) for text in texts]


def contents(paths):
    return [path.read_bytes() for path in paths]


@pytest.mark.parametrize("name", FIGURES)
def test_saving_writes_an_svg_and_a_png_under_the_given_name(name, tmp_path):
    paths = style.save(FIGURES[name](), tmp_path, "a.name", dpi=80)
    assert paths == [tmp_path / "a.name.svg", tmp_path / "a.name.png"]
    assert paths[1].read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", FIGURES)
def test_the_svg_holds_its_text_as_text(name, tmp_path):
    svg, _ = style.save(FIGURES[name](), tmp_path, name, dpi=80)
    assert set(WORDS[name]) <= set(words_of(svg))


@pytest.mark.parametrize("name", FIGURES)
def test_drawing_and_saving_again_gives_the_same_bytes(name, tmp_path):
    figure = FIGURES[name]()
    first = contents(style.save(figure, tmp_path, "first", dpi=80))
    assert contents(style.save(figure, tmp_path, "again", dpi=80)) == first
    assert contents(style.save(FIGURES[name](), tmp_path, "anew", dpi=80)) == first


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_reaches_over_the_edge_of_the_figure(name):
    figure = FIGURES[name]()
    with matplotlib.rc_context(style.RC):
        figure.draw_without_rendering()
        box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.x1 <= width
    assert box.y1 <= height


def test_drawing_leaves_the_settings_of_matplotlib_alone():
    before = dict(matplotlib.rcParams)
    FIGURES["training_curves"]()
    assert dict(matplotlib.rcParams) == before


def test_no_two_splits_share_a_colour_a_line_style_or_a_marker():
    looks = style.SPLITS.values()
    for trait in ("label", "color", "linestyle", "marker"):
        assert len({getattr(look, trait) for look in looks}) == len(looks)


def test_names_are_turned_into_words():
    assert style.human("mlp_scratch") == "MLP scratch"
    assert style.human("polynomial_underfit") == "polynomial underfit"
    assert (style.counted(1, "fold"), style.counted(5, "fold")) == ("1 fold", "5 folds")


def test_figures_need_neither_pyplot_nor_torch():
    modules = sorted(
        f"d2l_lab.figures.{path.stem}" for path in Path(style.__file__).parent.glob("[!_]*.py")
    )
    code = f"import sys, {', '.join(modules)}\nprint(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(Path(d2l_lab.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "matplotlib.figure" in loaded
    assert not {"matplotlib.pyplot", "torch", "torchvision"} & set(loaded)
