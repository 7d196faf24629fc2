"""Softmax regression by `torch.nn` (notes 3.7)."""

from functools import partial

import torch
from torch import nn

from d2l_lab.models.softmax_regression.initial import initial_parameters
from d2l_lab.training.concise import Concise, initialise

TASK = "classification"


def network(inputs: int, outputs: int, generator: torch.Generator) -> nn.Sequential:
    """Make one replica's net, with the same initial values as from scratch.

    It has no softmax layer: `nn.CrossEntropyLoss` computes the logarithm of the softmax itself,
    without overflow (notes 3.7.2).
    """
    net = nn.Sequential(nn.Flatten(), nn.Linear(inputs, outputs))
    initial = initial_parameters(inputs, outputs, generator)
    initialise(net[1], initial["W"], initial["b"])
    return net


def build(inputs, outputs, generators, device) -> Concise:
    """Build one replica for each generator."""
    names = {"1.weight": "W", "1.bias": "b"}
    loss = nn.CrossEntropyLoss(reduction="none")
    return Concise(partial(network, inputs, outputs), generators, loss, device, names)
