"""Softmax regression from scratch (notes 3.6)."""

import torch
from torch import Tensor

from d2l_lab.models.softmax_regression.initial import initial_parameters
from d2l_lab.training.scratch import FromScratch

TASK = "classification"


def softmax(O: Tensor) -> Tensor:  # noqa: E741 (the notes' name)
    """Return exp(o_j) / Σ_k exp(o_k) along the last dimension (notes 3.4)."""
    O_exp = torch.exp(O)
    partition = O_exp.sum(-1, keepdim=True)
    return O_exp / partition


def cross_entropy(y_hat: Tensor, y: Tensor) -> Tensor:
    """Return -log ŷ_y of each example, (R, B), from ŷ (R, B, q) and labels y (R, B).

    Labels are one-hot, so in the sum over the classes only the true class's term remains.
    """
    return -torch.log(y_hat.gather(-1, y.unsqueeze(-1)).squeeze(-1))


def net(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """Return the probabilities (R, B, q) from images X (R, B, 1, 28, 28)."""
    return softmax(X.flatten(2) @ W + b)


def build(inputs, outputs, generators, device) -> FromScratch:
    """Build one replica for each generator."""
    initial = [initial_parameters(inputs, outputs, generator) for generator in generators]
    return FromScratch(net, cross_entropy, initial, device)
