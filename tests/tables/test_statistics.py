"""How sure a mean is."""

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
def test_the_interval_is_that_of_students_t_about_the_mean(values):
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
    holding = np.mean([each["ci_low"] < 0 < each["ci_high"] for each in intervals])
    assert holding == pytest.approx(0.95, abs=0.02)
