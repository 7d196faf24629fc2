"""The initial values of the multilayer perceptron, either way (notes 4.2.1, 4.3.1)."""

from itertools import pairwise

import torch
from torch import Tensor

from d2l_lab.training.randomness import normal


def widths(inputs: int, outputs: int, hidden_units: int | list[int]) -> list[int]:
    """List the numbers of inputs of the first layer and of outputs of each layer."""
    hidden = hidden_units if isinstance(hidden_units, list) else [hidden_units]
    return [inputs, *hidden, outputs]


def initial_parameters(
    inputs: int, outputs: int, hidden_units: int | list[int], generator: torch.Generator
) -> dict[str, Tensor]:
    """Draw one replica's initial values: weights from N(0, 0.01²), biases zero (notes 4.2.1).

    W1 and b1 belong to the first layer, and so on; a list gives the units of each hidden layer.
    """
    initial = {}
    for number, shape in enumerate(pairwise(widths(inputs, outputs, hidden_units)), start=1):
        initial[f"W{number}"] = normal(shape, 0.01, generator)
        initial[f"b{number}"] = torch.zeros(1, shape[1])
    return initial
