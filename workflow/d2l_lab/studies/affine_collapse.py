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
from d2l_lab.studies._together import train_together
from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Evaluation, with_companion
from d2l_lab.training.minibatches import shared
from d2l_lab.training.parameters import Parameter
from d2l_lab.training.randomness import be_deterministic
from d2l_lab.training.scratch import FromScratch

TABLES = ("affine_collapse", "affine_collapse_difference")


def logits(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """Return (XW₁ + b₁)W₂ + b₂, (R, B, q), from images X (R, B, ...) (notes 4.1.1)."""
    H = X.flatten(2) @ W1 + b1
    return H @ W2 + b2


def net(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """Return the probabilities (R, B, q): the notes' perceptron, but with no activation."""
    return softmax(logits(X, W1, b1, W2, b2))


def build(
    inputs: int,
    outputs: int,
    generators: Sequence[torch.Generator],
    device: str,
    *,
    hidden_units: int,
) -> FromScratch:
    """Build one replica of the perceptron without activation for each generator."""
    initial = [initial_parameters(inputs, outputs, hidden_units, g) for g in generators]
    return FromScratch(net, cross_entropy, initial, device)


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
    """Train a perceptron without activation, and two models to compare it with (notes 4.1.1).

    All three models see the same minibatches; the two perceptrons start from the same values.

    Returns
    -------
    dict
        ``affine_collapse``: model (softmax_regression, without_activation, with_relu), replicate,
        test_loss and test_accuracy after the last epoch.

        ``affine_collapse_difference``: replicate, greatest_difference (between the logits of the
        trained perceptron without activation and those of the one affine map that it equals, on the
        test images, in double precision), greatest_logit (absolute), changed_predictions (test
        images that the two classify differently).

    Raises
    ------
    LabError
        If a loss stops being finite.
    """
    be_deterministic()
    test = to_examples(fashion_mnist_test)
    numbers = with_companion(range(replicates))
    builders = {
        "softmax_regression": softmax_regression.build,
        "without_activation": partial(build, hidden_units=hidden_units),
        "with_relu": partial(mlp.build, hidden_units=hidden_units),
    }
    trained, histories = train_together(
        "affine_collapse",
        fashion_mnist_train,
        [torch.arange(len(fashion_mnist_train.X))] * len(numbers),
        [*builders.values()],
        [learning_rate] * len(builders),
        [Evaluation("test", test, shared(torch.arange(len(test.X)), len(numbers)), None)],
        seed=seed,
        counted="replicate",
        rates_key="learning_rate",
        epochs=epochs,
        batch_size=batch_size,
    )
    tested = [
        (name, record.replica, record.loss, record.metrics["accuracy"])
        for name, history in zip(builders, histories, strict=True)
        for record in history
        if record.replica < replicates
    ]
    models = dict(zip(builders, trained, strict=True))
    parameters = models["without_activation"].parameters()
    images = torch.from_numpy(fashion_mnist_test.numbers)
    differences = [
        (r, *difference(images, **{name: values[r] for name, values in parameters.items()}))
        for r in range(replicates)
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


@torch.no_grad()
def difference(
    X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> tuple[float, float, int]:
    """Compare one perceptron without activation with the affine map X(W₁W₂) + (b₁W₂ + b₂).

    The parameters are those of a single replica, such as W1 (d, h), and X is (n, ...).

    Returns
    -------
    tuple
        The greatest difference of the logits, the greatest absolute logit, and the number of rows
        with another predicted class; in double precision.
    """
    X, *values = (tensor.double().unsqueeze(0) for tensor in (X, W1, b1, W2, b2))
    W1, b1, W2, b2 = map(Parameter, values)
    layers = logits(X, W1, b1, W2, b2)
    one_map = X.flatten(2) @ Parameter(W1 @ W2) + (b1 @ W2 + b2)
    changed = layers.argmax(dim=-1) != one_map.argmax(dim=-1)
    return (layers - one_map).abs().max().item(), layers.abs().max().item(), changed.sum().item()
