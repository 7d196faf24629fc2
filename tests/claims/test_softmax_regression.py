"""The evidence for the claims of softmax regression, on tables of a few rows."""

import numpy as np
import pandas as pd
import pytest

from claims.tiny import Case, table, without_a_case
from d2l_lab.claims import softmax_regression

MODELS = table("""
model device module dataset
scratch cpu softmax_regression.scratch fashion_mnist
concise cpu softmax_regression.concise fashion_mnist
""")


def softmax(name, value):
    """Return a property of softmax and another one."""
    rows = {"property": [name, "another"], "value": [value, 7.0], "n": [50, 50]}
    return {"softmax": pd.DataFrame(rows)}


def of_softmax(claim, name, holds, fails):
    return Case(claim, holds, 50, False, softmax(name, holds), softmax(name, fails))


def surprisal(*values):
    """Return the surprisal of rising probabilities, the last one first."""
    rows = {"probability": np.arange(1, len(values) + 1) / 10, "surprisal": values}
    return {"information_surprisal": pd.DataFrame(rows)[::-1]}


def entropies(*pairs):
    columns = ["entropy", "cross_entropy"]
    return {"information_cross_entropy": pd.DataFrame(pairs, columns=columns)}


TENSORS = """
split property value n
train not_tensors {0} 600
train other_shapes {1} 600
train other_types {2} 600
train least {3} 600
train greatest 0.9 600
train greatest_difference {5} 600
test not_tensors 0 100
test other_shapes 0 100
test other_types 0 100
test least 0.2 100
test greatest {4} 100
test greatest_difference 0 100
"""


def tensors(*values):
    return {"images_tensors": table(TENSORS.format(*values))}


def predictions(*, right, reported):
    """Return the confusion of a model with two classes, and its accuracy."""
    confusion = pd.DataFrame({"true": [0, 0, 1, 1], "predicted": [0, 1, 0, 1]})
    confusion = confusion.assign(count=[right, 1, 1, 1], model="scratch", device="cpu")
    summary = pd.DataFrame({"metric": ["test_accuracy", "test_loss"], "mean": [reported, 9.0]})
    return {"confusion": confusion, "summary": summary.assign(model="scratch", device="cpu")}


def finite(plain, stable):
    return {"softmax_overflow": pd.DataFrame({"plain_finite": plain, "stable_finite": stable})}


def accuracies(*pairs):
    """Return the accuracies and losses of each replicate by both ways in two epochs."""
    rows = [
        (model, "cpu", replicate, epoch, "test", metric, value)
        for replicate, ways in enumerate(pairs)
        for model, values in zip(("scratch", "concise"), ways, strict=True)
        for epoch, accuracy in enumerate(values, start=1)
        for metric, value in (("accuracy", accuracy), ("loss", 5 * len(model) + epoch))
    ]
    columns = ["model", "device", "replicate", "epoch", "split", "metric", "value"]
    return {"training": pd.DataFrame(rows, columns=columns), "models": MODELS}


CASES = [
    of_softmax("softmax_is_not_negative", "least_probability", 0.001, -0.001),
    of_softmax("softmax_sums_to_one", "distance_from_one", 1e-13, 1e-11),
    of_softmax("softmax_keeps_the_order", "order_changes", 0, 1),
    of_softmax("gradient_is_the_difference", "gradient_difference", 1e-13, 1e-11),
    of_softmax("zero_gradient_at_the_minimum", "minimiser_gradient", 1e-13, 1e-11),
    of_softmax("likelihood_is_the_loss", "concise_difference", 1e-6, 1e-4),
    of_softmax("log_probability_is_not_positive", "greatest_log_probability", -0.1, 0.1),
    of_softmax("reduction_none", "reduction_none_size", 0, 1),
    of_softmax("reduction_mean", "reduction_mean", 1e-10, 1e-8),
    of_softmax("reduction_sum", "reduction_sum", 1e-7, 1e-5),
    Case("rare_events_surprise", -1, 2, False, surprisal(9, 7, 6), surprisal(9, 6, 7)),
    Case(
        "common_events_do_not_surprise", 0.01, 3, False, surprisal(8, 4, 0.08), surprisal(8, 4, 1)
    ),
    Case(
        "cross_entropy_is_above_entropy",
        0.5,
        2,
        False,
        entropies((1, 1.5), (1, 3)),
        entropies((1, 0.9), (1, 3)),
    ),
    Case(
        "images_become_tensors",
        0,
        700,
        False,
        tensors(0, 0, 0, 0, 1, 0),
        tensors(0, 1, 0, 0, 1, 0),
    ),
    Case(
        "tensors_are_from_zero_to_one",
        -0.1,
        700,
        False,
        tensors(0, 0, 0, 0.1, 0.9, 0),
        tensors(0, 0, 0, -0.1, 0.9, 0),
    ),
    Case(
        "reading_is_that_of_totensor",
        0,
        700,
        False,
        tensors(0, 0, 0, 0, 1, 0),
        tensors(0, 0, 0, 0, 1, 0.01),
    ),
    Case(
        "accuracy_is_the_share_of_correct",
        0,
        1,
        False,
        predictions(right=7, reported=0.8),
        predictions(right=7, reported=0.9),
    ),
    Case(
        "plain_softmax_overflows",
        2,
        4,
        False,
        finite([1, 1, 0.9, 0], [1] * 4),
        finite([1] * 4, [1, 0.9, 1, 1]),
    ),
    Case(
        "library_softmax_is_finite",
        0,
        4,
        False,
        finite([1, 1, 0.9, 0], [1] * 4),
        finite([1] * 4, [1, 0.9, 1, 1]),
    ),
    Case(
        "softmax_regression_agrees",
        0.002,
        2,
        True,
        accuracies(([0.5, 0.8], [0.4979, 0.8]), ([0.5, 0.8], [0.501, 0.8019])),
        accuracies(([0.5, 0.8], [0.4, 0.8]), ([0.5, 0.8], [0.601, 0.8])),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_the_evidence_is_as_known_and_the_verdict_can_be_either(case):
    case.check()


def test_every_claim_has_a_case():
    assert without_a_case(softmax_regression, CASES) == set()


@pytest.mark.parametrize("values", [(2, 0, 0), (0, 2, 0), (0, 0, 2)])
def test_every_image_that_does_not_become_such_a_tensor_counts(values):
    found = softmax_regression.no_such_tensors(**tensors(*values, 0, 1, 0))
    assert found.value == 2
