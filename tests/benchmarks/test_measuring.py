"""Alternatives are measured in turn, in fresh processes, and summarised with their spread."""

import sys

import numpy as np
import pandas as pd
import pytest

from benchmarks import measuring
from benchmarks.measuring import Case, in_rounds, summarise
from d2l_lab.errors import LabError


def test_every_second_round_has_the_reverse_order(monkeypatch):
    monkeypatch.setattr(measuring, "measure", lambda case: {"of": case.module})
    cases = [Case({}, name, {}) for name in "abc"]
    measured = [(case.module, answer["of"]) for case, answer in in_rounds(cases, 3)]
    assert measured == [(name, name) for name in "abccbaabc"]


def test_a_summary_keeps_the_order_and_a_missing_value_is_a_case_too():
    rows = pd.DataFrame(
        {
            "way": ["b", "a", "b", "a", "b"],
            "threads": [np.nan, 1, np.nan, 1, np.nan],
            "seconds": [3.0, 1.0, 9.0, 2.0, 4.0],
            "peak": [10, 20, 30, 40, 20],
        }
    )
    found = summarise(rows, ["way", "threads"], "seconds")
    assert list(found) == ["way", "threads", "seconds", "least", "greatest", "measurements", "peak"]
    assert found["way"].tolist() == ["b", "a"]
    assert found["threads"].isna().tolist() == [True, False]
    spread = found[["seconds", "least", "greatest", "measurements", "peak"]]
    assert spread.to_numpy().tolist() == [[4, 3, 9, 3, 20], [1.5, 1, 2, 2, 30]]


def test_a_way_that_fails_is_reported_in_one_line():
    with pytest.raises(LabError) as refused:
        measuring.measure(Case({}, "not_there", {"epochs": 1}, sys.executable))
    assert "\n" not in str(refused.value)
    assert "No module named benchmarks.ways.not_there" in str(refused.value)
