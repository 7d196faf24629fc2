"""The verdicts on under- and overfitting follow the data."""

import pytest

from d2l_lab.claims.claim import FAILS, HOLDS, judge
from d2l_lab.claims.model_selection import CLAIMS
from d2l_lab.studies import _polynomials, capacity, sample_size, weight_decay

POLYNOMIAL = {
    "weights": [5, 1.2, -3.4, 5.6],
    "max_degree": 12,
    "noise": 0.1,
}
SGD = {"epochs": 400, "batch_size": 10, "learning_rate": 0.01}


def verdicts(**changes):
    """Run both studies of polynomials on other data, and judge the claims that rest on them."""
    polynomial = POLYNOMIAL | changes
    tables = capacity.study(polynomial, 80, 60, 0, folds=4, replicates=8, **SGD)
    tables |= sample_size.study(
        polynomial, 60, 0, sizes=[2, 10, 200], degrees=[1, 3, 11], replicates=8, **SGD
    )
    strengths = [0, 1e-5, 1e-4, 1e-3, 1e-2]
    tables |= weight_decay.study(
        polynomial, 30, 60, 0, weight_decays=strengths, replicates=8, **SGD
    )
    return judge(CLAIMS, tables).set_index("id")["verdict"]


@pytest.fixture(scope="module")
def usual():
    return verdicts()


def test_on_the_notes_data_they_are_what_the_notes_say_for_exact_fits(usual):
    exact = [one for one in usual.index if one.endswith("_exactly")]
    exact.remove("large_weights_overfit_at_a_fixed_degree_exactly")  # near its threshold
    assert len(exact) >= 5
    assert (usual[exact] == HOLDS).all()
    for name in (
        "underfitting_both_high",
        "underfitting_small_gap",
        "simple_model_much_data",
        "more_data_generalise_better",
        "one_or_two_examples_are_overfitted",
        "validation_prevents_overfitting",
    ):
        assert usual[name] == HOLDS, name


@pytest.mark.parametrize(
    ("changes", "labels", "still_holds"),
    [
        ({"weights": [5, 1.2]}, "in order", ()),  # a line is the truth
        ({"noise": 100}, "in order", ("higher_degree_trains_better_exactly",)),
        ({}, "shuffled", ("overfitting_gap_exactly",)),  # noise can be followed, not foretold
    ],
)
def test_where_there_is_no_more_to_learn_a_line_does_not_underfit(
    usual, changes, labels, still_holds, monkeypatch
):
    generate = _polynomials.generate

    def shuffled(rng, **settings):
        X, y = generate(rng, **settings)
        return X, rng.permutation(y)

    if labels == "shuffled":
        monkeypatch.setattr(_polynomials, "generate", shuffled)
    found = verdicts(**changes)
    for name in ("underfitting_both_high", "more_data_for_more_complex_models"):
        assert (usual[name], found[name]) == (HOLDS, FAILS)
    assert all(found[name] == HOLDS for name in still_holds)
