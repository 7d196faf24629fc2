"""The figures of the studies of linear regression."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import (
    closed_form,
    learning_rate,
    maximum_likelihood,
    minibatches,
    style,
    vectorisation,
)

DIVERGES = "diverges (how many replicates)"
SOLUTION = pd.DataFrame({"error": [0.3, 0.4]})
WAY = pd.DataFrame(
    [(r, -(-s // 2), s, (1 + r) * 10.0**-s) for r in range(3) for s in range(5)],
    columns=["replicate", "epoch", "step", "distance"],
)
RATES = pd.DataFrame(
    [(rate, r, 8.0, rate * (1 + r), rate > 1) for rate in (0.1, 1.0, 3.0) for r in range(3)],
    columns=["learning_rate", "replicate", "initial_loss", "loss", "diverged"],
)
TIMES = pd.DataFrame(
    [
        (n, way, r, n * seconds * (1 + r))
        for n in (10, 100)
        for way, seconds in (("loop", 1e-5), ("vectorised", 1e-7))
        for r in range(3)
    ],
    columns=["length", "way", "repeat", "seconds"],
)
GRID = pd.DataFrame({"weight": [1.0, 2.0, 3.0], "squared_loss": [1.0, 0.0, 1.0]})
GRID["negative_log_likelihood"] = 3 + 5 * GRID["squared_loss"]
DENSITIES = pd.DataFrame(
    [(m, d, x, 0.1) for m in (0, 3) for d in (1, 2) for x in (-1, 0, 1)],
    columns=["mean", "deviation", "x", "density"],
)
EXAMPLES = pd.DataFrame(
    [(i, f"x[{f}]", i * f, 2.0 * i) for f in range(6) for i in range(5)],
    columns=["example", "feature", "x", "y"],
)


def lines_of(axes):
    return {line.get_label(): line.get_xydata() for line in axes.get_lines()}


def test_the_way_is_the_mean_over_the_replicates_beside_the_distance_of_the_truth():
    (axes,) = closed_form.draw(SOLUTION, WAY).axes
    lines = lines_of(axes)
    np.testing.assert_allclose(lines["SGD, mean of 3 replicates"][:, 1], 2 * 10.0 ** -np.arange(5))
    np.testing.assert_allclose(lines["distance of the truth, due to noise"][:, 1], 0.5)


def test_the_epochs_are_marked_above_the_steps():
    figure = closed_form.draw(SOLUTION, WAY)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    (above,) = axes.child_axes
    assert above.get_xlabel() == "epoch"
    assert axes.get_xlim() == (0, 4)
    assert above.get_xlim() == (0, 2)


def test_a_rate_that_diverges_is_marked_and_no_part_of_the_curve():
    (axes,) = learning_rate.draw(RATES).axes
    lines = lines_of(axes)
    np.testing.assert_allclose(lines["after training, mean"], [(0.1, 0.2), (1, 2)])
    np.testing.assert_allclose(lines[DIVERGES], [(3, 8)])
    (axes,) = learning_rate.draw(RATES[~RATES["diverged"]]).axes
    assert DIVERGES not in lines_of(axes)
    assert not axes.texts


def test_a_rate_at_which_some_replicates_diverge_is_marked_beside_the_mean_of_the_others():
    some = RATES.assign(diverged=RATES["diverged"] | (RATES.index == 4))
    (axes,) = learning_rate.draw(some).axes
    lines = lines_of(axes)
    np.testing.assert_allclose(lines["after training, mean"], [(0.1, 0.2), (1, 2)])
    np.testing.assert_allclose(lines[DIVERGES], [(1, 8), (3, 8)])
    assert [text.get_text() for text in axes.texts] == ["1 of 3", "3 of 3"]


def test_losses_that_all_diverge_are_drawn_as_crosses_alone():
    (axes,) = learning_rate.draw(RATES.assign(diverged=True, loss=np.nan)).axes
    assert len(lines_of(axes)[DIVERGES]) == 3


def test_each_way_has_its_median_time():
    (axes,) = vectorisation.draw(TIMES).axes
    lines = lines_of(axes)
    np.testing.assert_allclose(lines["a loop over the elements"], [(10, 2e-4), (100, 2e-3)])
    np.testing.assert_allclose(lines["one operation"], [(10, 2e-6), (100, 2e-5)])


def test_both_curves_are_marked_where_they_are_least():
    densities, loss, likelihood = maximum_likelihood.draw(GRID, DENSITIES).axes
    assert len(densities.get_lines()) == 4
    for axes, least in ((loss, 0), (likelihood, 3)):
        np.testing.assert_allclose(axes.get_lines()[1].get_xydata(), [(2, least)])
        assert axes.texts[0].get_text() == "least at 2.0000"


def test_the_first_four_features_have_a_panel_each():
    panels = minibatches.draw(EXAMPLES).axes
    assert [axes.get_xlabel() for axes in panels] == [f"feature x[{f}]" for f in range(4)]
    np.testing.assert_allclose(
        panels[2].collections[0].get_offsets(), [(2 * i, 2 * i) for i in range(5)]
    )


@pytest.mark.parametrize(
    "draw",
    [
        lambda: closed_form.draw(SOLUTION, WAY),
        lambda: closed_form.draw(SOLUTION, WAY[WAY["replicate"] == 0]),
        lambda: learning_rate.draw(RATES),
        lambda: vectorisation.draw(TIMES),
        lambda: maximum_likelihood.draw(GRID, DENSITIES),
        lambda: minibatches.draw(EXAMPLES),
    ],
)
def test_nothing_reaches_over_the_edge_and_the_bytes_repeat(draw, tmp_path):
    figure = draw()
    pictures = [
        [path.read_bytes() for path in style.save(one, tmp_path, "figure", dpi=30)]
        for one in (figure, draw())
    ]
    assert pictures[0] == pictures[1]
    box = figure.get_tightbbox()
    assert min(box.x0, box.y0) >= 0
    width, height = figure.get_size_inches()
    assert box.x1 <= width
    assert box.y1 <= height


@pytest.mark.parametrize(
    "draw",
    [
        lambda: closed_form.draw(SOLUTION, WAY[:0]),
        lambda: learning_rate.draw(RATES[:0]),
        lambda: vectorisation.draw(TIMES[:0]),
        lambda: maximum_likelihood.draw(GRID[:0], DENSITIES),
        lambda: minibatches.draw(EXAMPLES[:0]),
    ],
)
def test_nothing_to_draw_is_refused(draw):
    with pytest.raises(ValueError, match="is empty: there is nothing to draw"):
        draw()
