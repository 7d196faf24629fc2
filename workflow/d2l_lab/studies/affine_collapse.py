"""A perceptron without activation function is one affine map (notes 4.1.1)."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import torch
from torch import Tensor

from d2l_lab.models.mlp import scratch as mlp
from d2l_lab.models.mlp.initial import initial_parameters
from d2l_lab.models.softmax_regression import scratch as softmax_regression
from d2l_lab.models.softmax_regression.scratch import cross_entropy, softmax
from d2l_lab.studies._training import examples_of, explained, in_company
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Evaluation, Examples, Record, Replicas, fit
from d2l_lab.training.minibatches import shared, shuffles
from d2l_lab.training.products import affine
from d2l_lab.training.randomness import be_deterministic, generator
from d2l_lab.training.scratch import FromScratch

TABLES = ("affine_collapse", "affine_collapse_difference")


def logits(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """Give (XW₁ + b₁)W₂ + b₂, (R, B, q), from images X (R, B, ...) (notes 4.1.1)."""
    H = affine(X.flatten(2), W1, b1)
    return affine(H, W2, b2)


def net(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """Give the probabilities (R, B, q): the notes' perceptron, but with no activation."""
    return softmax(logits(X, W1, b1, W2, b2))


def build(
    inputs: int,
    outputs: int,
    generators: Sequence[torch.Generator],
    learning_rate: float,
    device: str,
    *,
    hidden_units: int,
) -> FromScratch:
    """Build one replica of the perceptron without activation for each generator."""
    initial = [initial_parameters(inputs, outputs, hidden_units, one) for one in generators]
    return FromScratch(net, cross_entropy, initial, learning_rate, device)


def study(
    fashion_mnist_train: Data,
    fashion_mnist_test: Data,
    seed: int,
    *,
    hidden_units: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Train a perceptron without activation, and what it is to be compared with (notes 4.1.1).

    All three models see the same minibatches; the two perceptrons start from the same values.

    Parameters
    ----------
    fashion_mnist_train, fashion_mnist_test : Data
    seed : int
    hidden_units, epochs, batch_size : int
    learning_rate : float
    replicates : int
        Trainings of each model, with other initial values and shuffles.

    Returns
    -------
    dict
        ``affine_collapse``: model (softmax_regression, without_activation, with_relu), replicate,
        test_loss and test_accuracy after the last epoch.

        ``affine_collapse_difference``: replicate, greatest_difference (between the logits of the
        trained perceptron without activation and those of the one affine map that it equals, on
        the test images, in double precision), greatest_logit (absolute), changed_predictions (test
        images which the two put into different classes).

    Raises
    ------
    LabError
        If a loss stops being finite.
    """
    be_deterministic()
    train, test = examples_of(fashion_mnist_train), examples_of(fashion_mnist_test)
    builders = {
        "softmax_regression": softmax_regression.build,
        "without_activation": partial(build, hidden_units=hidden_units),
        "with_relu": partial(mlp.build, hidden_units=hidden_units),
    }
    shape = train.X[0].numel(), fashion_mnist_train.outputs
    models = {
        name: builder(*shape, generators(seed, "initial values", replicates), learning_rate, "cpu")
        for name, builder in builders.items()
    }
    shuffling = generators(seed, "shuffles", replicates)
    with explained("affine_collapse", "replicate", [learning_rate] * len(models), "learning_rate"):
        histories = descend([*models.values()], train, test, shuffling, epochs, batch_size)
    tested = [
        (name, one.replica, one.loss, one.accuracy)
        for name, records in zip(models, histories, strict=True)
        for one in records[:replicates]
    ]
    parameters = models["without_activation"].parameters()
    images = torch.from_numpy(fashion_mnist_test.numbers)
    differences = [
        (one, *difference(images, **{name: values[one] for name, values in parameters.items()}))
        for one in range(replicates)
    ]
    return {
        "affine_collapse": pd.DataFrame(
            tested, columns=["model", "replicate", "test_loss", "test_accuracy"]
        ),
        "affine_collapse_difference": pd.DataFrame(
            differences,
            columns=["replicate", "greatest_difference", "greatest_logit", "changed_predictions"],
        ),
    }


def generators(seed: int, purpose: str, replicates: int) -> list[torch.Generator]:
    """Make the generators of all replicates, the same for every model."""
    return [generator(seed, "affine_collapse", purpose, one) for one in in_company(replicates)]


def descend(
    models: Sequence[Replicas],
    train: Examples,
    test: Examples,
    shuffling: Sequence[torch.Generator],
    epochs: int,
    batch_size: int,
) -> list[list[Record]]:
    """Train all replicas of each model and test them at the end; each shuffles by its generator."""
    rows, test_rows = (torch.arange(len(half.X)) for half in (train, test))
    histories = fit(
        models,
        train,
        shuffles([rows] * len(shuffling), shuffling),
        [Evaluation("test", test, shared(test_rows, len(shuffling)), None)],
        epochs=epochs,
        batch_size=batch_size,
    )
    return [[record for record in one if record.split == "test"] for one in histories]


def difference(
    X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> tuple[float, float, int]:
    """Compare one perceptron without activation with the affine map X(W₁W₂) + (b₁W₂ + b₂).

    Parameters
    ----------
    X : Tensor, (n, ...)
    W1, b1, W2, b2 : Tensor, (d, h), (1, h), (h, q) and (1, q)

    Returns
    -------
    tuple
        The greatest difference of the logits, the greatest absolute logit, and for how many rows
        the greatest logit is another one; in double precision.
    """
    X, W1, b1, W2, b2 = (one.double().unsqueeze(0) for one in (X, W1, b1, W2, b2))
    layers = logits(X, W1, b1, W2, b2)
    one_map = affine(X.flatten(2), W1 @ W2, b1 @ W2 + b2)
    changed = layers.argmax(dim=-1) != one_map.argmax(dim=-1)
    return (layers - one_map).abs().max().item(), layers.abs().max().item(), changed.sum().item()
