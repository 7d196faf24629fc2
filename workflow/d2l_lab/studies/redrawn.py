"""Linear regression and polynomials on many redrawn datasets (notes 3.2, 3.3, 4.4.4).

The replicates of a model share one dataset, so their spread does not show the effect of another
dataset. Someone else's run of the same code has another dataset, so its numbers must be compared
with these.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from d2l_lab.datasets.linear import generate
from d2l_lab.models.linear_regression import concise, scratch
from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.training.fit import Examples, Replicas, minibatches, train_step
from d2l_lab.training.minibatches import shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import be_deterministic, generator, generator_factory

TABLES = ("redrawn",)
# The notes' settings, the same as the book's.
LINEAR = {"epochs": 3, "batch_size": 10, "learning_rate": 0.03}
POLYNOMIAL = {"epochs": 400, "batch_size": 10, "learning_rate": 0.01}
WAYS = {"linear_regression.scratch": scratch.build, "linear_regression.concise": concise.build}
POLYNOMIAL_WAY = "polynomial_regression.concise"
LINE = 1  # the degree that underfits


def study(
    linear: Mapping[str, Any],
    linear_examples: int,
    polynomial: Mapping[str, Any],
    polynomial_examples: int,
    seed: int,
    *,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Train once on each of many datasets, each time with new initial values and minibatches.

    Returns
    -------
    redrawn : DataFrame
        module, features (columns that the model sees), epochs, batch_size, learning_rate,
        replicate, quantity (train_loss, w[0], w[1], …, and b), value. The polynomials are a
        straight line and the one of the true degree.
    """
    be_deterministic()
    drawn = [
        generate(
            np.random.default_rng([seed, *f"redrawn linear {number}".encode()]),
            **linear,
            examples=linear_examples,
        )
        for number in range(replicates)
    ]
    datasets = [Examples(torch.from_numpy(X), torch.from_numpy(y)) for X, y in drawn]
    parts = [train_linear(module, datasets, seed) for module in WAYS]
    parts.append(train_polynomials(polynomial, polynomial_examples, seed, replicates))
    return {"redrawn": pd.concat(parts, ignore_index=True)}


def train_linear(module: str, datasets: Sequence[Examples], seed: int) -> pd.DataFrame:
    """Train one implementation of linear regression, once on each dataset."""
    generators = generator_factory(seed, "redrawn", numbers=range(len(datasets)))
    whole, (n, inputs) = polynomials.concatenate(datasets), datasets[0].X.shape
    rows = [torch.arange(n) + number * n for number in range(len(datasets))]
    model = WAYS[module](inputs, 1, generators("initial values"), "cpu")
    optimiser = make_optimiser(model, learning_rate=LINEAR["learning_rate"])
    orders = shuffles(rows, generators("shuffles"))
    for _ in range(LINEAR["epochs"]):
        for minibatch in minibatches(whole, next(orders), LINEAR["batch_size"]):
            train_step(model, optimiser, *minibatch)
    w, b = (model.parameters()[name].detach().double().flatten(1) for name in ("w", "b"))
    found = {f"w[{i}]": w[:, i] for i in range(inputs)} | {"b": b[:, 0]}
    found["train_loss"] = losses(model, datasets)
    return table(module, inputs, LINEAR, found)


@torch.no_grad()
def losses(model: Replicas, datasets: Sequence[Examples]) -> Tensor:
    """Return the loss of each replica over its own dataset: (R,), float64."""
    X, y = (torch.stack(parts) for parts in zip(*datasets, strict=True))
    return model.losses(model.predict(X), y).double().mean(dim=1)


def train_polynomials(
    polynomial: Mapping[str, Any], n: int, seed: int, replicates: int
) -> pd.DataFrame:
    """Fit a straight line and the polynomial of the true degree."""
    datasets = polynomials.draw_datasets(polynomial, n, seed, "redrawn", replicates)
    degrees = sorted({LINE, polynomials.true_degree(polynomial)})
    weights = polynomials.fit_by_sgd(
        polynomials.concatenate(datasets),
        [torch.arange(n) + number * n for number in range(replicates)],
        degrees,
        [generator(seed, "redrawn polynomial", number) for number in range(replicates)],
        **POLYNOMIAL,
    )
    trained = torch.stack(
        [polynomials.losses(data, W) for data, W in zip(datasets, weights, strict=True)]
    )
    parts = []
    for column, degree in enumerate(degrees):
        found = {f"w[{i}]": weights[:, i, column].double() for i in range(degree + 1)}
        found["train_loss"] = trained[:, column]
        parts.append(table(POLYNOMIAL_WAY, degree + 1, POLYNOMIAL, found))
    return pd.concat(parts)


def table(
    module: str, features: int, settings: Mapping[str, Any], found: Mapping[str, Tensor]
) -> pd.DataFrame:
    """Concatenate the results, (R,) of each quantity, in one table."""
    columns = {name: values.numpy() for name, values in found.items()}
    wide = pd.DataFrame(columns).rename_axis("replicate").reset_index()
    long = wide.melt("replicate", var_name="quantity").assign(
        module=module, features=features, **settings
    )
    order = ["module", "features", *settings, "replicate", "quantity", "value"]
    return long[order]
