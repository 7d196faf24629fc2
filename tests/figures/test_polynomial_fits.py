import math

import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import polynomial_fits

TRUE_WEIGHTS = np.array([5, 1.2, -3.4, 5.6])
FEATURES = {"polynomial_normal": 4, "polynomial_underfit": 2, "polynomial_overfit": 20}


def polynomial(weights, x):
    return sum(w * x**i / math.factorial(i) for i, w in enumerate(weights))


def points(seed, n=100):
    random = np.random.default_rng(seed)
    x = random.normal(size=n)
    return pd.DataFrame({"x": x, "y": polynomial(TRUE_WEIGHTS, x) + random.normal(0, 0.1, n)})


def fits(replicates=5):
    random = np.random.default_rng(2)
    return {model: random.normal(size=(replicates, n)) for model, n in FEATURES.items()}


def draw(learned=None):
    learned = fits() if learned is None else learned
    return polynomial_fits.draw(points(0), points(1), TRUE_WEIGHTS, learned)


def line(axes, label):
    (found,) = (line for line in axes.lines if line.get_label() == label)
    return found


def test_the_models_stand_side_by_side_in_their_order_with_their_number_of_features():
    titles = [axes.get_title(loc="left") for axes in draw().axes]
    assert titles == [
        "polynomial normal\n(4 features)",
        "polynomial underfit\n(2 features)",
        "polynomial overfit\n(20 features)",
    ]


def test_every_panel_shows_all_training_and_test_points():
    for axes in draw().axes:
        for label, table in {"train data": points(0), "test data": points(1)}.items():
            np.testing.assert_array_equal(line(axes, label).get_xydata(), table[["x", "y"]])


def test_the_true_curve_is_the_polynomial_of_the_true_weights():
    for axes in draw().axes:
        x, y = line(axes, "true curve").get_data()
        np.testing.assert_allclose(y, polynomial(TRUE_WEIGHTS, x))


def test_the_fit_is_the_mean_curve_and_the_band_its_range_over_the_replicates():
    for axes, weights in zip(draw().axes, fits().values(), strict=True):
        x, y = line(axes, "fit, mean of 5 replicates").get_data()
        curves = np.array([polynomial(w, x) for w in weights])
        np.testing.assert_allclose(y, curves.mean(axis=0), atol=1e-9)
        (band,) = axes.collections
        corners = pd.DataFrame(band.get_paths()[0].vertices).groupby(0)[1]
        np.testing.assert_allclose(corners.min(), curves.min(axis=0), atol=1e-9)
        np.testing.assert_allclose(corners.max(), curves.max(axis=0), atol=1e-9)


def test_a_single_replicate_has_no_band():
    for axes in draw(fits(replicates=1)).axes:
        assert line(axes, "fit, mean of 1 replicate")
        assert not axes.collections


def test_a_diverging_fit_does_not_squash_the_data():
    diverging = fits() | {"polynomial_overfit": np.full((5, 20), 1e9)}
    y = pd.concat([points(0), points(1)])["y"]
    for axes in draw(diverging).axes:
        bottom, top = axes.get_ylim()
        assert bottom < y.min()
        assert y.max() < top
        assert np.ptp(y) > 0.8 * (top - bottom)


def test_the_panels_share_their_axes():
    first, *others = draw().axes
    assert all(axes.get_ylim() == first.get_ylim() for axes in others)
    assert all(axes.get_xlim() == first.get_xlim() for axes in others)


@pytest.mark.parametrize("empty", ["train", "test", "fits"])
def test_an_empty_table_is_refused_by_its_name(empty):
    tables = {"train": points(0), "test": points(1), "fits": fits()}
    tables[empty] = tables[empty].iloc[:0] if empty != "fits" else {}
    with pytest.raises(ValueError, match=f"{empty} is empty"):
        polynomial_fits.draw(true_weights=TRUE_WEIGHTS, **tables)
