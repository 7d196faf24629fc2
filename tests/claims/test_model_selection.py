"""Each claim on model selection holds or fails on tables of known evidence."""

import numpy as np
import pandas as pd
import pytest

from claims import tables as made
from d2l_lab.claims.claim import FAILS, HOLDS, OPEN, judge
from d2l_lab.claims.model_selection import CLAIMS

BY_ID = {claim.id: claim for claim in CLAIMS}
WAYS = {"": "sgd", "_exactly": "exact"}


def judged(name, **tables):
    (row,) = judge([BY_ID[name]], tables).to_dict("records")
    return row


def gaps(*exponents, method, true_degree=2):
    """Return capacity with validation losses 10 to these exponents above the training losses."""
    above = {("validation", degree): each for degree, each in enumerate(exponents)}
    return {"capacity": made.capacity(above, method, true_degree=true_degree)}


def sizes(method, **exponents):
    """Return sample_size; a keyword such as test_3_500 names a split, a degree and a size."""
    parts = {tuple(name.split("_")): value for name, value in exponents.items()}
    known = {(split, int(degree), int(size)): v for (split, degree, size), v in parts.items()}
    return {"sample_size": made.sample_size(known, method)}


def decay(*test, method, norms=(3.0, 2.0, 1.0)):
    """Return the study of weight decay, with exponents by strength: 0, 0.1 and 1."""
    strengths = (0.0, 0.1, 1.0)
    known = {("test", strength): each for strength, each in zip(strengths, test, strict=True)}
    return {
        "weight_decay": made.weight_decay(known, method),
        "weight_decay_norm": made.norms(dict(zip(strengths, norms, strict=True)), method),
    }


def of_folds(validated, tested, error=0.001):
    accuracies = {"mlp": [validated - 0.001, validated, validated + 0.001], "flat": [0.8] * 3}
    return {
        "kfold": made.history(accuracies, "fold", "validation"),
        "uncertainty": made.uncertainty({"mlp": tested, "flat": 0.8}, error),
    }


BOTH_WAYS = [
    ("more_parameters_overfit", gaps, [0.9, 0.9, 0, 1, 2, 3], 1.0, [0, 0, 3, 2, 1, 0.5], -1.0),
    ("overfitting_gap", gaps, [0, 0, 0.1, 0, 0, 0.8], 0.7, [0, 0, 0.8, 0, 0, 0.1], -0.7),
    # the weights shrink as the strength grows; the gap falls or rises
    ("large_weights_overfit", decay, [3, 2, 1], 1.0, [1, 2, 3], -1.0),
    ("regularisation_narrows_the_gap", decay, [2, 1, 1.5], 1.0, [2, 1.9, 2.5], 0.1),
    ("regularisation_lowers_the_test_loss", decay, [2, 1, 1.5], 1.0, [2, 1.9, 2.5], 0.1),
]


@pytest.mark.parametrize("suffix", WAYS)
@pytest.mark.parametrize(("name", "make", "good", "evidence", "bad", "against"), BOTH_WAYS)
def test_claims_about_fits_by_both_methods_follow_the_tables(
    name, make, good, evidence, bad, against, suffix
):
    def found(own, opposite):
        # the rows of the other method show the opposite, and come first
        method = WAYS[suffix]
        other = make(*opposite, method="exact" if method == "sgd" else "sgd")
        both = {name: pd.concat([other[name], t]) for name, t in make(*own, method=method).items()}
        return judged(name + suffix, **both)

    holds, fails = found(good, bad), found(bad, good)
    assert (holds["evidence"], holds["verdict"]) == (pytest.approx(evidence, abs=1e-9), HOLDS)
    assert (fails["evidence"], fails["verdict"]) == (pytest.approx(against, abs=1e-9), FAILS)


SIZES = [
    # test 1.5 orders above the training loss: (31.6 - 1) / (31.6 + 1)
    ("one_or_two_examples_are_overfitted", "exact", {"test_1_2": 1.5}, 0.9387, {"test_1_2": 0.1}),
    ("simple_model_much_data", "sgd", {"test_3_500": 0.05}, 0.05, {"test_3_500": 0.5}),
    ("much_data_need_a_flexible_model", "exact", {"test_19_500": 1}, 1, {"test_1_500": 1}),
    ("complex_model_few_data_trains_well", "sgd", {"train_3_500": 1}, 1, {"train_19_10": 1}),
    (
        "complex_model_few_data_trains_well_exactly",
        "exact",
        {"train_3_500": 2, "train_19_10": -13},
        1.0,
        {"train_19_10": 2},
    ),
    ("complex_model_few_data_generalises_badly", "sgd", {"test_19_10": 1}, 1, {"test_3_500": 1}),
    ("fewer_examples_overfit_more", "sgd", {"test_19_2": 1}, 1, {"test_19_500": 1}),
    ("more_data_generalise_better", "sgd", {"test_19_2": 1}, 1, {"test_19_500": 1}),
    ("more_data_for_more_complex_models", "sgd", {"test_19_10": 1}, 1, {"test_19_500": 1}),
    ("more_data_for_more_complex_models", "sgd", {"test_3_500": 1}, 1, {"test_3_10": 1}),
    ("more_data_for_more_complex_models_exactly", "exact", {"test_3_500": 1}, 1, {"test_3_10": 1}),
    ("more_data_for_more_complex_models_than_a_line", "sgd", {"test_1_500": 1}, 1, {}),
    ("few_data_for_simple_models", "sgd", {"test_19_10": 1}, 1, {"test_1_10": 1}),
    ("few_data_for_simple_models_exactly", "exact", {"test_19_10": 1}, 1, {"test_1_10": 1}),
]


@pytest.mark.parametrize(("name", "method", "good", "evidence", "bad"), SIZES)
def test_claims_about_sample_sizes_follow_the_tables(name, method, good, evidence, bad):
    other = "exact" if method == "sgd" else "sgd"
    found = []
    for own, opposite in ((good, bad), (bad, good)):
        parts = [sizes(other, **opposite), sizes(method, **own)]
        found.append(judged(name, sample_size=pd.concat(p["sample_size"] for p in parts)))
    holds, fails = found
    assert (holds["evidence"], holds["verdict"]) == (pytest.approx(evidence, abs=2e-3), HOLDS)
    assert fails["verdict"] == FAILS


def test_a_loss_of_only_rounding_errors_is_no_evidence_of_orders_of_magnitude():
    found = judged("few_data_for_simple_models_exactly", **sizes("exact", test_1_10=-13))
    assert (found["verdict"], np.isnan(found["evidence"])) == (OPEN, True)


CHOICES = [
    # the distances of single replicates count, not the distance of their mean
    ("folds_estimate_the_loss_of_their_choice", "sgd", [0.1, -0.1, 0.1], 0.1, [1, -1, 1]),
    ("validation_prevents_overfitting", "exact", [-1, -1.1, -0.9], 1.0, [0, 0.1, -0.1]),
]


@pytest.mark.parametrize(("name", "method", "good", "evidence", "bad"), CHOICES)
def test_claims_about_the_degree_that_folds_pick_follow_the_tables(
    name, method, good, evidence, bad
):
    found = []
    for test, other in ((good, bad), (bad, good)):
        rows = [
            made.choices([0, 0, 0], other, "exact" if method == "sgd" else "sgd"),
            made.choices([0, 0, 0], test, method),
        ]
        tested = pd.concat([made.capacity_test(5, "sgd"), made.capacity_test(0, "exact")])
        found.append(judged(name, capacity_choice=pd.concat(rows), capacity_test=tested))
    holds, fails = found
    assert (holds["evidence"], holds["verdict"]) == (pytest.approx(evidence), HOLDS)
    assert fails["verdict"] == FAILS


OTHERS = [
    ("folds_estimate_the_test_error", of_folds(0.86, 0.85), 0.01, HOLDS),
    ("folds_estimate_the_test_error", of_folds(0.82, 0.88), 0.06, FAILS),
    ("folds_estimate_the_test_error", of_folds(0.86, 0.85, error=0.01), 0.01, OPEN),
    ("first_validate_then_test", {"selection_test": made.picked(0.84, 0.83)}, 0.01, HOLDS),
    ("first_validate_then_test", {"selection_test": made.picked(0.84, 0.9)}, 0.06, FAILS),
    ("first_validate_then_test", {"selection_test": made.picked(0.8, 0.8, 0.05)}, 0.0, OPEN),
    ("first_validate_then_test_together", {"hyperparameters_test": made.picked(1, 1)}, 0.0, HOLDS),
    ("first_validate_then_test_together", {"hyperparameters_test": made.picked(1, 0)}, 1.0, FAILS),
    # the losses of the other folds pick the second rate, which is half the gap above the median
    (
        "validation_picks_hyperparameters",
        {
            "hyperparameters": made.grid(
                {0.1: [0.5] * 3, 0.3: [0.9] * 3}, {0.1: [2] * 3, 0.3: [1] * 3}
            )
        },
        0.2,
        HOLDS,
    ),
    # on each fold another rate is best, and the other folds do not show it
    (
        "validation_picks_hyperparameters",
        {
            "hyperparameters": made.grid(
                {0.1: [0.5] * 3, 0.3: [0.9] * 3}, {0.1: [1] * 3, 0.3: [2] * 3}
            )
        },
        -0.2,
        FAILS,
    ),
    # the training loss of the highest degree is as many orders below that of the true one
    (
        "higher_degree_trains_better",
        {"capacity": made.capacity({("train", 5): -1}, "sgd")},
        -1.0,
        HOLDS,
    ),
    (
        "higher_degree_trains_better",
        {"capacity": made.capacity({("train", 5): 1}, "sgd")},
        1.0,
        FAILS,
    ),
    (
        "underfitting_both_high",
        {"capacity": made.capacity({("train", 1): 1.5, ("validation", 1): 2}, "sgd")},
        1.5,
        HOLDS,
    ),
    (
        "underfitting_both_high",
        {"capacity": made.capacity({("train", 1): 0.5, ("validation", 1): 2}, "sgd")},
        0.5,
        FAILS,
    ),
    ("underfitting_small_gap", gaps(0, 0.1, method="sgd"), 0.1, HOLDS),
    ("underfitting_small_gap", gaps(0, 1, method="sgd"), 1.0, FAILS),
]


@pytest.mark.parametrize(("name", "tables", "evidence", "verdict"), OTHERS)
def test_the_other_claims_of_the_section_follow_the_tables(name, tables, evidence, verdict):
    found = judged(name, **tables)
    assert (found["evidence"], found["verdict"]) == (pytest.approx(evidence, abs=1e-6), verdict)


@pytest.mark.parametrize(("rise", "verdict"), [(-0.5, HOLDS), (0.0, HOLDS), (1e-6, FAILS)])
def test_an_exact_fit_of_a_higher_degree_trains_no_worse_in_any_fold(rise, verdict):
    rows = [
        ("exact", degree, 0, fold, "train", 2.0 - 0.2 * degree + (degree == 3 and fold) * rise * 2)
        for degree in range(3)
        for fold in range(2)
    ]
    rows += [("exact", 3, 0, fold, "train", 1.6 + fold * rise * 2) for fold in range(2)]
    columns = ["method", "degree", "replicate", "fold", "split", "loss"]
    table = pd.DataFrame(rows, columns=columns)
    found = judged("higher_degree_trains_better_exactly", capacity=table)
    assert (found["evidence"], found["verdict"]) == (pytest.approx(max(rise, 0.0)), verdict)


def test_every_claim_of_this_section_is_tested_here():
    tried = {name + suffix for name, *_ in BOTH_WAYS for suffix in WAYS}
    tried |= {name for name, *_ in [*SIZES, *CHOICES, *OTHERS]}
    assert tried | {"higher_degree_trains_better_exactly"} == {*BY_ID}
