"""skorch's `NeuralNetClassifier` around the notes' `nn.Module`, with the data in memory."""

from typing import Any

import torch
from skorch import NeuralNetClassifier
from skorch.callbacks import Callback
from skorch.dataset import Dataset
from skorch.helper import predefined_split
from torch import nn

from benchmarks.ways import _process
from benchmarks.ways._arrays import halves
from benchmarks.ways._process import Clock
from benchmarks.ways.notes import network


class OnEpoch(Callback):
    """Read the clock after each epoch and its evaluation."""

    def __init__(self, clock: Clock):
        self.clock = clock

    def on_epoch_end(self, *_: Any, **__: Any) -> None:
        """Read it."""
        self.clock()


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """Train for some epochs, and let skorch evaluate the test set after each."""
    (X, y), test = halves(settings)

    def fit(rows: int, epochs: int) -> tuple[NeuralNetClassifier, Clock]:
        clock = Clock()
        net = NeuralNetClassifier(
            network(settings["hidden_units"]),
            criterion=nn.CrossEntropyLoss,
            optimizer=torch.optim.SGD,
            lr=settings["learning_rate"],
            batch_size=settings["batch_size"],
            max_epochs=epochs,
            iterator_train__shuffle=True,
            train_split=predefined_split(Dataset(*test)),
            callbacks=[OnEpoch(clock)],
            verbose=0,
        )
        net.fit(X[:rows], y[:rows])
        return net, clock

    fit(1000, 1)
    net, clock = fit(len(X), settings["epochs"])
    return {"seconds": clock.seconds, "test_accuracy": net.history[-1, "valid_acc"]}


if __name__ == "__main__":
    _process.main(measure)
