"""The multilayer perceptron by `torch.nn` (notes 4.3)."""

from functools import partial
from itertools import pairwise

import torch
from torch import nn

from d2l_lab.models.mlp.initial import initial_parameters, widths
from d2l_lab.training.concise import Concise, initialise

TASK = "classification"


def network(
    inputs: int, outputs: int, hidden_units: int | list[int], generator: torch.Generator
) -> nn.Sequential:
    """Make one replica's net, with the same initial values as from scratch (notes 4.3.1)."""
    initial = initial_parameters(inputs, outputs, hidden_units, generator)
    net = nn.Sequential(nn.Flatten())
    for number, (d, h) in enumerate(pairwise(widths(inputs, outputs, hidden_units)), start=1):
        net.append(nn.Linear(d, h))
        initialise(net[-1], initial[f"W{number}"], initial[f"b{number}"])
        net.append(nn.ReLU())
    return net[:-1]  # outputs may be negative, so no ReLU at the end


def names(layers: int) -> dict[str, str]:
    """Return the notes' names of the parameters of some linear layers: W1, b1, W2 and so on."""
    kinds = {"weight": "W", "bias": "b"}
    return {
        f"{2 * number - 1}.{kind}": f"{letter}{number}"
        for number in range(1, layers + 1)
        for kind, letter in kinds.items()
    }


def build(inputs, outputs, generators, device, *, hidden_units: int | list[int] = 256) -> Concise:
    """Build one replica for each generator; arguments after the star can be configured."""
    layers = len(widths(inputs, outputs, hidden_units)) - 1
    loss = nn.CrossEntropyLoss(reduction="none")
    make_net = partial(network, inputs, outputs, hidden_units)
    return Concise(make_net, generators, loss, device, names(layers))
