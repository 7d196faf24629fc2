"""The studies of linear regression: closed form, learning rates, likelihood, minibatches."""

from random import Random

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from d2l_lab.config import study as declared
from d2l_lab.datasets.linear import generate
from d2l_lab.studies import (
    closed_form,
    learning_rate,
    maximum_likelihood,
    minibatches,
    vectorisation,
)
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import generator

TRUTH = {"weights": [2.0, -3.4], "bias": 4.2, "noise": 0.01}


def data_of(examples=60, seed=0, **changes):
    rng = np.random.default_rng(seed)
    return Data(*generate(**TRUTH | changes, examples=examples, rng=rng), outputs=1)


DATA = data_of()
SGD = {"epochs": 3, "batch_size": 10}


def solved(replicates=3, seed=0, data=DATA, rate=0.05):
    return closed_form.study(data, TRUTH, seed, **SGD, learning_rate=rate, replicates=replicates)


def rates_study(replicates=3, seed=0, rates=(0.01, 0.1, 9.0)):
    settings = {"learning_rates": rates, "replicates": replicates}
    return learning_rate.study(DATA, seed, **SGD, **settings)


def swept(*args, **kwargs):
    return rates_study(*args, **kwargs)["learning_rate"]


def descent_by_hand(study, replicate, rate, data=DATA):
    """Descend by numpy's formulas in double precision: (w, b) before and after every step."""
    chance = [generator(0, study, what, replicate) for what in ("initial values", "shuffles")]
    theta = np.append(torch.normal(0.0, 0.01, (2, 1), generator=chance[0]).numpy().ravel(), 0.0)
    X, y = with_ones(data), data.y[:, 0].astype(float)
    way = [theta]
    for _ in range(SGD["epochs"]):
        for rows in torch.randperm(len(X), generator=chance[1]).split(SGD["batch_size"]):
            errors = X[rows] @ theta - y[rows]
            theta = theta - rate * X[rows].T @ errors / len(rows)
            way.append(theta)
    return np.array(way)


def with_ones(data):
    return np.column_stack([data.X, np.ones(len(data.X))]).astype(float)


# Closed form


@given(seed=st.integers(0, 999), examples=st.integers(5, 50), noise=st.floats(0, 10))
def test_the_normal_equation_solves_least_squares(seed, examples, noise):
    data = data_of(examples, seed, noise=noise)
    X, y = with_ones(data), data.y[:, 0].astype(float)
    expected = np.linalg.solve(X.T @ X, X.T @ y)
    np.testing.assert_allclose(closed_form.normal_equation(data), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("examples", [2, 3])
def test_fewer_examples_than_parameters_give_the_shortest_solution(examples):
    weights = [1.0, -2.0, 3.0, 0.5, 4.0]
    data = data_of(examples, weights=weights)
    X, y = with_ones(data), data.y[:, 0].astype(float)
    solution = closed_form.normal_equation(data)
    np.testing.assert_allclose(X @ solution, y)  # it fits the examples
    np.testing.assert_allclose(np.linalg.pinv(X) @ X @ solution, solution)  # with no other part
    found = closed_form.study(
        data, TRUTH | {"weights": weights}, 0, **SGD, learning_rate=0.03, replicates=1
    )
    assert found["closed_form"]["parameter"].tolist() == [*(f"w[{i}]" for i in range(5)), "b"]
    assert found["closed_form_distance"]["step"].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("replicate", [0, 2])
@pytest.mark.parametrize("examples", [60, 57])  # 57: the last minibatch is smaller
def test_the_path_is_that_of_sgd_by_hand(replicate, examples):
    data = data_of(examples)
    found = solved(data=data)
    solution = found["closed_form"]["closed_form"].to_numpy()
    way = descent_by_hand("closed_form", replicate, 0.05, data)
    rows = found["closed_form_distance"].query("replicate == @replicate")
    expected = np.linalg.norm(way - solution, axis=1)
    np.testing.assert_allclose(rows["distance"], expected, rtol=1e-5)
    losses = ((with_ones(data) @ way.T - data.y) ** 2 / 2).mean(axis=0)
    np.testing.assert_allclose(rows["loss"], losses, rtol=1e-3)
    assert rows["epoch"].tolist() == [0] + [1] * 6 + [2] * 6 + [3] * 6


def test_the_error_is_the_difference_from_the_truth():
    table = solved()["closed_form"]
    assert table["true"].tolist() == [2.0, -3.4, 4.2]
    assert (table["error"] == table["closed_form"] - table["true"]).all()
    assert table["error"].abs().max() < 0.02


# Learning rate


def test_too_large_a_rate_diverges_and_is_recorded_not_raised():
    table = swept(rates=(0.1, 9.0, 50.0, 1e30))
    assert table.groupby("learning_rate")["diverged"].all().to_dict() == {
        0.1: False,
        9.0: True,
        50.0: True,
        1e30: True,
    }
    assert table.query("learning_rate >= 50")["loss"].isna().all()  # infinite and not a number
    assert np.isfinite(table.query("learning_rate <= 9")["loss"]).all()
    sound = table.query("learning_rate == 0.1")
    assert (sound["loss"] < 0.1 * sound["initial_loss"]).all()


@pytest.mark.parametrize("rate", [0.01, 0.1, 3])
def test_first_step_and_losses_equal_those_by_hand(rate):
    found = swept(rates=[0.5, rate]).query("learning_rate == @rate").set_index("replicate")
    for replicate in (0, 2):
        way = descent_by_hand("learning_rate", replicate, rate)
        losses = ((with_ones(DATA) @ way.T - DATA.y) ** 2 / 2).mean(axis=0)
        row = found.loc[replicate]
        assert row["first_step"] == pytest.approx(np.linalg.norm(way[1] - way[0]), rel=1e-5)
        assert row["initial_loss"] == pytest.approx(losses[0], rel=1e-5)
        assert row["loss"] == pytest.approx(losses[-1], rel=1e-3)
        assert row["diverged"] == (losses[-1] > losses[0])


def test_the_path_is_the_first_replicates_and_ends_before_infinity():
    path = rates_study(rates=[0.05, 1e30])["learning_rate_path"]
    way = path.query("learning_rate == 0.05").pivot(
        index="step", columns="parameter", values="value"
    )
    expected = descent_by_hand("learning_rate", 0, 0.05)
    np.testing.assert_allclose(way[["w[0]", "w[1]", "b"]], expected, rtol=1e-4, atol=1e-5)
    lost = path.query("learning_rate == 1e30")
    assert 0 < lost["step"].max() < way.index.max()
    assert np.isfinite(lost["value"]).all()


def test_the_surface_shows_the_loss():
    surface = rates_study()["learning_rate_surface"]
    names = ["w[0]", "w[1]", "b"]
    curvature = surface.pivot(index="first", columns="second", values="curvature").loc[names, names]
    best = surface.drop_duplicates("first").set_index("first")["best"][names].to_numpy()
    point = np.array([0.5, -1.0, 2.0])
    away = point - best
    loss = ((with_ones(DATA) @ point - DATA.y[:, 0]) ** 2).mean() / 2
    found = surface["least_loss"][0] + away @ curvature.to_numpy() @ away / 2
    np.testing.assert_allclose(found, loss, rtol=1e-9)


def test_a_rate_is_the_same_whatever_the_others_are_and_always_a_float():
    among, alone = swept(rates=[1, 3, 0.1]), swept(rates=[1, 3])
    rates = among["learning_rate"].isin([1, 3])
    pd.testing.assert_frame_equal(among[rates], alone, check_exact=True)
    assert alone["learning_rate"].dtype == float


# Vectorisation


def test_both_ways_give_the_same_sums_and_each_is_timed():
    found = vectorisation.study(0, lengths=[1, 50], repeats=3)
    assert tuple(found) == declared("vectorisation").tables
    assert (found["vectorisation"]["greatest_difference"] == 0).all()
    timing = found["vectorisation_timing"]
    assert timing.groupby(["length", "way"])["repeat"].nunique().to_dict() == dict.fromkeys(
        [(1, "loop"), (1, "vectorised"), (50, "loop"), (50, "vectorised")], 3
    )
    assert (timing["seconds"] > 0).all()


def test_another_sum_would_show_in_the_difference(monkeypatch):
    monkeypatch.setattr(vectorisation, "loop", lambda a, b: a + b + (torch.arange(len(a)) == 1))
    table = vectorisation.study(0, lengths=[1, 50], repeats=2)["vectorisation"]
    assert table["greatest_difference"].tolist() == [0, pytest.approx(1)]


# Maximum likelihood


def likelihood(points=21, data=DATA, truth=TRUTH):
    return maximum_likelihood.study(data, truth, means=[0, 3], deviations=[1, 2], points=points)


@given(st.integers(3, 300), st.integers(0, 999), st.sampled_from([0.0, 0.01, 1.0, 100.0]))
def test_loss_and_negative_log_likelihood_are_smallest_at_the_closed_form(points, seed, noise):
    data = data_of(seed=seed, noise=noise)
    grid = likelihood(points, data, TRUTH | {"noise": noise})["maximum_likelihood"]
    assert len(grid) == points
    assert grid["squared_loss"].idxmin() == grid["negative_log_likelihood"].idxmin()
    best = grid["weight"][grid["squared_loss"].idxmin()]
    assert best == pytest.approx(closed_form.normal_equation(data)[0], abs=1e-9)
    np.testing.assert_allclose(grid["weight"].diff()[1:], 1 / (points // 2), rtol=1e-9)


def test_the_negative_log_likelihood_is_the_loss_scaled_and_shifted():
    grid = likelihood()["maximum_likelihood"]
    sigma = TRUTH["noise"]
    expected = grid["squared_loss"] / sigma**2 + np.log(sigma) + np.log(2 * np.pi) / 2
    np.testing.assert_allclose(grid["negative_log_likelihood"], expected, rtol=1e-9)


def test_each_density_follows_the_formula_and_integrates_to_one():
    table = likelihood()["maximum_likelihood_densities"]
    assert [*table] == ["mean", "deviation", "x", "density"]
    assert set(table.dtypes) == {np.dtype(float)}
    groups = table.groupby(["mean", "deviation"])
    assert set(groups.groups) == {(0, 1), (0, 2), (3, 1), (3, 2)}
    for (mean, deviation), rows in groups:
        distances = (rows["x"] - mean) / deviation
        expected = np.exp(-(distances**2) / 2) / (deviation * np.sqrt(2 * np.pi))
        np.testing.assert_allclose(rows["density"], expected)
        assert np.trapezoid(rows["density"], rows["x"]) == pytest.approx(1, abs=1e-4)


def test_the_deviation_of_the_residuals_replaces_a_noise_of_zero():
    data = data_of(noise=0.5)  # as if the settings said 0
    grid = likelihood(data=data, truth=TRUTH | {"noise": 0})["maximum_likelihood"]
    X, y = with_ones(data), data.y[:, 0].astype(float)
    residuals = y - X @ np.linalg.solve(X.T @ X, X.T @ y)
    expected = -stats.norm(0, residuals.std()).logpdf(residuals).mean()
    assert grid["negative_log_likelihood"].min() == pytest.approx(expected)


# Minibatches


def read(batch_size=10, epochs=2, replicates=2, seed=0):
    settings = {"batch_size": batch_size, "epochs": epochs, "replicates": replicates}
    return minibatches.study(DATA, seed, **settings)


@pytest.mark.parametrize("batch_size", [1, 7, 60, 99])
def test_both_ways_see_each_example_once_in_random_order_in_batches_of_the_size(batch_size):
    for _, rows in read(batch_size)["minibatches"].groupby("way"):
        assert sorted(rows["example"]) == list(range(60)) != rows["example"].tolist()
        assert rows["batch"].tolist() == [place // batch_size for place in range(60)]


def test_each_epoch_is_compared_with_the_index_and_with_earlier_epochs():
    table = read(epochs=3, replicates=2)["minibatches_order"]
    before = {"index": 6, "epoch before": 4, "replicate before": 3}
    for _, rows in table.groupby("way"):
        assert rows["compared_with"].value_counts().to_dict() == before
        assert rows["rank_correlation"].nunique() == 13
    assert (table["examples"] == 60).all()
    first = read()["minibatches"].query("way == 'DataLoader'")["example"]
    row = table.query("way == 'DataLoader' and replicate == epoch == 0").iloc[0]
    assert row["same_places"] == (first.to_numpy() == range(60)).sum()
    places = first.reset_index(drop=True).sort_values().index
    expected = stats.spearmanr(places, range(60)).statistic
    assert row["rank_correlation"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("order", "others"),
    [
        (lambda indices: None, ["index", "epoch before", "replicate before"]),  # in order
        (lambda indices: Random(3).shuffle(indices), ["epoch before", "replicate before"]),
    ],
)
def test_a_fixed_order_repeats_earlier_epochs_however_scrambled_it_is(order, others, monkeypatch):
    class Fixed:
        def __init__(self, _seed):
            self.shuffle = order

    monkeypatch.setattr(minibatches, "Random", Fixed)
    table = read()["minibatches_order"].query("way == 'data_iter'")
    fixed = table[table["compared_with"].isin(others)]
    assert (fixed["same_places"] == 60).all()
    np.testing.assert_allclose(fixed["rank_correlation"], 1)
    assert (table.drop(fixed.index)["same_places"] < 10).all()


def test_the_examples_are_those_of_the_data_with_their_own_labels():
    found = read()["minibatches_examples"]
    wide = found.pivot(index="example", columns="feature", values="x")
    np.testing.assert_array_equal(wide.to_numpy(), DATA.X.astype(float))
    np.testing.assert_array_equal(found["y"], DATA.y[found["example"], 0])
    X, rows = torch.from_numpy(DATA.X), torch.arange(60)
    for features, numbers in minibatches.data_iter(7, Random(0), X, rows):
        assert torch.equal(features, X[numbers])
