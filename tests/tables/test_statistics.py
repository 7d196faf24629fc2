"""The uncertainty of a mean."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from d2l_lab.tables.statistics import detectable, holm, standard_error, summarise

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12).filter(
    lambda values: np.std(values) > 1e-6
)


@given(VALUES)
def test_the_interval_about_the_mean_follows_students_t(values):
    found = summarise(pd.Series(values))
    mean, sem = np.mean(values), stats.sem(values)
    low, high = stats.t.interval(0.95, df=len(values) - 1, loc=mean, scale=sem)
    assert found.to_dict() == {
        "mean": pytest.approx(mean, abs=1e-9),
        "sd": pytest.approx(np.std(values, ddof=1)),
        "ci_low": pytest.approx(low, rel=1e-9, abs=1e-9),
        "ci_high": pytest.approx(high, rel=1e-9, abs=1e-9),
        "n": len(values),
    }


def test_equal_values_have_an_interval_of_zero_width():
    found = summarise(pd.Series([0.25] * 5))
    assert (found["sd"], found["ci_low"], found["ci_high"]) == (0, 0.25, 0.25)


def test_the_spread_of_a_single_value_is_unknown():
    found = summarise(pd.Series([0.75]))
    assert (found["mean"], found["n"]) == (0.75, 1)
    assert found[["sd", "ci_low", "ci_high"]].isna().all()


def test_nineteen_of_twenty_intervals_contain_the_true_mean():
    rng = np.random.default_rng(0)
    intervals = [summarise(pd.Series(rng.normal(size=5))) for _ in range(1000)]
    holding = np.mean([each["ci_low"] < 0 < each["ci_high"] for each in intervals])
    assert holding == pytest.approx(0.95, abs=0.02)


def test_the_mean_over_folds_is_less_certain_since_they_share_training_data():
    values = pd.Series([0.1, 0.2, 0.4, 0.5, 0.9])
    independent, folds = summarise(values), summarise(values, folds=True)
    assert folds[["mean", "sd", "n"]].equals(independent[["mean", "sd", "n"]])
    # Nadeau and Bengio: 1/5 + 1/4 in the place of 1/5
    width = (folds["ci_high"] - folds["ci_low"]) / (independent["ci_high"] - independent["ci_low"])
    assert width == pytest.approx(1.5)
    assert standard_error(2.0, 5, folds=True) == pytest.approx(2 * (1 / 5 + 1 / 4) ** 0.5)


@pytest.mark.parametrize("spread", [0.3, 1.0, 1.5])
def test_the_interval_of_errors_over_orders_of_magnitude_contains_their_mean(spread):
    rng = np.random.default_rng(0)
    draws = [pd.Series(np.exp(spread * rng.normal(size=5))) for _ in range(1000)]
    true = np.exp(spread**2 / 2)

    def holding(**how):
        found = (summarise(each, **how) for each in draws)
        return np.mean([each["ci_low"] < true < each["ci_high"] for each in found])

    assert holding(positive=True) > 0.89
    assert spread < 1 or holding() < 0.85


def test_an_interval_is_positive_if_all_values_are():
    values = pd.Series([1.0, 1.0, 1.0, 100.0])
    assert summarise(values)["ci_low"] < 0 < summarise(values, positive=True)["ci_low"]
    some = pd.Series([0.0, 1.0, 2.0])
    assert summarise(some, positive=True).equals(summarise(some))
    assert np.isnan(summarise(pd.Series([1.0, np.nan]), positive=True)["ci_low"])


P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=9)


@given(P_VALUES)
def test_holm_multiplies_the_smallest_p_value_by_their_number_and_keeps_the_order(p_values):
    found = holm(p_values)
    p = np.array(p_values)
    assert found.min() == pytest.approx(min(1, p.min() * len(p)))
    assert ((found >= p) & (found <= 1)).all()
    assert (np.diff(found[np.argsort(p)]) >= 0).all()


def test_holm_steps_down_through_a_family():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_a_difference_of_the_detectable_size_is_found_four_times_in_five():
    rng, n, sd = np.random.default_rng(0), 16, 1.0
    size = detectable(sd / n**0.5, n - 1)
    draws = rng.normal(size, sd, (4000, n))
    means, errors = draws.mean(axis=1), draws.std(axis=1, ddof=1) / n**0.5
    found = np.mean(means - stats.t.ppf(0.975, n - 1) * errors > 0)
    assert found == pytest.approx(0.8, abs=0.03)
