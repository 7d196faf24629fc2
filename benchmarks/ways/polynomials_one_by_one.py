"""Polynomials fitted one after another, as the notes fit theirs (4.4.4): one `nn.Linear` each."""

import time
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils import data

from benchmarks.ways import _process
from benchmarks.ways.notes import train_epoch_ch3
from d2l_lab.datasets.polynomial import generate


def load_array(data_arrays: tuple[Tensor, ...], batch_size: int) -> data.DataLoader:
    """Make an iterator over shuffled minibatches of tensors (notes 3.3)."""
    return data.DataLoader(data.TensorDataset(*data_arrays), batch_size, shuffle=True)


def train(X: Tensor, y: Tensor, epochs: int, batch_size: int, learning_rate: float) -> nn.Module:
    """Fit one polynomial (notes 4.4.4), without the evaluations during training."""
    net = nn.Sequential(nn.Linear(X.shape[-1], 1, bias=False))
    train_iter = load_array((X, y), min(batch_size, len(X)))
    trainer = torch.optim.SGD(net.parameters(), lr=learning_rate)
    for _ in range(epochs):
        train_epoch_ch3(net, train_iter, nn.MSELoss(reduction="none"), trainer)
    return net


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """Time a fit of each of some degrees to all folds but one of a dataset."""
    n, folds = settings["examples"], settings["folds"]
    drawn = generate(**settings["polynomial"], examples=n, rng=np.random.default_rng(0))
    X, y = (torch.from_numpy(part[: n - n // folds]) for part in drawn)
    how = (settings["batch_size"], settings["learning_rate"])
    train(X, y, 1, *how)
    seconds = []
    for degree in settings["degrees"]:
        start = time.perf_counter()
        train(X[:, : degree + 1], y, settings["epochs"], *how)
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds}


if __name__ == "__main__":
    _process.main(measure)
