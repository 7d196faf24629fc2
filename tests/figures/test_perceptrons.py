"""The figures of the studies of the multilayer perceptron."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import activations, style, vanishing_gradients
from d2l_lab.tables.statistics import summarise
from figures import examples
from figures.examples import TABLES, draw, labelled, limits, rows_of, texts, titles


def test_each_function_is_drawn_above_its_derivative_by_autograd_and_by_formula():
    rows = TABLES["activations"]
    figure = activations.draw(rows)
    assert titles(figure)[:3] == ["ReLU", "sigmoid", "tanh"]
    for name, above, below in zip(
        rows["function"].unique(), figure.axes[:3], figure.axes[3:], strict=True
    ):
        expected = rows[rows["function"] == name]
        lines = [*above.lines, *below.lines]
        for line, column in zip(lines, ["value", "derivative", "formula"], strict=True):
            np.testing.assert_array_equal(line.get_xydata(), expected[["x", column]])
        assert below.get_ylim() == (-0.05, 1.05)
        formula = below.lines[1]
        assert (formula.get_linestyle(), formula.get_marker()) == ("None", "o")
    labels = ["function", "derivative by autograd", "derivative by formula"]
    assert texts(figure.legends[0].get_texts()) == labels


def test_three_points_of_an_activation_are_enough(tmp_path):
    rows = TABLES["activations"]
    few = rows[rows["x"].isin([-8, 0, 8])]
    assert len(style.save(activations.draw(few), tmp_path, "few", dpi=40)) == 2


def test_each_model_has_its_mean_and_interval_in_numbers_and_a_ring_for_each_replicate():
    rows = TABLES["affine_collapse"]
    (axes,) = draw("affine_collapse", rows).axes
    found = axes.containers[0].lines
    expected = [summarise(pd.Series(values)) for values in examples.ACCURACIES.values()]
    means = [[summary["mean"], row] for row, summary in enumerate(expected)]
    np.testing.assert_allclose(found[0].get_xydata(), means)
    ends = [segment[:, 0] for segment in found[2][0].get_segments()]
    np.testing.assert_allclose(ends, [summary[["ci_low", "ci_high"]] for summary in expected])
    x, y = labelled(axes)["each replicate"].get_data()
    np.testing.assert_allclose(x, rows["test_accuracy"])
    assert list(np.round(y).astype(int)) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert [name.replace("\n", " ") for name in rows_of(axes)] == [
        "softmax regression (no hidden layer)",
        "hidden layer, no activation",
        "hidden layer, ReLU",
    ]
    assert axes.yaxis_inverted()
    low, high = expected[-1][["ci_low", "ci_high"]]
    assert axes.texts[-1].get_text() == f"0.8590\n[{low:.4f}, {high:.4f}], n = 3"


def test_a_single_replicate_is_a_dot_without_an_interval():
    (axes,) = draw("affine_collapse", TABLES["affine_collapse"].query("replicate == 0")).axes
    np.testing.assert_allclose(axes.containers[0].lines[0].get_xydata()[:, 0], [0.836, 0.838, 0.86])
    assert texts(axes.texts) == ["0.8360, n = 1", "0.8380, n = 1", "0.8600, n = 1"]


def test_each_line_is_the_geometric_mean_over_the_replicates_and_its_band_their_range():
    rows = examples.gradients()
    figure = draw("vanishing_gradients", rows.sample(frac=1, random_state=1).sort_values("initial"))
    for axes, initial in zip(figure.axes, ["notes", "xavier"], strict=True):
        assert axes.get_yscale() == "log"
        bands = dict(zip(labelled(axes), axes.collections, strict=True))
        for activation, look in vanishing_gradients.ACTIVATIONS.items():
            chosen = rows[(rows["activation"] == activation) & (rows["initial"] == initial)]
            values = chosen.pivot(index="depth", columns="replicate", values="first_layer")
            line = labelled(axes)[look.label]
            np.testing.assert_array_equal(line.get_xdata(), values.index)
            np.testing.assert_allclose(line.get_ydata(), values.prod(axis=1) ** (1 / 3))
            span = (values.min(axis=1), values.max(axis=1))
            np.testing.assert_allclose(limits(bands[look.label]), span)
    (legend,) = draw("vanishing_gradients", rows).legends
    assert texts(legend.get_texts()) == ["ReLU", "sigmoid", "tanh"]
    assert legend.get_title().get_text().startswith("line: geometric mean of 3 replicates")


@pytest.mark.parametrize("dead", [1, 3])
def test_a_gradient_of_zero_is_left_out_of_the_axis(dead):
    rows = examples.gradients()
    gone = (rows["activation"] == "relu") & (rows["depth"] == 4) & (rows["replicate"] < dead)
    rows.loc[gone, "first_layer"] = 0.0
    figure = draw("vanishing_gradients", rows)
    figure.draw_without_rendering()
    assert np.isnan(figure.axes[0].lines[0].get_ydata()[-1])
    assert figure.axes[0].get_ylim()[0] > 0


def test_each_way_has_a_row_with_its_distance_from_the_notes_loop():
    (axes,) = draw("plain_loop").axes
    (dots,) = (line for line in axes.get_lines() if line.get_label() == "a replicate")
    left = axes.get_xlim()[0]
    expected = [(2e-16, 0), (4e-16, 0), (left, 1), (2e-17, 1)]
    np.testing.assert_allclose(dots.get_xydata(), expected)
    assert texts(axes.texts) == ["0"]
