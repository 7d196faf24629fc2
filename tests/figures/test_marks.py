"""The book reads all values of a figure from its SVG, as they were drawn."""

import json

import numpy as np
import pytest
from matplotlib.patches import Circle

from d2l_lab.figures import _marks, style
from d2l_lab.tables import embedded
from figures.examples import TABLES, arguments, draw
from figures.test_every_figure import MODULES

WITHOUT = {
    "claims",
    "confusion",
    "image_grid",
    "predictions",
    "weight_images",
    "workflow_graph",
}  # no values to read
UNREAD = {"benchmark_jobs"}  # its bars of many parts cannot be read


@pytest.fixture
def marks(tmp_path):
    """Draw a figure, write it, and read its marks from the file, as the book does."""

    def read(figure):
        path, _ = style.save(figure, tmp_path, "drawn", dpi=40)
        _, found = embedded.split(path.read_text("utf-8"))
        return json.loads(found) if found else None

    return read


def column(found, mark, name):
    return np.array(found["columns"][mark[name]], dtype=float)


@pytest.mark.parametrize("name", MODULES)
def test_everything_that_a_figure_draws_can_be_read(name, marks):
    found = marks(draw(name))
    assert (found is None) == (name in WITHOUT)
    if found:
        for panel in found["panels"]:
            assert panel["whole"]
            left, top, right, bottom = panel["box"]
            width, height = found["size"]
            assert 0 < left < right < width
            assert 0 < top < bottom < height
            for axis in (panel["x"], panel["y"]):
                assert axis["label"] or axis.get("names") or panel["title"]


def test_a_curve_is_read_with_its_band_and_its_look(marks):
    found = marks(draw("training_curves"))
    history = arguments("training_curves")["history"]
    curve = found["panels"][0]["series"][-1]
    losses = history[history["split"] == "test"].groupby("epoch")["loss"]
    assert (curve["label"], curve["color"]) == ("test", style.VERMILLION.lower())
    np.testing.assert_allclose(column(found, curve, "x"), range(1, 11))
    for name, values in {"y": losses.mean(), "low": losses.min(), "high": losses.max()}.items():
        np.testing.assert_allclose(column(found, curve, name), values, rtol=1e-4)


def test_an_interval_is_read_and_an_unknown_one_is_missing(marks):
    table = TABLES["uncertainty"].assign(error_replicates=[0.004, np.nan], error=0.005)
    found = marks(draw("uncertainty", uncertainty=table))
    wide, alone = found["panels"][0]["series"]
    low, high = (column(found, alone, name) for name in ("low", "high"))
    assert low[0] < table["accuracy"][0] < high[0]
    assert np.isnan([low[1], high[1]]).all()
    assert not np.isnan(column(found, wide, "low")).any()
    assert [name for _, name in found["panels"][0]["y"]["names"]] == [
        "MLP scratch",
        "softmax scratch",
    ]


def test_bars_and_lines_across_are_read(marks):
    found = marks(draw("capacity"))
    bars = found["panels"][2]["series"][0]
    assert sorted(column(found, bars, "y")) == [1, 4]
    np.testing.assert_allclose(sorted(column(found, bars, "x")), [1.8, 2.8])
    hatches = [bars["hatch"] for panel in found["panels"][2:] for bars in panel["series"]]
    assert hatches == ["", "///"] * 2
    found = marks(draw("learning_rate"))
    before = found["panels"][0]["series"][0]
    assert column(found, before, "y").tolist() == [8.0]
    assert "x" not in before


def test_a_panel_without_a_label_takes_that_of_the_panel_whose_axis_it_shares(marks):
    panels = marks(draw("fits"))["panels"]
    assert [panel["y"]["label"] for panel in panels] == ["y"] * 3
    assert len({panel["y"]["share"] for panel in panels}) == 1


def test_the_hole_has_room_for_numbers_that_a_browser_draws_wider(marks):
    figure = draw("training_curves")
    panel = marks(figure)["panels"][0]
    numbers = [text for text in figure.axes[0].get_yticklabels() if text.get_text()]
    left = min(text.get_window_extent().x0 for text in numbers) / figure.dpi * 72
    assert panel["hole"][0] <= left - 2


def test_an_axis_above_a_panel_is_read(marks):
    (panel,) = marks(draw("closed_form"))["panels"]
    assert panel["x"]["limits"] == [0, 4]
    assert panel["above"] == [{"limits": [0, 2]}]  # epochs of two steps each


def test_a_panel_that_cannot_be_redrawn_completely_is_marked(marks):
    figure = draw("training_curves")
    figure.axes[0].add_patch(Circle((0, 0)))
    assert [panel["whole"] for panel in marks(figure)["panels"]] == [False, True]


def test_marks_are_read_from_an_svg_as_they_were_written():
    marks = {"panels": [{"title": "a < b & 学习率"}]}
    svg = "<svg>\n</svg>\n"
    plain, found = embedded.split(embedded.embed(svg, marks))
    assert plain == svg
    assert json.loads(found) == marks
    assert embedded.split(svg) == (svg, "")


def test_a_value_that_is_not_finite_is_missing():
    assert _marks._rounded([1.234567, np.nan, np.inf]) == [1.2346, None, None]
