"""How a verdict follows from the evidence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout import ROOT
from d2l_lab.book.sections import SECTIONS
from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import (
    AT_LEAST,
    AT_MOST,
    FAILS,
    HOLDS,
    OPEN,
    OWN,
    Claim,
    Evidence,
    Text,
    exactly,
    greatest,
    judge,
    least,
    mean,
    verdict,
)
from d2l_lab.config import study
from d2l_lab.pipeline.plan import TABLES
from languages import is_chinese, is_english, squeezed

FINITE = st.floats(-1e6, 1e6)


def claim(relation=AT_MOST, threshold=1.0, measure=lambda _: None, **changes):
    said, test = Text("断言", "An assertion"), Text("测量", "what is measured")
    known = Claim("a_claim", "3.1", said, OWN, test, relation, threshold, ("t",), measure)
    return known._replace(**changes)


@pytest.mark.parametrize(
    ("relation", "low", "high", "expected"),
    [
        (AT_MOST, 0.1, 0.9, HOLDS),
        (AT_MOST, 0.1, 1.0, HOLDS),
        (AT_MOST, 0.9, 1.1, OPEN),
        (AT_MOST, 1.1, 1.2, FAILS),
        (AT_LEAST, 1.1, 1.2, HOLDS),
        (AT_LEAST, 1.0, 1.2, HOLDS),
        (AT_LEAST, 0.9, 1.1, OPEN),
        (AT_LEAST, 0.1, 0.9, FAILS),
        (AT_MOST, np.nan, np.nan, OPEN),
        (AT_LEAST, np.nan, np.nan, OPEN),
    ],
)
def test_a_verdict_needs_the_whole_interval(relation, low, high, expected):
    assert verdict(claim(relation), Evidence((low + high) / 2, low, high, 9)) == expected


@given(values=st.lists(FINITE, min_size=2, max_size=2, unique=True), threshold=FINITE)
def test_at_most_is_at_least_of_the_negative(values, threshold):
    low, high = sorted(values)
    found = verdict(claim(AT_MOST, threshold), Evidence(low, low, high, 2))
    assert found == verdict(claim(AT_LEAST, -threshold), Evidence(-high, -high, -low, 2))


def test_a_single_value_has_no_interval_so_nothing_is_decided():
    assert verdict(claim(), mean([0.5])) == OPEN
    assert verdict(claim(), mean([0.5, 0.6, 0.5])) == HOLDS
    assert verdict(claim(), exactly(0.5, 1)) == HOLDS


def test_evidence_counts_what_it_rests_on():
    assert greatest([1, 3, 2]) == Evidence(3, 3, 3, 3)
    assert least(np.array([[1, 3], [2, 0]])) == Evidence(0, 0, 0, 4)
    found = mean([1.0, 2.0, 3.0])
    assert (found.value, found.n) == (2, 3)
    assert found.low < 2 < found.high


def test_without_its_tables_or_rows_a_claim_is_not_decided():
    claims = (claim(), claim(tables=("other",)), claim(measure=lambda t: greatest(t["x"])))
    table = judge(claims, {"t": pd.DataFrame({"x": [0.5]})})
    assert table["verdict"].tolist() == [OPEN, OPEN, HOLDS]
    assert table["n"].tolist() == [0, 0, 1]
    assert table["evidence"].isna().tolist() == [True, True, False]


def test_each_text_has_a_column_in_each_language():
    setting, test = Text("在别处", "elsewhere"), Text("距离", "the distance")
    (row,) = judge((claim(setting=setting, test=test),), {}).to_dict("records")
    assert [row["assertion_zh"], row["assertion_en"]] == ["断言", "An assertion"]
    assert [row["setting_zh"], row["setting"]] == ["在别处", "elsewhere"]
    assert [row["test_zh"], row["test"]] == ["距离", "the distance"]


# The claims of the notes


def test_there_are_claims_enough_in_the_order_of_the_notes_and_each_has_its_own_name():
    assert len(CLAIMS) >= 25
    assert len({one.id for one in CLAIMS}) == len(CLAIMS)
    order = [section.number for section in SECTIONS]
    places = [order.index(one.section) for one in CLAIMS]
    assert places == sorted(places)


@pytest.mark.parametrize("one", CLAIMS, ids=lambda one: one.id)
def test_a_claim_is_said_in_both_languages_and_rests_on_tables_that_there_are(one):
    for text in (one.assertion, one.setting, one.test):
        assert is_chinese(text.zh)
        assert is_english(text.en)
    ours = (one.setting.zh, one.test.zh)  # the assertion is written as in the notes
    assert [*map(squeezed, ours)] == [[], []]
    assert one.relation in {AT_LEAST, AT_MOST}
    assert np.isfinite(one.threshold)
    studies = (ROOT / "workflow/d2l_lab/studies").glob("[a-z]*.py")
    there = {table for path in studies if path.stem != "given" for table in study(path.stem).tables}
    assert {*one.tables} <= there | {*TABLES, "models"}


def test_what_does_not_show_under_the_notes_settings_points_to_other_settings():
    known = {one.id: one for one in CLAIMS}
    for one in CLAIMS:
        if one.see:
            assert known[one.see].see == ""
    pairs = [(one, known[one.see]) for one in CLAIMS if one.see]
    assert sum(one.setting == OWN != other.setting for one, other in pairs) >= 5
