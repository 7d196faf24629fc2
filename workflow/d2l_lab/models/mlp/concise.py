"""The multilayer perceptron by `torch.nn` (notes 4.3)."""

import torch
from torch import nn

from d2l_lab.models.mlp.initial import initial_parameters
from d2l_lab.training.concise import Concise, initialise

TASK = "classification"


def network(
    inputs: int, outputs: int, hidden_units: int, generator: torch.Generator
) -> nn.Sequential:
    """Make one replica's net, with the initial values of the way from scratch (notes 4.3.1)."""
    net = nn.Sequential(
        nn.Flatten(),
        nn.Linear(inputs, hidden_units),
        nn.ReLU(),
        nn.Linear(hidden_units, outputs),
    )
    initial = initial_parameters(inputs, outputs, hidden_units, generator)
    initialise(net[1], initial["W1"], initial["b1"])
    initialise(net[3], initial["W2"], initial["b2"])
    return net


def build(inputs, outputs, generators, device, *, hidden_units: int = 256) -> Concise:
    """Build one replica for each generator; what stands after the star can be configured."""
    nets = [network(inputs, outputs, hidden_units, generator) for generator in generators]
    names = {"1.weight": "W1", "1.bias": "b1", "3.weight": "W2", "3.bias": "b2"}
    return Concise(nets, nn.CrossEntropyLoss(reduction="none"), names, device)
