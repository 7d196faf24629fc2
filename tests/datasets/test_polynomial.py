import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.datasets.polynomial import features, generate

TRUE_WEIGHTS = [5, 1.2, -3.4, 5.6]  # notes 4.4.4


def drawn(weights=TRUE_WEIGHTS, max_degree=20, noise=0.1, examples=100, seed=0):
    settings = {"weights": list(weights), "max_degree": max_degree, "noise": noise}
    return generate(np.random.default_rng(seed), **settings, examples=examples)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=10), st.integers(1, 30))
def test_the_features_are_the_powers_over_their_factorials(x, max_degree):
    found = features(np.array(x), max_degree)
    assert (found.shape, found.dtype) == ((len(x), max_degree), np.float64)
    expected = [[value**i / math.factorial(i) for i in range(max_degree)] for value in x]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_features_are_finite_even_at_their_largest_number():
    assert np.isfinite(features(np.array([-5.0, 0, 5]), 171)).all()


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=6), st.integers(6, 20))
def test_without_noise_every_label_lies_on_the_polynomial(weights, max_degree):
    X, y = drawn(weights, max_degree, noise=0, examples=30)
    assert (X.shape, y.shape) == ((30, max_degree), (30, 1))
    assert (X.dtype, y.dtype) == (np.float32, np.float32)
    x = X[:, 1].astype(np.float64)
    expected = sum(w * x**i / math.factorial(i) for i, w in enumerate(weights))
    np.testing.assert_allclose(y[:, 0], expected, rtol=1e-4, atol=1e-4)


def test_x_is_standard_normal_and_the_first_feature_is_one():
    X, _ = drawn(max_degree=4, examples=20_000)
    assert (X[:, 0] == 1).all()
    assert X[:, 1].mean() == pytest.approx(0, abs=0.03)
    assert X[:, 1].std() == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("noise", [0.1, 2.0])
def test_the_noise_has_the_requested_standard_deviation(noise):
    X, y = drawn(noise=noise, examples=20_000)
    residual = y[:, 0] - X[:, :4].astype(np.float64) @ np.array(TRUE_WEIGHTS)
    assert residual.std() == pytest.approx(noise, rel=0.03)
    assert abs(residual.mean()) < noise * 0.03


def test_more_features_change_neither_the_lower_ones_nor_the_labels():
    (X, y), (X_more, y_more) = (drawn(max_degree=degree) for degree in (4, 20))
    assert np.array_equal(X, X_more[:, :4])
    assert np.array_equal(y, y_more)


def test_the_same_seed_gives_the_same_data_and_another_seed_different_data():
    (X, y), (X_again, y_again), (X_other, _) = (drawn(seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(X, X_again)
    assert np.array_equal(y, y_again)
    assert not np.isin(X[:, 1], X_other[:, 1]).any()
