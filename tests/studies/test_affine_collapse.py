"""A perceptron without activation function is compared with softmax regression."""

from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.studies.affine_collapse import build, difference, study
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import generator
from recipes import images

TRAIN, TEST = (Data(images(s).X.numpy(), images(s).y.numpy(), 10) for s in ("train", "test"))
SETTINGS = {
    "hidden_units": 5,
    "epochs": 2,
    "batch_size": 64,
    "learning_rate": 0.1,
    "replicates": 2,
}


def tables(seed=0, **changes):
    return study(TRAIN, TEST, seed, **SETTINGS | changes)


@cache
def found():
    return tables()


def chance(purpose, replicates):
    return [generator(0, "affine_collapse", purpose, one) for one in range(replicates)]


def train_by_hand(replicate):
    """Train the perceptron without activation by numpy's formulas, in double precision."""
    model = build(784, 10, chance("initial values", 2), "cpu", hidden_units=5)
    start = {
        name: values[replicate].double().numpy() for name, values in model.parameters().items()
    }
    W1, b1, W2, b2 = (start[name] for name in ("W1", "b1", "W2", "b2"))
    (order,) = chance("shuffles", 2)[replicate : replicate + 1]
    images_, labels = TRAIN.X.reshape(500, 784).astype(float), np.eye(10)[TRAIN.y]
    for _ in range(2):
        for rows in torch.randperm(500, generator=order).split(64):
            X, Y = images_[rows], labels[rows]
            H = X @ W1 + b1
            exponentials = np.exp(H @ W2 + b2)
            error = (exponentials / exponentials.sum(axis=1, keepdims=True) - Y) / len(X)
            back = error @ W2.T
            W2, b2 = W2 - 0.1 * H.T @ error, b2 - 0.1 * error.sum(axis=0)
            W1, b1 = W1 - 0.1 * X.T @ back, b1 - 0.1 * back.sum(axis=0)
    O = (TEST.X.reshape(200, 784) @ W1 + b1) @ W2 + b2  # noqa: E741 (the notes' name)
    log_sums = np.log(np.exp(O).sum(axis=1))
    loss = (log_sums - O[np.arange(200), TEST.y]).mean()
    return loss, (O.argmax(axis=1) == TEST.y).mean(), np.abs(O).max()


@pytest.mark.parametrize("replicate", [0, 1])
def test_the_perceptron_without_activation_learns_as_computed_by_hand(replicate):
    rows, compared = found()["affine_collapse"], found()["affine_collapse_difference"]
    row = rows[(rows["model"] == "without_activation") & (rows["replicate"] == replicate)]
    loss, accuracy, greatest = train_by_hand(replicate)
    assert row["test_loss"].item() == pytest.approx(loss, rel=1e-5)
    assert row["test_accuracy"].item() == pytest.approx(accuracy)
    assert compared["greatest_logit"][replicate] == pytest.approx(greatest, rel=1e-4)
    assert (compared["greatest_difference"] < 1e-12 * greatest).all()
    assert (compared["changed_predictions"] == 0).all()
    assert [*rows["model"].unique()] == ["softmax_regression", "without_activation", "with_relu"]


def weights(seed, *shapes):
    chance = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=chance) for shape in shapes]


@given(st.integers(0, 1000), st.integers(1, 6), st.integers(1, 6), st.integers(2, 6))
def test_any_two_affine_layers_are_one(seed, inputs, hidden, outputs):
    X, *layers = weights(
        seed, (7, 1, inputs), (inputs, hidden), (1, hidden), (hidden, outputs), (1, outputs)
    )
    apart, greatest, changed = difference(X, *layers)
    W1, b1, W2, b2 = (one.double() for one in layers)
    by_hand = (X.flatten(1).double() @ W1 + b1) @ W2 + b2
    assert greatest == pytest.approx(by_hand.abs().max().item())
    assert apart <= 1e-12 * max(greatest, 1)
    assert changed == 0


def test_an_activation_would_show_in_the_difference(monkeypatch):
    def with_relu(X, W1, b1, W2, b2):
        return torch.relu(X.flatten(2) @ W1 + b1) @ W2 + b2

    monkeypatch.setattr("d2l_lab.studies.affine_collapse.logits", with_relu)
    X, *layers = weights(0, (50, 1, 6), (6, 5), (1, 5), (5, 4), (1, 4))
    apart, _, changed = difference(X, *layers)
    assert apart > 0.1
    assert changed > 0
