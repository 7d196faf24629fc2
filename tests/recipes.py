"""Train each model in tests: on little data, for a few epochs."""

import gzip
import importlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from d2l_lab.datasets import linear, polynomial
from d2l_lab.training.fit import Evaluation, Examples, fit
from d2l_lab.training.minibatches import padded, shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import generator

SMALL = Path(__file__).parent / "data" / "fashion_mnist"
TRUE_WEIGHTS = [5, 1.2, -3.4, 5.6]  # notes 4.4.4
POLYNOMIAL = {"weights": TRUE_WEIGHTS, "max_degree": 6, "noise": 0.1}


def unpack(folder):
    """Write the four uncompressed files of a small part of Fashion-MNIST into a folder."""
    for packed in SMALL.glob("*.gz"):
        (folder / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return folder


@cache
def images(split="train"):
    """Read a small part of Fashion-MNIST: 500 training images, 200 test images."""
    prefix = {"train": "train", "test": "t10k"}[split]

    def read(kind, dimensions):
        with gzip.open(SMALL / f"{prefix}-{kind}-idx{dimensions}-ubyte.gz") as file:
            return np.frombuffer(file.read()[4 + 4 * dimensions :], np.uint8)

    grey = read("images", 3).reshape(-1, 1, 28, 28).astype(np.float32) / 255
    return Examples(torch.from_numpy(grey), torch.from_numpy(read("labels", 1).astype(np.int64)))


@cache
def line(examples=1000, seed=0):
    """Generate the linear data of notes 3.2."""
    rng = np.random.default_rng(seed)
    return Examples(*map(torch.from_numpy, linear.generate(rng, examples=examples)))


@cache
def curve(features=4, examples=100, seed=0):
    """Generate the polynomial data of notes 4.4.4."""
    rng = np.random.default_rng(seed)
    X, y = polynomial.generate(rng, weights=TRUE_WEIGHTS, examples=examples)
    return Examples(torch.from_numpy(X[:, :features].copy()), torch.from_numpy(y))


class Recipe(NamedTuple):
    """A model with the data and settings of its training."""

    module: str
    examples: Examples
    batch_size: int
    learning_rate: float

    @property
    def model(self):
        """The module of the model."""
        return importlib.import_module(f"d2l_lab.models.{self.module}")

    @property
    def rows(self):
        """All rows of the data."""
        return torch.arange(len(self.examples.X))

    def generators(self, purpose: str, replicas: Iterable[int], seed=0):
        """Make one generator for each replica; the same for scratch and concise."""
        family = self.module.partition(".")[0]
        return [generator(seed, family, purpose, replica) for replica in replicas]

    def build(self, replicas: Iterable[int], seed=0, device="cpu", **hyperparameters):
        """Build a model of these replicas."""
        X, y = self.examples
        return self.model.build(
            X[0].numel(),
            y.shape[1] if y.is_floating_point() else 10,
            self.generators("initial values", replicas, seed),
            device,
            **hyperparameters,
        )

    def optimiser(self, model):
        """Make the optimiser of a model of this recipe."""
        return make_optimiser(model, learning_rate=self.learning_rate)

    def orders(self, replicas: Iterable[int], seed=0, rows: Sequence[torch.Tensor] | None = None):
        """Shuffle the rows of each replica again for each epoch."""
        replicas = list(replicas)
        rows = rows or [self.rows] * len(replicas)
        return shuffles(rows, self.generators("shuffles", replicas, seed))

    def fit(self, models, orders, evaluations=(), *, epochs=2, **more):
        """Train models by these orders; return their histories."""
        settings = {"epochs": epochs, "batch_size": self.batch_size} | more
        optimisers = [*map(self.optimiser, models)]
        examples = Examples(*(part.to(models[0].device) for part in self.examples))
        return fit(models, optimisers, examples, orders, evaluations, **settings)


class Run(NamedTuple):
    """The outcome of a training."""

    parameters: dict[str, torch.Tensor]
    history: list

    def of(self, *replicas: int):
        """Select replicas, and count them from zero in this order."""
        return Run(
            {name: values[list(replicas)] for name, values in self.parameters.items()},
            [
                record._replace(replica=new)
                for new, old in enumerate(replicas)
                for record in self.history
                if record.replica == old
            ],
        )


def train(recipe, replicas, *, rows=None, evaluations=None, epochs=2, seed=0, **hyperparameters):
    """Train replicas on all rows or each on its own rows; evaluate them on the training rows."""
    replicas = list(replicas)
    model = recipe.build(replicas, seed, **hyperparameters)
    rows = rows or [recipe.rows] * len(replicas)
    if evaluations is None:
        evaluations = [Evaluation("train", recipe.examples, padded(rows), 1)]
    (history,) = recipe.fit(
        [model], recipe.orders(replicas, seed, rows), evaluations, epochs=epochs
    )
    return Run(model.parameters(), history)


def identical(one: Run, other: Run) -> bool:
    """Return whether two runs agree in every bit."""
    history, other_history = (
        sorted(run.history, key=lambda record: record.replica) for run in (one, other)
    )
    return history == other_history and same_bits(one.parameters, other.parameters)


def same_bits(parameters, others) -> bool:
    """Return whether two sets of parameters agree in every bit."""
    return parameters.keys() == others.keys() and all(
        torch.equal(parameters[name], others[name]) for name in parameters
    )


def losses_of(history, split="train_running"):
    """Return a split's losses in order."""
    return [record.loss for record in history if record.split == split]


CLASSIFIERS = {
    module: Recipe(module, images(), batch_size=64, learning_rate=0.1)
    for module in (
        "softmax_regression.scratch",
        "softmax_regression.concise",
        "mlp.scratch",
        "mlp.concise",
    )
}
REGRESSIONS = {
    "linear_regression.scratch": Recipe("linear_regression.scratch", line(), 10, 0.03),
    "linear_regression.concise": Recipe("linear_regression.concise", line(), 10, 0.03),
    "polynomial_regression.concise": Recipe("polynomial_regression.concise", curve(), 10, 0.01),
}
RECIPES = CLASSIFIERS | REGRESSIONS
