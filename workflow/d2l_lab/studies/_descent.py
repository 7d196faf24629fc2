"""Linear regression from scratch, step by step (notes 3.2)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from d2l_lab.models.linear_regression.scratch import build
from d2l_lab.studies._training import examples_of, in_company
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Examples, minibatches
from d2l_lab.training.minibatches import shuffles
from d2l_lab.training.randomness import generator
from d2l_lab.training.scratch import FromScratch


class Descent(NamedTuple):
    """Replicates of the model on their way, and the data they are trained on.

    Parameters
    ----------
    model : FromScratch
    examples : Examples
    steps : iterator of None
        Each takes every replicate one step further.
    """

    model: FromScratch
    examples: Examples
    steps: Iterator[None]

    def parameters(self) -> Tensor:
        """Give w and b of each replicate, one after the other: (R, d + 1), float64."""
        parameters = self.model.parameters()
        return torch.cat([parameters[name].flatten(1) for name in ("w", "b")], dim=1).double()

    def losses(self) -> Tensor:
        """Give each replicate's loss over all examples, (R,), float64."""
        everyone = [torch.stack([t] * len(self.parameters())) for t in self.examples]
        with torch.no_grad():
            outputs = self.model.predict(everyone[0])
            return self.model.losses(outputs, everyone[1]).double().mean(dim=1)


def descend(
    study: str,
    data: Data,
    seed: int,
    replicates: int,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
) -> Descent:
    """Make replicates ready to descend; each has random numbers of its own, by its number.

    Parameters
    ----------
    study : str
        Whose random numbers to take.
    data : Data
    seed, replicates, epochs, batch_size : int
    learning_rate : float
    """
    examples, numbers = examples_of(data), in_company(replicates)

    def generators(purpose: str) -> Sequence[torch.Generator]:
        return [generator(seed, study, purpose, number) for number in numbers]

    model = build(data.X.shape[1], 1, generators("initial values"), learning_rate, "cpu")

    def steps() -> Iterator[None]:
        orders = shuffles([torch.arange(len(data.X))] * len(numbers), generators("shuffles"))
        for _ in range(epochs):
            for X, y, shares in minibatches(examples, next(orders), batch_size):
                model.step(model.losses(model.predict(X), y), shares)
                yield

    return Descent(model, examples, steps())
