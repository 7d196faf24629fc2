"""The list of claims."""

import pandas as pd
import pytest

from d2l_lab.claims.claim import judge
from d2l_lab.claims.perceptrons import CLAIMS
from d2l_lab.figures import claims
from d2l_lab.studies import activations


@pytest.fixture(scope="module")
def judged():
    return judge(CLAIMS, activations.study(points=33))


def texts(table):
    (axes,) = claims.draw(table).axes
    return [text.get_text() for text in axes.texts]


def test_each_claim_has_a_line_with_its_section_verdict_and_evidence(judged):
    found = texts(judged)
    for row in judged.itertuples():
        assert any(text.startswith(row.assertion_en[:60]) for text in found)
    assert found.count("✓") == (judged["verdict"] == "holds").sum() > 5
    assert found.count("?") == (judged["verdict"] == "not decided").sum() > 0
    assert found.count("4.1.2") == (judged["section"] == "4.1.2").sum()


def test_the_title_counts_the_verdicts(judged):
    wrong = judged.assign(verdict="does not hold")
    assert claims.draw(wrong).get_suptitle() == (
        f"What the notes assert (does not hold: {len(judged)})"
    )
    assert texts(wrong).count("✗") == len(judged)


def test_no_claims_are_refused():
    with pytest.raises(ValueError, match=r"^claims is empty"):
        claims.draw(pd.DataFrame({"id": []}))
