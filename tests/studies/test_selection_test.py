"""The chosen model is tested once."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import d2l_lab.studies.selection_test as module
from d2l_lab.studies.given import Data, Studied
from recipes import images

TEST = Data(images("test").X.numpy(), images("test").y.numpy(), 10)
FOLDS = pd.DataFrame(
    [
        (rate, fold, split, loss + 0.1 * fold, accuracy - 0.01 * fold, n)
        for rate, loss, accuracy in ((0.01, 2.0, 0.5), (0.1, 1.0, 0.7))
        for split, n in (("train", 20), ("validation", 10))
        for fold in range(3)
    ],
    columns=["learning_rate", "fold", "split", "loss", "accuracy", "n"],
)
CHOICE = pd.DataFrame(
    [(0.1, 1.1, 0.69, 0.9, 0.75)],
    columns=[
        "learning_rate",
        "validation_loss",
        "validation_accuracy",
        "train_loss",
        "train_accuracy",
    ],
)


def parameters(scale=0.1, seed=0, inputs=784):
    rng = np.random.default_rng(seed)
    shapes = {"W": (inputs, 10), "b": (1, 10)}
    return {name: rng.normal(0, scale, shape).astype(np.float32) for name, shape in shapes.items()}


def picked(arrays):
    return Studied({"selection": FOLDS, "selection_choice": CHOICE}, arrays)


def result(arrays=None, data=TEST):
    return module.study(picked(arrays or parameters()), data)["selection_test"]


def test_the_validation_has_the_means_of_the_choice_and_the_spread_of_its_folds():
    row = result().iloc[0]
    assert (row["split"], row["learning_rate"], row["n"]) == ("validation", 0.1, 30)
    assert (row["loss"], row["accuracy"]) == (1.1, 0.69)
    of_folds = (1 / 3 + 1 / 2) ** 0.5  # folds share training examples (Nadeau and Bengio)
    assert row["loss_error"] == pytest.approx(0.1 * of_folds)
    assert row["accuracy_error"] == pytest.approx(0.01 * of_folds)
    assert row["freedom"] == 2


def test_the_test_equals_torchs_cross_entropy_and_accuracy():
    arrays, row = parameters(), result().iloc[1]
    X, y = torch.from_numpy(TEST.X).flatten(1).double(), torch.from_numpy(TEST.y)
    O = X @ torch.from_numpy(arrays["W"]).double() + torch.from_numpy(arrays["b"])  # noqa: E741
    losses = torch.nn.CrossEntropyLoss(reduction="none")(O, y)
    accuracy = (O.argmax(dim=1) == y).double().mean().item()
    assert row["loss"] == pytest.approx(losses.mean().item(), rel=1e-12)
    assert row["loss_error"] == pytest.approx(losses.std().item() / 200**0.5, rel=1e-12)
    assert row["accuracy"] == accuracy
    assert (row["split"], row["learning_rate"], row["n"]) == ("test", 0.1, 200)
    assert row["accuracy_error"] == pytest.approx((accuracy * (1 - accuracy) / 200) ** 0.5)


@given(st.integers(0, 1000), st.floats(-1e3, 1e3))
def test_a_number_added_to_every_logit_changes_nothing(seed, shift):
    rng = np.random.default_rng(seed)
    data = Data(rng.random((6, 1, 2, 2), np.float32), rng.integers(10, size=6), 10)
    arrays = parameters(1, seed, inputs=4)
    W, b = arrays["W"], arrays["b"].astype(float)
    found, shifted = (module.examine([(W, own)], data) for own in (b, b + shift))
    np.testing.assert_allclose(shifted["loss"], found["loss"], rtol=0, atol=1e-11)
    assert (found["loss"] > 0).all()
    assert np.array_equal(shifted["accuracy"], found["accuracy"])


def test_the_loss_of_a_single_image_has_no_error():
    row = result(data=Data(TEST.X[:1], TEST.y[:1], 10)).iloc[1]
    assert row["n"] == 1
    assert np.isnan(row["loss_error"])
    assert row["accuracy_error"] == 0
