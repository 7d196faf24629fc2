"""The gradient that reaches the first layer of a deep perceptron (notes 4.1.2)."""

from collections.abc import Callable
from itertools import pairwise, product

import pandas as pd
import torch
from torch import Tensor, nn

from d2l_lab.models.mlp.scratch import relu
from d2l_lab.studies.given import Data
from d2l_lab.training.products import matmul
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("vanishing_gradients",)
ACTIVATIONS = {"relu": relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}
DEVIATIONS = {  # standard deviations of a layer's initial weights
    "notes": lambda _inputs, _outputs: 0.01,
    "xavier": lambda inputs, outputs: (2 / (inputs + outputs)) ** 0.5,
    "he": lambda inputs, _outputs: (2 / inputs) ** 0.5,
}


def study(
    fashion_mnist_train: Data,
    seed: int,
    *,
    depths: list[int],
    hidden_units: int,
    examples: int,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Take one backward pass through untrained perceptrons of several depths (notes 4.1.2).

    All activations, initial values and depths use the same random numbers, in double precision, so
    that nothing underflows. The depth is the number of hidden layers. The loss is averaged over the
    first images, up to the number that there are.

    Returns
    -------
    dict
        ``vanishing_gradients``: activation (relu, sigmoid, tanh), initial (notes: N(0, 0.01²);
        xavier: N(0, 2 / (inputs + outputs)) of each layer; he: N(0, 2 / inputs)), depth,
        replicate, first_layer and last_layer (root mean square of the gradient for the weights next
        to the images and next to the classes), ratio (first by last; missing if both are zero).
    """
    be_deterministic()
    fashion_mnist_train.require(examples, "vanishing_gradients")
    X = torch.from_numpy(fashion_mnist_train.numbers[:examples]).flatten(1).double()
    y = torch.from_numpy(fashion_mnist_train.y[:examples])
    rows = []
    for (name, activation), initial, depth in product(ACTIVATIONS.items(), DEVIATIONS, depths):
        sizes = [X.shape[1], *[hidden_units] * depth, fashion_mnist_train.outputs]
        weights = initial_weights(sizes, initial, seed, replicates)
        found = gradients(X, y, weights, activation)
        first, last = (root_mean_square(gradient) for gradient in found)
        rows += [
            (name, initial, depth, replicate, *values)
            for replicate, values in enumerate(torch.stack([first, last, first / last], 1).tolist())
        ]
    columns = ["activation", "initial", "depth", "replicate", "first_layer", "last_layer", "ratio"]
    return {"vanishing_gradients": pd.DataFrame(rows, columns=columns)}


def initial_weights(sizes: list[int], initial: str, seed: int, replicates: int) -> list[Tensor]:
    """Draw the weights of every layer, each (R, inputs, outputs), float64.

    Networks of different depths begin with the same numbers.
    """
    generators = [
        generator(seed, "vanishing_gradients", "initial values", replicate)
        for replicate in range(replicates)
    ]
    return [
        torch.stack([torch.randn(shape, generator=g, dtype=torch.float64) for g in generators])
        * DEVIATIONS[initial](*shape)
        for shape in pairwise(sizes)
    ]


def gradients(
    X: Tensor, y: Tensor, weights: list[Tensor], activation: Callable[[Tensor], Tensor]
) -> tuple[Tensor, ...]:
    """Return the gradients of the mean cross-entropy for the first and the last layer's weights.

    X is (n, d), and each layer's weights are (R, inputs, outputs). The biases are zero, like the
    notes' initial biases.
    """
    *hidden, last = weights
    replicates = len(last)
    ends = [weights[0].requires_grad_(), last.requires_grad_()]
    H = X.expand(replicates, *X.shape)
    for W in hidden:
        H = activation(matmul(H, W))
    outputs = matmul(H, last)
    loss = nn.CrossEntropyLoss(reduction="none")(outputs.flatten(0, 1), y.repeat(replicates))
    means = loss.reshape(replicates, -1).mean(dim=1)
    return torch.autograd.grad(means.sum(), ends)  # replicates share no weights


def root_mean_square(gradient: Tensor) -> Tensor:
    """Return the root mean square of each replicate, (R,) from (R, ...), without underflow."""
    gradient = gradient.flatten(1)
    greatest = gradient.abs().amax(dim=1, keepdim=True)
    scaled = gradient / greatest.where(greatest > 0, 1)
    return greatest[:, 0] * scaled.square().mean(dim=1).sqrt()
