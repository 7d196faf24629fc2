"""Nets of the kinds that users bring, each as a module of models."""

import sys
from collections.abc import Callable
from types import ModuleType

import torch
from torch import nn

from d2l_lab.training.concise import Concise


def as_module(name: str, network: Callable[[int], nn.Module]) -> str:
    """Make a module of models that builds a net with some outputs; return its name."""

    def build(inputs, outputs, generators, device):
        loss = nn.CrossEntropyLoss(reduction="none")
        return Concise(lambda generator: network(outputs), generators, loss, device)

    module = ModuleType(f"d2l_lab.models.nets.{name}")
    module.build, module.network = build, network
    sys.modules[module.__name__] = module
    return f"nets.{name}"


def network_of(name: str) -> Callable[[int], nn.Module]:
    """Return the net that a module was built from."""
    return sys.modules[f"d2l_lab.models.{name}"].network


class Rows(nn.Module):
    """An LSTM that reads an image row by row and classifies by its last state."""

    def __init__(self, outputs: int):
        super().__init__()
        self.lstm = nn.LSTM(28, 8, batch_first=True, num_layers=2, dropout=0.3)
        self.linear = nn.Linear(8, outputs)

    def forward(self, X):
        states, _ = self.lstm(X.squeeze(1))
        return self.linear(states[:, -1])


class Words(nn.Module):
    """Sixteen levels of grey as words, each with its own learned vector."""

    def __init__(self, outputs: int):
        super().__init__()
        self.embedding = nn.Embedding(16, 4)
        self.linear = nn.Linear(4, outputs)

    def forward(self, X):
        return self.linear(self.embedding((X.flatten(1) * 15).long()).mean(dim=1))


class Noisy(nn.Linear):
    """A linear layer in name only: it shifts its inputs by their mean and adds noise."""

    def forward(self, X):
        X = X - X.mean(dim=0) * self.training
        return super().forward(X + 0.1 * torch.randn_like(X))


def sequence(*layers: Callable[[], nn.Module]) -> Callable[[int], nn.Module]:
    """Put layers between an image of 784 numbers and its outputs, from 16 hidden units."""
    return lambda outputs: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 16), *(layer() for layer in layers), nn.Linear(16, outputs)
    )


ENDLESS_NOISE = as_module("subclass", sequence(nn.Tanh, lambda: Noisy(16, 16)))
NETS = [
    ENDLESS_NOISE,
    as_module("dropout", sequence(nn.ReLU, lambda: nn.Dropout(0.5))),
    as_module("batch_norm", sequence(lambda: nn.BatchNorm1d(16), nn.ReLU)),
    as_module("along_a_dimension", sequence(lambda: nn.LayerNorm(16), lambda: nn.Softmax(dim=1))),
    as_module("lstm", Rows),
    as_module("embedding", Words),
]
CONVOLUTIONAL = as_module(
    "convolutional",
    lambda outputs: nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=2),
        nn.BatchNorm2d(4),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(4 * 6 * 6, outputs),
    ),
)
NETS.append(CONVOLUTIONAL)
