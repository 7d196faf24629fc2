"""The initial values of softmax regression, from scratch and concise (notes 3.6, 3.7)."""

import torch
from torch import Tensor

from d2l_lab.training.randomness import normal


def initial_parameters(inputs: int, outputs: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Draw one replica's initial values: weights from N(0, 0.01²), the bias zero."""
    return {"W": normal((inputs, outputs), 0.01, generator), "b": torch.zeros(1, outputs)}
