"""Linear regression by `torch.nn` (notes 3.3)."""

from functools import partial

import torch
from torch import nn

from d2l_lab.models.linear_regression.initial import initial_parameters
from d2l_lab.training.concise import Concise, initialise

TASK = "regression"


def network(inputs: int, outputs: int, generator: torch.Generator) -> nn.Sequential:
    """Make one replica's net, with the same initial values as from scratch."""
    net = nn.Sequential(nn.Linear(inputs, outputs))
    initial = initial_parameters(inputs, outputs, generator)
    initialise(net[0], initial["w"], initial["b"])
    return net


def build(inputs, outputs, generators, device) -> Concise:
    """Build one replica for each generator."""
    names = {"0.weight": "w", "0.bias": "b"}
    loss = nn.MSELoss(reduction="none")
    return Concise(partial(network, inputs, outputs), generators, loss, device, names)
