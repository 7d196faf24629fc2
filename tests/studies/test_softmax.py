import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax
from scipy.special import softmax as scipys

from d2l_lab.models.softmax_regression.scratch import softmax as notes_softmax
from d2l_lab.studies import softmax
from d2l_lab.training.randomness import generator

PROPERTIES = {
    "least_probability": "3.4",
    "distance_from_one": "3.4",
    "order_changes": "3.4",
    "shift_change": "3.4",
    "greatest_log_probability": "3.6",
    "gradient_difference": "3.4",
    "minimiser_gradient": "3.4",
    "reduction_sum": "3.7.2",
    "reduction_mean": "3.7.2",
    "reduction_none_size": "3.7.2",
    "concise_difference": "3.7.2",
}


def found(seed=0, examples=50, classes=4):
    return softmax.study(seed, examples=examples, classes=classes)


def values(table):
    return table.set_index("property")["value"]


def drawn(seed, examples, classes):
    logits = torch.randn(
        examples, classes, dtype=torch.float64, generator=generator(seed, "softmax", "logits")
    )
    labels = torch.randint(classes, (examples,), generator=generator(seed, "softmax", "labels"))
    return logits.numpy(), labels.numpy()


def test_each_property_has_a_row_with_its_section():
    table = found()["softmax"]
    assert table.columns.tolist() == ["property", "section", "value", "n"]
    assert dict(zip(table["property"], table["section"], strict=True)) == PROPERTIES
    assert (table["n"] == 50).all()
    assert table["value"].dtype == np.float64


@given(seed=st.integers(0, 2**32 - 1), examples=st.integers(2, 40), classes=st.integers(2, 12))
def test_the_statements_of_the_notes_hold_for_all_logits(seed, examples, classes):
    measured = values(softmax.study(seed, examples=examples, classes=classes)["softmax"])
    assert measured["least_probability"] > 0
    assert measured["greatest_log_probability"] <= 0
    assert measured["order_changes"] == measured["reduction_none_size"] == 0
    close = measured.drop(["least_probability", "greatest_log_probability"])
    assert close.max() < 1e-11
    assert close.min() >= 0


def test_a_wrong_softmax_is_noticed(monkeypatch):
    monkeypatch.setattr(softmax, "softmax", lambda logits: notes_softmax(-logits) + 1e-3)
    measured = values(found()["softmax"])
    assert measured["distance_from_one"] == pytest.approx(4e-3)
    assert measured["order_changes"] == 50
    assert measured["gradient_difference"] > 0.1
    assert measured["minimiser_gradient"] > 0.1
    assert measured["concise_difference"] > 0.1


def test_a_softmax_that_is_not_normalised_changes_by_a_shift(monkeypatch):
    monkeypatch.setattr(softmax, "softmax", torch.exp)
    assert values(found()["softmax"])["shift_change"] > 1


def test_the_plain_formula_is_finite_unless_an_exponential_exceeds_32_bits():
    logits, labels = drawn(0, 200, 10)
    table = softmax.study(0, examples=200, classes=10)["softmax_overflow"]
    assert table["scale"].tolist() == pytest.approx([10 ** (step / 2) for step in range(9)])
    for row in table.itertuples():
        scaled = logits.astype(np.float32) * np.float32(row.scale)
        with np.errstate(all="ignore"):
            E = np.exp(scaled)
            losses = -np.log(E[range(200), labels] / E.sum(axis=1))
        assert row.plain_finite == pytest.approx(np.isfinite(losses).mean(), abs=0.02)
        assert row.stable_finite == np.isfinite(log_softmax(scaled, axis=1)).mean() == 1


def test_the_formulas_agree_on_small_logits_and_cannot_be_compared_on_huge_ones():
    table = found()["softmax_overflow"].set_index("scale")
    assert 0 < table["greatest_difference"].iloc[0] < 1e-5
    assert table["plain_finite"].iloc[0] == 1
    assert table["plain_finite"].iloc[-1] < 0.1
    nothing = table["plain_finite"] == 0
    assert nothing.any()
    assert (table["greatest_difference"].isna() == nothing).all()


def test_the_probabilities_equal_those_of_an_independent_softmax():
    P = scipys(drawn(0, 50, 4)[0], axis=1)
    measured = values(found()["softmax"])
    assert measured["least_probability"] == pytest.approx(P.min())
    assert measured["greatest_log_probability"] == pytest.approx(np.log(P.max()))
