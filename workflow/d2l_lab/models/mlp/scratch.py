"""The multilayer perceptron from scratch (notes 4.2)."""

import torch
from torch import Tensor

from d2l_lab.models.mlp.initial import initial_parameters
from d2l_lab.models.softmax_regression.scratch import cross_entropy, softmax
from d2l_lab.training.scratch import FromScratch

TASK = "classification"


def relu(X: Tensor) -> Tensor:
    """Give max(X, 0) of each element (notes 4.2.2).

    Where X does not exceed the threshold 0, there is 0, and so is the gradient, as that of
    `nn.ReLU`. ``torch.max(X, 0)`` has the same values, but where X is 0 its gradient is 1/2.
    """
    return torch.threshold(X, 0, 0)


def net(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """Give the probabilities (R, B, q) from images X (R, B, 1, 28, 28)."""
    X = X.flatten(2)
    H = relu(X @ W1 + b1)
    return softmax(H @ W2 + b2)


def build(inputs, outputs, generators, device, *, hidden_units: int = 256) -> FromScratch:
    """Build one replica for each generator; what stands after the star can be configured."""
    initial = [initial_parameters(inputs, outputs, hidden_units, g) for g in generators]
    return FromScratch(net, cross_entropy, initial, device)
