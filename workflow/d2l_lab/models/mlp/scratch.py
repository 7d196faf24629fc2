"""The multilayer perceptron from scratch (notes 4.2)."""

import torch
from torch import Tensor

from d2l_lab.models.mlp.initial import initial_parameters
from d2l_lab.models.softmax_regression.scratch import cross_entropy, softmax
from d2l_lab.training.scratch import FromScratch

TASK = "classification"


def relu(X: Tensor) -> Tensor:
    """Return max(X, 0) of each element (notes 4.2.2).

    Where X is at most 0, both the value and the gradient are 0, as for `nn.ReLU`. ``torch.max(X,
    0)`` has the same values, but its gradient at X = 0 is 1/2.
    """
    return torch.threshold(X, 0, 0)


def net(X: Tensor, **parameters: Tensor) -> Tensor:
    """Return the probabilities (R, B, q) from images X (R, B, 1, 28, 28).

    The notes have one hidden layer, H = ReLU(XW₁ + b₁); here there may be several in a row.
    """
    *hidden, (W, b) = layers(parameters)
    H = X.flatten(2)
    for W_hidden, b_hidden in hidden:
        H = relu(H @ W_hidden + b_hidden)
    return softmax(H @ W + b)


def layers(parameters: dict[str, Tensor]) -> list[tuple[Tensor, Tensor]]:
    """Pair the weights and the bias of each layer: (W1, b1), (W2, b2) and so on."""
    values = [*parameters.values()]
    return [*zip(values[::2], values[1::2], strict=True)]


def build(
    inputs, outputs, generators, device, *, hidden_units: int | list[int] = 256
) -> FromScratch:
    """Build one replica for each generator; arguments after the star can be configured."""
    initial = [initial_parameters(inputs, outputs, hidden_units, g) for g in generators]
    return FromScratch(net, cross_entropy, initial, device)
