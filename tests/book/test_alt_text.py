"""Alternative texts describe a figure with the words in it."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from d2l_lab.book.alt_text import PANELS, describe
from d2l_lab.book.words import WORDS
from d2l_lab.figures import style
from d2l_lab.figures.languages import zh


@pytest.fixture
def described(tmp_path):
    def described(figure, language="en"):
        svg = tmp_path / "drawn.svg"
        if language == "en":
            style.save(figure, tmp_path, "drawn", dpi=20)
        else:
            style.save_as_shapes(figure, svg, zh.WORDS.font)
        return describe(svg.read_text("utf-8"), WORDS[language])

    return described


@style.styled
def lines(panels):
    figure = style.new_figure("MLP scratch", height=2 + panels)
    for number, axes in enumerate(np.ravel(figure.subplots(panels))):
        axes.plot([0, 1], [0.25, 0.5], label="test")
        axes.set(xlabel="epoch", ylabel="loss\n(mean)", title=f"part\n{number}")
    style.legend_below(figure, axes.lines)
    return figure


def test_titles_axes_and_legend_are_described_and_numbers_are_not(described):
    assert described(lines(2)) == (
        "MLP scratch. Panel 1: part 0; x axis: epoch; y axis: loss (mean). "
        "Panel 2: part 1; x axis: epoch; y axis: loss (mean). Legend: test."
    )
    assert described(lines(1), "zh") == (
        "MLP scratch。part 0；横轴 epoch；纵轴 loss (mean)。图例：test。"
    )


@style.styled
def powers():
    figure = style.new_figure("", height=2)
    axes = figure.subplots()
    axes.set(xscale="log", xlim=(1e-3, 1e-1), ylabel="loss")
    return figure


def test_powers_of_ten_on_an_axis_are_not_described(described):
    assert described(powers()) == "y axis: loss."


def test_a_grid_of_many_panels_is_described_in_part(described):
    told = described(lines(PANELS + 3))
    assert f"Panel {PANELS}:" in told
    assert f"Panel {PANELS + 1}:" not in told
    assert "and 3 more panels" in told


def test_a_figure_without_panels_is_described_by_its_text(described):
    figure = Figure()
    figure.text(0.5, 0.5, "nothing diverged")
    assert described(figure) == "nothing diverged."


@style.styled
def titled(title):
    figure = style.new_figure()
    figure.subplots().set_title(title)
    return figure


@pytest.mark.parametrize(
    ("language", "title", "told"),
    [
        ("en", "true: bag\npredicted: coat", "true: bag; predicted: coat."),
        ("zh", "真实：包\n预测：外套", "真实：包；预测：外套。"),
        ("zh", "均值\n（秒）", "均值（秒）。"),
    ],
)
def test_lines_that_say_what_they_are_are_told_apart(described, language, title, told):
    assert described(titled(title), language) == told
