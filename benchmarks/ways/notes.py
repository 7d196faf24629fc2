"""The notes' own way (3.5 to 3.7, 4.3): DataLoader and ToTensor image by image, one model.

The loop is the notes' `train_ch3` without its curves; the threads are torch's default.
"""

import warnings
from collections.abc import Callable
from typing import Any

import torch
import torchvision
from torch import Tensor, nn
from torch.utils import data
from torchvision import transforms

from benchmarks.ways import _process
from benchmarks.ways._process import Clock


class Accumulator:
    """Sum over n variables (notes 3.6)."""

    def __init__(self, n: int):
        self.data = [0.0] * n

    def add(self, *args: float) -> None:
        """Add a number to each."""
        self.data = [a + float(b) for a, b in zip(self.data, args, strict=True)]

    def __getitem__(self, idx: int) -> float:
        return self.data[idx]


def load_data_fashion_mnist(
    root: str, batch_size: int, workers: int
) -> tuple[data.DataLoader, data.DataLoader]:
    """Make iterators over minibatches of the training and the test set (notes 3.5)."""
    trans = transforms.ToTensor()
    mnist_train = torchvision.datasets.FashionMNIST(root=root, train=True, transform=trans)
    mnist_test = torchvision.datasets.FashionMNIST(root=root, train=False, transform=trans)
    return (
        data.DataLoader(mnist_train, batch_size, shuffle=True, num_workers=workers),
        data.DataLoader(mnist_test, batch_size, shuffle=False, num_workers=workers),
    )


def accuracy(y_hat: Tensor, y: Tensor) -> float:
    """Count the right predictions (notes 3.6)."""
    if len(y_hat.shape) > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    cmp = y_hat.type(y.dtype) == y
    return float(cmp.type(y.dtype).sum())


def evaluate_accuracy(net: nn.Module, data_iter: data.DataLoader) -> float:
    """Return the share of right predictions on a dataset (notes 3.6)."""
    net.eval()
    metric = Accumulator(2)
    with torch.no_grad():
        for X, y in data_iter:
            metric.add(accuracy(net(X), y), y.numel())
    return metric[0] / metric[1]


def train_epoch_ch3(
    net: nn.Module,
    train_iter: data.DataLoader,
    loss: nn.Module,
    updater: torch.optim.Optimizer,
) -> tuple[float, float]:
    """Train for one epoch; return the training loss and accuracy (notes 3.6)."""
    net.train()
    metric = Accumulator(3)
    for X, y in train_iter:
        y_hat = net(X)
        l = loss(y_hat, y)  # noqa: E741 (the notes' name)
        updater.zero_grad()
        l.mean().backward()
        updater.step()
        metric.add(float(l.detach().sum()), accuracy(y_hat, y), y.numel())
    return metric[0] / metric[2], metric[1] / metric[2]


def train_ch3(
    net: nn.Module,
    train_iter: data.DataLoader,
    test_iter: data.DataLoader,
    loss: nn.Module,
    num_epochs: int,
    updater: torch.optim.Optimizer,
    on_epoch: Callable[[], None],
) -> float:
    """Train, and evaluate on the test set after each epoch (notes 3.6)."""
    for _ in range(num_epochs):
        train_epoch_ch3(net, train_iter, loss, updater)
        test_acc = evaluate_accuracy(net, test_iter)
        on_epoch()
    return test_acc


def init_weights(m: nn.Module) -> None:
    """Draw a layer's weights (notes 3.7.1, 4.3.1)."""
    if type(m) is nn.Linear:
        nn.init.normal_(m.weight, std=0.01)


def network(hidden_units: int | None) -> nn.Sequential:
    """Make softmax regression (notes 3.7.1), or the multilayer perceptron (4.3.1)."""
    if hidden_units is None:
        net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    else:
        net = nn.Sequential(
            nn.Flatten(), nn.Linear(784, hidden_units), nn.ReLU(), nn.Linear(hidden_units, 10)
        )
    return net.apply(init_weights)


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """Train for some epochs, after a few minibatches that load what torch loads on first use."""
    warnings.filterwarnings("ignore", "This DataLoader will create", UserWarning)
    net = network(settings["hidden_units"])
    loss = nn.CrossEntropyLoss(reduction="none")
    trainer = torch.optim.SGD(net.parameters(), lr=settings["learning_rate"])
    train_iter, test_iter = load_data_fashion_mnist(
        settings["root"], settings["batch_size"], settings["workers"]
    )
    few = data.Subset(test_iter.dataset, range(min(1000, len(test_iter.dataset))))
    train_epoch_ch3(net, data.DataLoader(few, settings["batch_size"]), loss, trainer)
    clock = Clock()
    reached = train_ch3(net, train_iter, test_iter, loss, settings["epochs"], trainer, clock)
    return {"seconds": clock.seconds, "test_accuracy": reached}


if __name__ == "__main__":
    _process.main(measure)
