import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.datasets.linear import generate

NUMBER = st.floats(-10, 10)


def drawn(weights=(2, -3.4), bias=4.2, noise=0.01, examples=1000, seed=0):
    settings = {"weights": list(weights), "bias": bias, "noise": noise, "examples": examples}
    return generate(np.random.default_rng(seed), **settings)


@given(st.lists(NUMBER, min_size=1, max_size=6), NUMBER, st.integers(1, 50))
def test_without_noise_every_label_lies_on_the_plane(weights, bias, examples):
    X, y = drawn(weights, bias, noise=0, examples=examples)
    assert (X.shape, y.shape) == ((examples, len(weights)), (examples, 1))
    assert (X.dtype, y.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(y[:, 0], X @ np.array(weights) + bias, rtol=1e-5, atol=1e-4)


def test_the_features_are_standard_normal_and_not_correlated():
    X, _ = drawn(examples=20_000)
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(np.cov(X.T), np.eye(2), atol=0.05)


@pytest.mark.parametrize("noise", [0.01, 0.5])
def test_the_noise_is_normal_with_the_requested_standard_deviation(noise):
    X, y = drawn(noise=noise, examples=20_000)
    residual = y[:, 0] - (X @ np.array([2, -3.4]) + 4.2)
    assert residual.std() == pytest.approx(noise, rel=0.03)
    assert abs(residual.mean()) < noise * 0.03
    within = np.mean(np.abs(residual) < noise)
    assert within == pytest.approx(0.683, abs=0.015)
    assert abs(np.corrcoef(residual, X[:, 0])[0, 1]) < 0.03


def test_the_same_seed_gives_the_same_data_and_another_seed_different_data():
    (X, y), (X_again, y_again), (X_other, y_other) = (drawn(seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(X, X_again)
    assert np.array_equal(y, y_again)
    assert not np.isin(X, X_other).any()
    assert not np.array_equal(y, y_other)
