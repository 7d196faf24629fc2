"""Linear regression from scratch, trained step by step (notes 3.2)."""

from collections.abc import Iterator

import torch
from torch import Tensor

from d2l_lab.models.linear_regression.scratch import build
from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import minibatches, train_step, with_companion
from d2l_lab.training.minibatches import shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import generator_factory


class Training:
    """Replicates of the model, which can be trained for any time, even if they diverge.

    Each study has its own random numbers, and each replicate too, by its number.
    """

    def __init__(
        self,
        study: str,
        data: Data,
        seed: int,
        replicates: int,
        *,
        batch_size: int,
        learning_rate: float,
    ):
        generators = generator_factory(seed, study, numbers=with_companion(range(replicates)))
        self.replicates, self.batch_size = replicates, batch_size
        self.examples = to_examples(data)
        self.model = build(data.X.shape[1], 1, generators("initial values"), "cpu")
        self.optimiser = make_optimiser(self.model, learning_rate=learning_rate)
        shuffling = generators("shuffles")
        self.orders = shuffles([torch.arange(len(data.X))] * len(shuffling), shuffling)

    def steps(self, epochs: int) -> Iterator[None]:
        """Train all replicates, and yield after each step."""
        for _ in range(epochs):
            for minibatch in minibatches(self.examples, next(self.orders), self.batch_size):
                train_step(self.model, self.optimiser, *minibatch)
                yield

    def parameters(self) -> Tensor:
        """Return w and b of each replicate, concatenated: (R, d + 1), float64."""
        parameters = self.model.parameters()
        both = torch.cat([parameters[name].flatten(1) for name in ("w", "b")], dim=1)
        return both.double()[: self.replicates]

    @torch.no_grad()
    def losses(self) -> Tensor:
        """Return each replicate's loss over all examples, (R,), float64."""
        replicas = len(self.model.parameters()["w"])
        X, y = (torch.stack([part] * replicas) for part in self.examples)
        losses = self.model.losses(self.model.predict(X), y)
        return losses.double().mean(dim=1)[: self.replicates]
