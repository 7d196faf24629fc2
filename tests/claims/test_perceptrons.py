"""Each claim on multilayer perceptrons holds or fails on tables of known evidence."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from claims import tables as made
from d2l_lab.claims.claim import FAILS, HOLDS, OPEN, judge
from d2l_lab.claims.perceptrons import CLAIMS
from d2l_lab.studies import activations

BY_ID = {claim.id: claim for claim in CLAIMS}
CURVES = activations.study(points=161)["activations"]
MODULES = {"mlp": "mlp.scratch", "flat": "softmax_regression.scratch"}
MODELS = made.models(**MODULES)


def judged(name, **tables):
    (row,) = judge([BY_ID[name]], tables).to_dict("records")
    return row


def bent(function, change, x=None, column="value"):
    """Change a column of one function's curve, everywhere or where x is this."""
    table = CURVES.copy()
    rows = table["function"] == function
    if x is not None:
        rows &= np.isclose(table["x"], x)
    table.loc[rows, column] = change(table.loc[rows, column])
    return table


@pytest.mark.parametrize(
    ("name", "changed", "evidence"),
    [
        # positive and negative values, each slightly changed
        ("relu_keeps_the_positive", bent("relu", lambda v: v - 0.5, 4.0), 0.5),
        ("relu_keeps_the_positive", bent("relu", lambda v: v + 0.5, -4.0), 0.5),
        ("relu_passes_or_stops", bent("relu", lambda d: d + 0.25, 4.0, "derivative"), 0.25),
        ("relu_passes_or_stops", bent("relu", lambda d: d - 0.25, -4.0, "derivative"), 0.25),
        # relative to x = 0.1 and its slope
        ("sigmoid_is_near_linear", bent("sigmoid", lambda v: v + 0.01, 0.1), 0.4),
        ("sigmoid_is_near_linear", bent("sigmoid", lambda v: v - 0.01, -0.1), 0.4),
        ("tanh_is_near_linear", bent("tanh", lambda v: v + 0.01, 0.1), 0.1),
        ("sigmoid_derivative_peaks", bent("sigmoid", lambda d: d + 0.1, 0.0, "derivative"), 0.1),
        ("sigmoid_derivative_peaks", bent("sigmoid", lambda d: d + 1, 4.0, "derivative"), 0.77),
        ("tanh_derivative_peaks", bent("tanh", lambda d: d - 0.1, 0.0, "derivative"), 0.1),
        ("sigmoid_derivative_falls", bent("sigmoid", lambda d: d + 0.1, 4.0, "derivative"), 0.1),
        ("sigmoid_derivative_falls", bent("sigmoid", lambda d: d + 0.1, -4.0, "derivative"), 0.1),
        ("tanh_derivative_falls", bent("tanh", lambda d: d + 0.1, -4.0, "derivative"), 0.1),
        ("sigmoid_is_within_zero_and_one", bent("sigmoid", lambda v: v + 0.5, 8.0), -0.5),
        ("sigmoid_is_within_zero_and_one", bent("sigmoid", lambda v: v - 0.5, -8.0), -0.5),
        ("tanh_is_symmetric", bent("tanh", lambda v: v + 0.3, 4.0), 0.3),
        ("tanh_is_symmetric", bent("tanh", lambda v: v - 0.3, 4.0), 0.3),
    ],
)
def test_claims_about_activation_functions_follow_the_tables(name, changed, evidence):
    assert judged(name, activations=CURVES)["verdict"] == HOLDS
    found = judged(name, activations=changed)
    assert (found["evidence"], found["verdict"]) == (pytest.approx(evidence, abs=0.02), FAILS)


def test_two_affine_maps_are_one_relative_to_the_largest_output():
    table = pd.DataFrame({"greatest_difference": [1e-10, 5e-10], "greatest_logit": [10.0, 1.0]})
    found = judged("affine_of_affine_is_affine", affine_collapse_difference=table)
    assert (found["evidence"], found["verdict"]) == (5e-10, HOLDS)
    table["greatest_difference"] = [1e-3, 0.0]
    found = judged("affine_of_affine_is_affine", affine_collapse_difference=table)
    assert (found["evidence"], found["verdict"]) == (1e-4, FAILS)


def gains(without, with_relu):
    accuracy = {"softmax_regression": 0.8, "without_activation": 0.8 + without}
    accuracy["with_relu"] = accuracy["without_activation"] + with_relu
    rows = [
        (model, replicate, value + (model == "softmax_regression") * 0.001 * (replicate - 1))
        for model, value in accuracy.items()
        for replicate in range(3)
    ]
    return {"affine_collapse": pd.DataFrame(rows, columns=["model", "replicate", "test_accuracy"])}


@pytest.mark.parametrize(
    ("name", "good", "bad", "evidence"),
    [
        ("no_gain_without_activation", gains(0.001, 0), gains(0.1, 0), 0.001),
        ("no_gain_without_activation", gains(-0.1, 0), gains(0.1, 0), -0.1),
        ("activation_makes_the_difference", gains(0, 0.05), gains(0, -0.05), 0.05),
    ],
)
def test_claims_about_a_hidden_layer_without_activation_follow_the_tables(
    name, good, bad, evidence
):
    found = judged(name, **good)
    assert (found["evidence"], found["verdict"]) == (pytest.approx(evidence), HOLDS)
    assert judged(name, **bad)["verdict"] == FAILS


@pytest.mark.parametrize(("gain", "verdict"), [(0.02, HOLDS), (-0.02, FAILS), (0.001, OPEN)])
def test_the_perceptron_gains_over_softmax_regression_on_the_same_images(gain, verdict):
    pairs = made.uncertainty_pairs("flat", "mlp", -gain)
    found = judged("perceptron_beats_softmax_regression", uncertainty_pairs=pairs, models=MODELS)
    assert (found["evidence"], found["verdict"]) == (pytest.approx(gain), verdict)
    assert found["covers"] == "initial values and shuffles; test examples"
    assert found["share"] == pytest.approx(0.1)


@pytest.mark.parametrize(("gain", "verdict"), [(0.02, HOLDS), (-0.02, FAILS)])
def test_the_gain_in_folds_compares_results_on_the_same_fold(gain, verdict):
    flat = np.array([0.7, 0.9, 0.8])
    deep = flat + gain + np.array([-0.001, 0.0, 0.001])
    kfold = made.history({"mlp": deep, "flat": flat}, "fold", "validation")
    found = judged("perceptron_beats_softmax_regression_in_folds", kfold=kfold, models=MODELS)
    assert (found["evidence"], found["verdict"]) == (pytest.approx(gain), verdict)
    naive = 4.303 * 0.001 / 3**0.5
    assert found["ci_high"] - gain == pytest.approx(naive * (1 + 3 / 2) ** 0.5, rel=1e-3)


def gradients(activation, depth, orders, initial):
    """Return gradients of the first layer; one kind is orders of magnitude above the others."""
    rows = [
        (a, i, d, r, 10.0 ** (orders * ((a, d, i) == (activation, depth, initial)) + r))
        for a in ("relu", "sigmoid", "tanh")
        for i in ("notes", "xavier", "he")
        for d in (1, 4, 8)
        for r in range(3)
    ]
    columns = ["activation", "initial", "depth", "replicate", "first_layer"]
    return {"vanishing_gradients": pd.DataFrame(rows, columns=columns)}


@pytest.mark.parametrize(
    ("name", "good", "bad", "evidence"),
    [
        ("relu_eases_vanishing_gradients", ("relu", 8, 2, "notes"), ("relu", 1, 2, "notes"), 2),
        (
            "relu_eases_vanishing_gradients_by_xavier",
            ("relu", 8, 2, "xavier"),
            ("sigmoid", 8, 2, "xavier"),
            2,
        ),
        ("relu_keeps_the_gradient", ("relu", 8, -0.5, "notes"), ("relu", 8, -2, "notes"), -0.5),
        ("relu_keeps_the_gradient", ("relu", 1, 0.5, "notes"), ("relu", 1, 2, "notes"), -0.5),
        ("relu_keeps_the_gradient_by_he", ("relu", 8, -0.5, "he"), ("relu", 8, -2, "he"), -0.5),
    ],
)
def test_claims_about_gradients_follow_the_tables(name, good, bad, evidence):
    found = judged(name, **gradients(*good))
    assert (found["evidence"], found["verdict"]) == (pytest.approx(evidence), HOLDS)
    assert judged(name, **gradients(*bad))["verdict"] == FAILS


@pytest.mark.parametrize(("apart", "verdict"), [(0.001, HOLDS), (0.1, FAILS)])
def test_claims_about_the_two_ways_follow_the_tables(apart, verdict):
    modules = MODULES | {"concise": "mlp.concise"}
    accuracies = {"mlp": [0.8, 0.9], "concise": [0.8 + apart, 0.9 - apart], "flat": [0.1, 0.1]}
    training = made.history(accuracies, "replicate", "test")
    found = judged("perceptron_agrees", training=training, models=made.models(**modules))
    assert (found["evidence"], found["verdict"]) == (pytest.approx(apart), verdict)


def test_every_claim_of_these_sections_is_tested_here():
    text = Path(__file__).read_text("utf-8")
    assert [name for name in BY_ID if f'"{name}"' not in text] == []
