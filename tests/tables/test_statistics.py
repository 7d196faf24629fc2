import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from d2l_lab.tables.statistics import summarise

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12).filter(
    lambda values: np.std(values) > 1e-6
)


@given(VALUES)
def test_the_interval_is_that_of_students_t(values):
    found = summarise(pd.Series(values))
    low, high = stats.t.interval(
        0.95, df=len(values) - 1, loc=np.mean(values), scale=stats.sem(values)
    )
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((low, high), rel=1e-9, abs=1e-9)


@given(VALUES)
def test_tells_mean_sample_standard_deviation_and_number(values):
    found = summarise(pd.Series(values))
    assert list(found.index) == ["mean", "sd", "ci_low", "ci_high", "n"]
    assert found["mean"] == pytest.approx(np.mean(values), abs=1e-9)
    assert found["sd"] == pytest.approx(np.std(values, ddof=1))
    assert found["n"] == len(values)
    assert found["ci_low"] < found["mean"] < found["ci_high"]


def test_equal_values_have_an_interval_without_width():
    found = summarise(pd.Series([0.25] * 5))
    assert (found["sd"], found["ci_low"], found["ci_high"]) == (0, 0.25, 0.25)


def test_of_a_single_value_the_spread_is_unknown():
    found = summarise(pd.Series([0.75]))
    assert (found["mean"], found["n"]) == (0.75, 1)
    assert found[["sd", "ci_low", "ci_high"]].isna().all()


def test_nineteen_of_twenty_intervals_hold_the_true_mean():
    rng = np.random.default_rng(0)
    intervals = [summarise(pd.Series(rng.normal(size=5))) for _ in range(1000)]
    holding = np.mean([one["ci_low"] < 0 < one["ci_high"] for one in intervals])
    assert holding == pytest.approx(0.95, abs=0.02)
