"""Where the multilayer perceptron starts, in either way (notes 4.2.1, 4.3.1)."""

import torch
from torch import Tensor

from d2l_lab.training.randomness import normal


def initial_parameters(
    inputs: int, outputs: int, hidden_units: int, generator: torch.Generator
) -> dict[str, Tensor]:
    """Draw one replica's initial values: weights from N(0, 0.01²), biases zero (notes 4.2.1)."""
    return {
        "W1": normal((inputs, hidden_units), 0.01, generator),
        "b1": torch.zeros(1, hidden_units),
        "W2": normal((hidden_units, outputs), 0.01, generator),
        "b2": torch.zeros(1, outputs),
    }
