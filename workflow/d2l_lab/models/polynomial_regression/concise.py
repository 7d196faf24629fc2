"""Polynomial regression by `torch.nn` (notes 4.4.4)."""

from functools import partial

import torch
from torch import nn

from d2l_lab.training.concise import Concise, initialise

TASK = "regression"


def network(inputs: int, outputs: int, generator: torch.Generator) -> nn.Sequential:
    """Make one replica's net: linear, without a bias, since the feature x⁰ = 1 acts as one.

    The notes leave the initial values to `nn.Linear`, which draws from U(-1/√d, 1/√d). So does
    this, with the replica's own generator.
    """
    net = nn.Sequential(nn.Linear(inputs, outputs, bias=False))
    bound = inputs**-0.5
    initialise(net[0], torch.empty(inputs, outputs).uniform_(-bound, bound, generator=generator))
    return net


def build(inputs, outputs, generators, device) -> Concise:
    """Build one replica for each generator."""
    loss = nn.MSELoss(reduction="none")
    return Concise(partial(network, inputs, outputs), generators, loss, device, {"0.weight": "w"})
