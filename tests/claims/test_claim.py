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
    FAILS,
    HOLDS,
    OPEN,
    OWN,
    Claim,
    Setting,
    at_least,
    at_most,
    judge,
    of_the_notes,
)
from d2l_lab.claims.evidence import Evidence, exactly, greatest, least, mean
from d2l_lab.config import study
from d2l_lab.pipeline.planners.tables import TABLES
from languages import is_chinese, is_english, squeezed

FINITE = st.floats(-1e6, 1e6)


def claim(measure, **changes):
    texts = ("断言", "An assertion", "测量", "measured")
    return Claim("a_claim", "3.1", at_most(1.0, measure), *texts, **changes)


@pytest.mark.parametrize(
    ("bound", "low", "high", "expected"),
    [
        (at_most, 0.1, 0.9, HOLDS),
        (at_most, 0.1, 1.0, HOLDS),
        (at_most, 0.9, 1.1, OPEN),
        (at_most, 1.1, 1.2, FAILS),
        (at_least, 1.1, 1.2, HOLDS),
        (at_least, 1.0, 1.2, HOLDS),
        (at_least, 0.9, 1.1, OPEN),
        (at_least, 0.1, 0.9, FAILS),
        (at_most, np.nan, np.nan, OPEN),
        (at_least, np.nan, np.nan, OPEN),
    ],
)
def test_a_verdict_needs_the_whole_interval(bound, low, high, expected):
    assert bound(1.0, None).verdict(Evidence((low + high) / 2, low, high, 9)) == expected


@given(values=st.lists(FINITE, min_size=2, max_size=2, unique=True), threshold=FINITE)
def test_at_most_is_at_least_of_the_negative(values, threshold):
    low, high = sorted(values)
    found = at_most(threshold, None).verdict(Evidence(low, low, high, 2))
    assert found == at_least(-threshold, None).verdict(Evidence(-high, -high, -low, 2))


def test_a_single_value_has_no_interval_so_nothing_is_decided():
    found = (mean([0.5]), mean([0.5, 0.6, 0.5]), exactly(0.5, 1))
    assert [*map(at_most(1, None).verdict, found)] == [OPEN, HOLDS, HOLDS]


def test_evidence_counts_what_it_rests_on():
    assert greatest([1, 3, 2]) == Evidence(3, 3, 3, 3)
    assert least(np.array([[1, 3], [2, 0]])) == Evidence(0, 0, 0, 4)
    found = mean([1.0, 2.0, 3.0])
    assert (found.value, found.n) == (2, 3)
    assert found.low < 2 < found.high


def test_without_its_tables_or_rows_a_claim_is_not_decided():
    measures = (lambda t: None, lambda other: greatest(other["x"]), lambda t: greatest(t["x"]))
    table = judge(tuple(map(claim, measures)), {"t": pd.DataFrame({"x": [0.5]})})
    assert table["tables"].tolist() == ["t", "other", "t"]
    assert table["verdict"].tolist() == [OPEN, OPEN, HOLDS]
    assert table["n"].tolist() == [0, 0, 1]
    assert table["evidence"].isna().tolist() == [True, True, False]


def test_each_text_has_a_column_in_each_language():
    elsewhere = claim(lambda t: None, setting=Setting("在别处", "elsewhere"))
    (row,) = judge((elsewhere,), {}).to_dict("records")
    assert [row["assertion_zh"], row["assertion_en"]] == ["断言", "An assertion"]
    assert [row["setting_zh"], row["setting"]] == ["在别处", "elsewhere"]
    assert [row["test_zh"], row["test"]] == ["测量", "measured"]


# The claims of the notes


def test_there_are_claims_enough_in_the_order_of_the_notes_and_each_has_its_own_name():
    assert len(CLAIMS) >= 25
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)
    order = [section.number for section in SECTIONS]
    positions = [order.index(claim.section) for claim in CLAIMS]
    assert positions == sorted(positions)


def test_claims_are_said_in_both_languages_and_rest_on_tables_that_there_are():
    studies = (ROOT / "workflow/d2l_lab/studies").glob("[a-z]*.py")
    there = {table for path in studies if path.stem != "given" for table in study(path.stem).tables}
    for claim in CLAIMS:
        assert all(map(is_chinese, (claim.zh, claim.setting.zh, claim.test_zh))), claim.id
        assert all(map(is_english, (claim.en, claim.setting.en, claim.test_en))), claim.id
        ours = (claim.setting.zh, claim.test_zh)  # the assertion is written as in the notes
        assert [*map(squeezed, ours)] == [[], []], claim.id
        assert np.isfinite(claim.check.threshold), claim.id
        assert {*claim.tables} <= there | {*TABLES}, claim.id


def test_what_does_not_show_under_the_notes_settings_points_to_other_settings():
    known = {claim.id: claim for claim in CLAIMS}
    pairs = [(claim, known[claim.see]) for claim in CLAIMS if claim.see]
    assert all(other.see == "" for _, other in pairs)
    assert sum(claim.setting == OWN != other.setting for claim, other in pairs) >= 5


def test_models_of_other_data_than_the_notes_speak_for_no_claim():
    models = pd.DataFrame({"model": ["own", "mlp"], "dataset": ["houses", "fashion_mnist"]})
    pairs = pd.DataFrame({"first": ["own on cpu", "own", "mlp", "mlp on cpu"], "n": range(4)})
    studied = pd.DataFrame({"model": ["with_relu"], "n": [1]})
    tables = {"models": models, "summary": models, "agreement": pairs, "affine_collapse": studied}
    kept = of_the_notes(tables)
    assert {name: len(table) for name, table in kept.items()} == {
        "models": 1,
        "summary": 1,
        "agreement": 2,
        "affine_collapse": 1,
    }
    assert [*kept["agreement"]["n"]] == [2, 3]
