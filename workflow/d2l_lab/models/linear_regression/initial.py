"""The initial values of linear regression, from scratch and concise (notes 3.2, 3.3)."""

import torch
from torch import Tensor

from d2l_lab.training.randomness import normal


def initial_parameters(inputs: int, outputs: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Draw one replica's initial values: weights from N(0, 0.01²), the bias zero."""
    return {"w": normal((inputs, outputs), 0.01, generator), "b": torch.zeros(1, outputs)}
