"""A verdict follows from the evidence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import stdtrit

from checkout import ROOT
from d2l_lab.book.sections import SECTIONS
from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import (
    FAILS,
    HOLDS,
    OPEN,
    OWN,
    STANDS,
    Claim,
    Setting,
    judge,
    of_the_notes,
    verdict,
)
from d2l_lab.claims.evidence import (
    Evidence,
    apart,
    difference,
    exactly,
    greatest,
    least,
    mean,
    worst,
)
from d2l_lab.claims.thresholds import AT_LEAST, AT_MOST, Threshold
from d2l_lab.config import study
from d2l_lab.pipeline.planners.tables import TABLES
from d2l_lab.tables.claims import ESTIMATED, NOT_REFUTED
from languages import is_chinese, is_english, squeezed

FINITE = st.floats(-1e6, 1e6)


def claim(measure, **changes):
    texts = ("断言", "An assertion", "测量", "measured")
    return Claim("a_claim", "3.1", measure, *texts, **changes)


def judged(*measures, tables=None, relation=AT_MOST, kind=ESTIMATED):
    """Judge claims of one section with these measures, each compared with 1."""
    claims = [claim(m)._replace(id=str(number)) for number, m in enumerate(measures)]
    thresholds = {each.id: Threshold(kind, relation, 1.0, HOLDS) for each in claims}
    return judge(claims, tables or {}, thresholds)


def within(low, high):
    """Return an estimate with this interval."""
    error = (high - low) / 2 / stdtrit(8, 0.975)
    return Evidence((low + high) / 2, 9, error, 8, "chance")


@pytest.mark.parametrize(
    ("relation", "low", "high", "expected"),
    [
        (AT_MOST, 0.1, 0.9, HOLDS),
        (AT_MOST, 0.1, 0.999, HOLDS),
        (AT_MOST, 0.9, 1.1, OPEN),
        (AT_MOST, 1.1, 1.2, FAILS),
        (AT_LEAST, 1.1, 1.2, HOLDS),
        (AT_LEAST, 1.001, 1.2, HOLDS),
        (AT_LEAST, 0.9, 1.1, OPEN),
        (AT_LEAST, 0.1, 0.9, FAILS),
        (AT_MOST, np.nan, np.nan, OPEN),
        (AT_LEAST, np.nan, np.nan, OPEN),
    ],
)
def test_a_verdict_needs_the_whole_interval(relation, low, high, expected):
    threshold = Threshold(ESTIMATED, relation, 1.0, HOLDS)
    assert verdict(threshold, within(low, high)) == expected


@given(values=st.lists(FINITE, min_size=2, max_size=2, unique=True), threshold=FINITE)
def test_at_most_is_the_same_as_at_least_of_the_negative(values, threshold):
    low, high = sorted(values)
    found = verdict(Threshold(ESTIMATED, AT_MOST, threshold, HOLDS), within(low, high))
    opposite = Threshold(ESTIMATED, AT_LEAST, -threshold, HOLDS)
    assert found == verdict(opposite, within(-high, -low))


@given(st.lists(FINITE, min_size=2, max_size=9, unique=True), st.integers(1, 9), FINITE)
def test_a_threshold_is_in_the_interval_where_its_p_value_is_above_5_percent(values, of, threshold):
    found = mean(values)._replace(of=of)
    low, high = found.interval
    p = found.p_value(threshold)
    assume(abs(p - 0.05) > 1e-6)
    assert (p > 0.05) == (low < threshold < high)


@pytest.mark.parametrize(("value", "expected"), [(0.5, STANDS), (1.5, FAILS)])
def test_a_statement_about_every_case_can_only_be_refuted(value, expected):
    threshold = Threshold(NOT_REFUTED, AT_MOST, 1.0, HOLDS)
    assert verdict(threshold, exactly(value, 5)) == expected


def test_a_verdict_that_fails_the_correction_for_many_claims_is_withdrawn():
    sure, unsure = (lambda: within(0.1, 0.2)), (lambda: within(0.5, 0.99))
    alone = judged(unsure)
    assert (alone["verdict"].item(), alone["family"].item()) == (HOLDS, "3.1")
    among = judged(unsure, sure, lambda: exactly(0.5, 1), lambda: within(0.0, 2.0))
    assert among["verdict_uncorrected"].tolist() == [HOLDS, HOLDS, HOLDS, OPEN]
    assert among["verdict"].tolist() == [OPEN, HOLDS, HOLDS, OPEN]
    # three estimates: the smallest p-value counts three times, the next twice, the last once
    p = among["p_value"]
    assert among["p_corrected"].tolist() == pytest.approx(
        [2 * p[0], 3 * p[1], np.nan, p[3]], nan_ok=True
    )
    assert among["family"].tolist() == ["3.1", "3.1", "", "3.1"]


def test_each_section_is_its_own_family():
    claims = [claim(lambda: within(0.5, 0.99))._replace(id=s, section=s) for s in ("3.1", "3.2")]
    thresholds = {each.id: Threshold(ESTIMATED, AT_MOST, 1.0, HOLDS) for each in claims}
    found = judge(claims, {}, thresholds)
    assert found["verdict"].tolist() == [HOLDS, HOLDS]
    assert (found["p_value"] == found["p_corrected"]).all()


def test_a_single_value_has_no_interval_so_nothing_is_decided():
    found = judged(lambda: mean([0.5]), lambda: mean([0.5, 0.6, 0.5]), lambda: exactly(0.5, 1))
    assert found["verdict"].tolist() == [OPEN, HOLDS, HOLDS]


def test_evidence_counts_its_observations():
    assert greatest([1, 3, 2]) == Evidence(3, 3)
    assert least(np.array([[1, 3], [2, 0]])) == Evidence(0, 4)
    assert greatest([1, 3]).interval == (3, 3)
    found = mean([1.0, 2.0, 3.0])
    assert (found.value, found.n, found.error) == (2, 3, pytest.approx(3**-0.5))
    assert found.interval == pytest.approx((2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), rel=1e-4)
    assert np.isnan(found.share)


def test_a_difference_says_how_often_it_is_above_zero_and_what_it_could_have_found():
    found = difference([0.5, -0.5, 0.0, 1.0])
    assert found.share == 2.5 / 4
    assert found.detectable == pytest.approx((3.182 + 0.978) * found.error, rel=1e-3)
    assert np.isnan(exactly(1, 1).detectable)


def test_the_distance_of_two_estimates_has_both_of_their_errors():
    found = apart(Evidence(1, 5, 3.0, 4, "a"), Evidence(3, 9, 4.0, 8, "b"))
    assert (found.value, found.n, found.error, found.covers) == (2, 5, 5.0, "a; b")
    assert found.freedom == pytest.approx(25**2 / (9**2 / 4 + 16**2 / 8))
    assert apart(Evidence(3, 5, 3.0, 4), Evidence(1, 9, 4.0, 8)).value == 2


def test_the_worst_of_several_has_a_wider_interval():
    one, other = (Evidence(v, 5, 0.1, 4, "chance") for v in (0.3, 0.4))
    found = worst([one, other])
    assert found.value == 0.4
    assert found.interval[1] - 0.4 == pytest.approx(0.1 * stdtrit(4, 1 - 0.05 / 4))
    assert found.p_value(0.6) == pytest.approx(2 * other.p_value(0.6))
    assert worst([]) is None
    for values in ([np.nan, 0.4], [0.4, np.nan]):  # a model that has diverged
        assert np.isnan(worst([Evidence(v, 5, 0.1, 4, "chance") for v in values]).value)


def test_a_claim_is_not_decided_without_its_tables_or_rows():
    measures = (lambda t: None, lambda other: greatest(other["x"]), lambda t: greatest(t["x"]))
    table = judged(*measures, tables={"t": pd.DataFrame({"x": [0.5]})})
    assert table["tables"].tolist() == ["t", "other", "t"]
    assert table["verdict"].tolist() == [OPEN, OPEN, HOLDS]
    assert table["n"].tolist() == [0, 0, 1]
    assert table["evidence"].isna().tolist() == [True, True, False]


def test_each_text_has_a_column_in_each_language():
    elsewhere = claim(lambda t: None, setting=Setting("在别处", "elsewhere"))
    threshold = Threshold(ESTIMATED, AT_MOST, 1.0, HOLDS)
    (row,) = judge([elsewhere], {}, {"a_claim": threshold}).to_dict("records")
    assert [row["assertion_zh"], row["assertion_en"]] == ["断言", "An assertion"]
    assert [row["setting_zh"], row["setting"]] == ["在别处", "elsewhere"]
    assert [row["test_zh"], row["test"]] == ["测量", "measured"]


# The claims of the notes


def test_there_are_enough_claims_in_the_order_of_the_notes_and_each_has_its_own_name():
    assert len(CLAIMS) >= 25
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)
    order = [section.number for section in SECTIONS]
    positions = [order.index(claim.section) for claim in CLAIMS]
    assert positions == sorted(positions)


def test_claims_are_in_both_languages_and_use_existing_tables():
    studies = (ROOT / "workflow/d2l_lab/studies").glob("[a-z]*.py")
    there = {table for path in studies if path.stem != "given" for table in study(path.stem).tables}
    for claim in CLAIMS:
        assert all(map(is_chinese, (claim.zh, claim.setting.zh, claim.test_zh))), claim.id
        assert all(map(is_english, (claim.en, claim.setting.en, claim.test_en))), claim.id
        ours = (claim.setting.zh, claim.test_zh)  # the assertion is quoted from the notes
        assert [*map(squeezed, ours)] == [[], []], claim.id
        assert {*claim.tables} <= there | {*TABLES}, claim.id


def test_claims_that_the_notes_settings_do_not_show_point_to_other_settings():
    known = {claim.id: claim for claim in CLAIMS}
    pairs = [(claim, known[claim.see]) for claim in CLAIMS if claim.see]
    assert all(other.see == "" for _, other in pairs)
    assert sum(claim.setting == OWN != other.setting for claim, other in pairs) >= 5


def test_models_trained_on_other_data_than_the_notes_decide_no_claim():
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
