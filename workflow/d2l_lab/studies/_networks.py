"""Train many small networks on a few images, side by side, for the experiments on exercises.

They do not use the loop of `training.fit`, whose replicas share one optimiser: here every network
has its own learning rate and weight decay, and all of them are one small batched product.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn

from d2l_lab.datasets.images import to_numbers
from d2l_lab.studies.given import Data

Activation = Callable[[Tensor], Tensor]


class Images(NamedTuple):
    """Images to train and to validate on.

    Parameters
    ----------
    X : Tensor, (n, d)
        The images of all replicates.
    y : Tensor, (n,)
    rows : Tensor, (R, m)
        The rows that each replicate trains on.
    X_validation, y_validation : Tensor, (v, d) and (v,)
        Images that no replicate trains on.
    classes : int
        The number of classes.
    """

    X: Tensor
    y: Tensor
    rows: Tensor
    X_validation: Tensor
    y_validation: Tensor
    classes: int

    def repeated(self, times: int) -> "Images":
        """Repeat the rows of all replicates, for several networks of each: (times · R, m)."""
        return self._replace(rows=self.rows.repeat(times, 1))


def take_images(
    data: Data, draw: torch.Generator, replicas: Sequence[torch.Generator], examples: int
) -> Images:
    """Draw images to validate on, and for each replicate its own others to train on.

    Both have the same number, or half of the data if there are not enough. If the height and the
    width are even, each square of four pixels is replaced by its mean.
    """
    every = torch.randperm(len(data.X), generator=draw)
    m = min(examples, len(every) // 2)
    held_out, others = every[:m], every[m:]
    rows = torch.stack([others[torch.randperm(len(others), generator=g)[:m]] for g in replicas])
    used, places = rows.unique(return_inverse=True)
    X, X_validation = (
        smaller(torch.from_numpy(to_numbers(data.X[part.numpy()]))) for part in (used, held_out)
    )
    y = torch.from_numpy(data.y)
    return Images(X, y[used], places, X_validation, y[held_out], data.outputs)


def smaller(X: Tensor) -> Tensor:
    """Average each square of four pixels, and flatten the images: (n, d / 4)."""
    if X.dim() == 4 and X.shape[2] % 2 == X.shape[3] % 2 == 0:
        X = nn.functional.avg_pool2d(X, 2)
    return X.flatten(1)


class Settings(NamedTuple):
    """The settings of networks with the same shape; lists have one value for each network.

    Parameters
    ----------
    rates : Tensor, (R,)
    decays : Tensor, (R,)
        The strengths of weight decay.
    batch_size, epochs : int
    """

    rates: Tensor
    decays: Tensor
    batch_size: int
    epochs: int


def draw_weights(
    sizes: Sequence[int],
    deviations: Callable[[int, int], float],
    generators: Sequence[torch.Generator],
) -> list[Tensor]:
    """Draw W (R, inputs, outputs) of each layer, each followed by b (R, 1, outputs), zero."""
    layers = []
    for inputs, outputs in pairwise(sizes):
        drawn = [torch.randn(inputs, outputs, generator=g) for g in generators]
        layers.append(torch.stack(drawn) * deviations(inputs, outputs))
        layers.append(torch.zeros(len(generators), 1, outputs))
    return layers


def logits(X: Tensor, layers: Sequence[Tensor], activation: Activation) -> Tensor:
    """Return the outputs (R, B, q) of R networks for images (R, B, d)."""
    for W, b in zip(layers[:-2:2], layers[1:-2:2], strict=True):
        X = activation(X @ W + b)
    return X @ layers[-2] + layers[-1]


def train(
    images: Images,
    orders: Sequence[torch.Generator],
    layers: list[Tensor],
    activation: Activation,
    settings: Settings,
) -> Iterator[list[Tensor]]:
    """Train networks by minibatch SGD, and yield their layers after each epoch.

    Parameters
    ----------
    orders : sequence of R Generators
        They shuffle the images of each network.
    """
    rates, decays = settings.rates[:, None, None], settings.decays[:, None, None]
    layers = [layer.clone().requires_grad_() for layer in layers]
    for _ in range(settings.epochs):
        shuffled = torch.stack(
            [
                own[torch.randperm(len(own), generator=g)]
                for own, g in zip(images.rows, orders, strict=True)
            ]
        )
        for rows in shuffled.split(settings.batch_size, dim=1):
            outputs = logits(images.X[rows], layers, activation)
            losses = cross_entropy(outputs, images.y[rows])
            gradients = torch.autograd.grad(losses.mean(dim=1).sum(), layers)
            with torch.no_grad():
                for layer, gradient in zip(layers, gradients, strict=True):
                    layer.sub_(rates * (gradient + decays * layer))
        yield [layer.detach().clone() for layer in layers]


def cross_entropy(outputs: Tensor, y: Tensor) -> Tensor:
    """Return the loss of every example, (R, B)."""
    losses = nn.functional.cross_entropy(outputs.flatten(0, 1), y.flatten(), reduction="none")
    return losses.reshape(y.shape)


@torch.no_grad()
def validate(
    images: Images, layers: Sequence[Tensor], activation: Activation
) -> tuple[Tensor, Tensor]:
    """Return each network's validation loss and accuracy, both (R,)."""
    replicas = len(layers[0])
    X = images.X_validation.expand(replicas, -1, -1)
    y = images.y_validation.expand(replicas, -1)
    return evaluated(X, y, layers, activation)


@torch.no_grad()
def evaluated(
    X: Tensor, y: Tensor, layers: Sequence[Tensor], activation: Activation
) -> tuple[Tensor, Tensor]:
    """Return the mean loss and the accuracy of each network, both (R,)."""
    outputs = logits(X, layers, activation)
    correct = outputs.argmax(dim=-1) == y
    return cross_entropy(outputs, y).double().mean(dim=1), correct.double().mean(dim=1)
