"""The figures of the studies of linear regression."""

import numpy as np

from figures.examples import TABLES, draw, labelled, texts

DIVERGES = "diverges (how many replicates)"
RATES = TABLES["learning_rate"]


def points(axes):
    return {label: line.get_xydata() for label, line in labelled(axes).items()}


def test_the_path_is_the_mean_over_the_replicates_next_to_the_distance_of_the_truth():
    figure = draw("closed_form")
    figure.draw_without_rendering()
    (axes,) = figure.axes
    lines = points(axes)
    np.testing.assert_allclose(lines["SGD, mean of 3 replicates"][:, 1], 2 * 10.0 ** -np.arange(5))
    np.testing.assert_allclose(lines["distance of the truth, due to noise"][:, 1], 0.5)
    (above,) = axes.child_axes
    assert (above.get_xlabel(), above.get_xlim()) == ("epoch", (0, 2))
    assert axes.get_xlim() == (0, 4)


def test_a_partly_diverging_rate_is_marked_next_to_the_mean_of_the_other_replicates():
    (axes,) = draw(
        "learning_rate", RATES.assign(diverged=RATES["diverged"] | (RATES.index == 4))
    ).axes
    np.testing.assert_allclose(points(axes)["after training, mean"], [(0.1, 0.2), (1, 2)])
    np.testing.assert_allclose(points(axes)[DIVERGES], [(1, 8), (3, 8)])
    assert texts(axes.texts) == ["1 of 3", "3 of 3"]


def test_losses_that_all_diverge_or_all_converge_are_drawn_too():
    (axes,) = draw("learning_rate", RATES.assign(diverged=True, loss=np.nan)).axes
    assert len(points(axes)[DIVERGES]) == 3
    (axes,) = draw("learning_rate", RATES[~RATES["diverged"]]).axes
    assert DIVERGES not in points(axes)
    assert not axes.texts


def test_each_way_to_add_has_its_median_time():
    (axes,) = draw("vectorisation").axes
    lines = points(axes)
    np.testing.assert_allclose(lines["a loop over the elements"], [(10, 2e-4), (100, 2e-3)])
    np.testing.assert_allclose(lines["one operation"], [(10, 2e-6), (100, 2e-5)])


def test_the_spread_of_the_numbers_is_drawn_next_to_the_argument():
    (axes,) = draw("library").axes
    lines = points(axes)
    np.testing.assert_allclose(lines["the argument std"][:, 1], 0.01)
    np.testing.assert_allclose(lines["standard deviation"][:, 1], [0.009, 0.01, 0.011])
    np.testing.assert_allclose(lines["variance"][:, 1], [0.81e-4, 1e-4, 1.21e-4])


def test_both_curves_are_marked_at_their_minimum():
    figure = draw("maximum_likelihood")
    densities, loss, likelihood = figure.axes
    assert len(densities.get_lines()) == 4
    for axes, least in ((loss, 0), (likelihood, 3)):
        np.testing.assert_allclose(axes.get_lines()[1].get_xydata(), [(2, least)])
        assert texts(axes.texts) == ["least at 2.0000"]


def test_the_first_four_features_have_a_panel_each():
    panels = draw("minibatches").axes
    assert [axes.get_xlabel() for axes in panels] == [f"feature x[{f}]" for f in range(4)]
    (drawn,) = panels[2].collections
    np.testing.assert_allclose(drawn.get_offsets(), [(2 * i, 2 * i) for i in range(5)])
