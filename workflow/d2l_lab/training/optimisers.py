"""The optimisers, from scratch and by `torch.optim`, made from a model's settings."""

from collections.abc import Iterable

import torch
from torch import Tensor

from d2l_lab.training.fit import Optimiser, Replicas
from d2l_lab.training.parameters import Parameter

SETTINGS = ("learning_rate",)  # those of a model's settings that are its optimiser's


def sgd(params: Iterable[Tensor], lr: float) -> None:
    """Take one step of minibatch stochastic gradient descent (notes 3.2).

    The notes divide by the batch size here. Our gradients are those of the mean loss already, as
    replicas may have minibatches of unequal size.
    """
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad  # noqa: PLW2901 (in place)


class SGD:
    """Minibatch stochastic gradient descent from scratch (notes 3.2), with the learning rate lr."""

    def __init__(self, params: list[Parameter], lr: float):
        self.params, self.lr = params, lr
        for param in params:
            param.keep_factors()

    def step(self) -> None:
        """Take one step of `sgd`."""
        sgd(self.params, self.lr)

    def zero_grad(self) -> None:
        """Forget the gradients: otherwise the next are added to them."""
        for param in self.params:
            param.grad = None


BY_WAY = {"scratch": SGD, "concise": torch.optim.SGD}


def make_optimiser(model: Replicas, *, learning_rate: float) -> Optimiser:
    """Make the optimiser of a model: from scratch, or that of `torch.optim`, as the model is."""
    return BY_WAY[model.way](model.trainable(), lr=learning_rate)
