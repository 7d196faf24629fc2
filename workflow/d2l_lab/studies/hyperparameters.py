"""Learning rate, weight decay and number of layers, picked together by K-fold (notes 4.4.2)."""

from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from d2l_lab.errors import LabError
from d2l_lab.models.mlp.concise import build
from d2l_lab.studies._together import train_together
from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Evaluation, Record, Replicas, with_companion
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("hyperparameters", "hyperparameters_choice")
ARRAYS = ("W1", "b1", "W2", "b2", "W3", "b3")  # as many as the chosen model has layers


class Point(NamedTuple):
    """One choice of all hyperparameters."""

    hidden_layers: int
    weight_decay: float
    learning_rate: float


def study(
    fashion_mnist_train: Data,
    seed: int,
    *,
    learning_rates: list[float],
    weight_decays: list[float],
    hidden_layers: list[int],
    hidden_units: int,
    examples: int,
    folds: int,
    epochs: int,
    batch_size: int,
) -> dict[str, pd.DataFrame | np.ndarray]:
    """Pick a point of a grid by K-fold on a part of the images, and train it on that whole part.

    It is given no test data, so the choice cannot rest on any. Every point sees the same folds and
    minibatches, and those of equal layers begin at the same initial values. Without hidden layers
    the model is softmax regression. The lowest mean validation loss wins; of equal ones that with
    fewer layers, then with less weight decay, then with the smaller learning rate. A point that
    diverges in a fold cannot win.

    Returns
    -------
    dict
        ``hyperparameters``: hidden_layers, weight_decay, learning_rate, fold, split (train,
        validation), loss and accuracy after the last epoch (NaN if it has diverged), n (the
        examples of that split).

        ``hyperparameters_choice``, one row: hidden_layers, weight_decay, learning_rate,
        validation_loss and validation_accuracy (means over the folds), train_loss and
        train_accuracy (of the model trained on the whole part).

        W1 (d, h), b1 (1, h) and so on, float32: that model's parameters.

    Raises
    ------
    LabError
        If there are more folds than examples, if every point diverges, or if the chosen one does
        on the whole part.
    """
    be_deterministic()
    grid = [
        Point(layers, float(decay), float(rate))
        for layers, decay, rate in product(
            *map(sorted, (hidden_layers, weight_decays, learning_rates))
        )
    ]
    n = len(fashion_mnist_train.X)
    order = torch.randperm(n, generator=generator(seed, "hyperparameters", "part"))
    part = order[:examples]
    parts = split_folds(part, folds, seed)
    settings = {"seed": seed, "epochs": epochs, "batch_size": batch_size}
    train = partial(train_grid, fashion_mnist_train, hidden_units=hidden_units, **settings)
    table = cross_validate(train, parts, grid)
    validated = table[table["split"] == "validation"]
    by_point = validated.groupby([*Point._fields])[["loss", "accuracy"]]
    means = by_point.agg(lambda values: values.mean(skipna=False)).dropna()
    if means.empty:
        raise LabError(
            "study hyperparameters: every point of the grid diverges; "
            "add smaller values to studies.hyperparameters.learning_rates"
        )
    chosen = Point(*means["loss"].idxmin())  # the first of equal ones
    everything = {"train": [part for _ in with_companion([0])]}
    (model,), (refit,) = train(everything, [chosen], "refit")
    choice = {
        **chosen._asdict(),
        **means.loc[chosen].add_prefix("validation_"),
        "train_loss": refit[0].loss,
        "train_accuracy": refit[0].accuracy,
    }
    return {
        "hyperparameters": table,
        "hyperparameters_choice": pd.DataFrame([choice]),
        **{name: values[0].numpy() for name, values in model.parameters().items()},
    }


def split_folds(part: Tensor, folds: int, seed: int) -> list[tuple[Tensor, Tensor]]:
    """Cut the part's rows into the training and the validation part of every fold."""
    try:
        places = kfold(len(part), folds, generator(seed, "hyperparameters", "folds"))
    except ValueError as error:
        raise LabError(f"study hyperparameters: {error}") from None
    return [(part[training], part[validation]) for training, validation in places]


def cross_validate(train, parts: Sequence[tuple[Tensor, Tensor]], grid: Sequence[Point]):
    """Train one replica a fold at each point: the table ``hyperparameters``."""
    training, validation = map(list, zip(*parts, strict=True))
    rows = {"train": training, "validation": validation}
    _, histories = train(rows, grid, "fold", may_diverge=True)
    tables = map(pd.DataFrame, histories)
    table = pd.concat(tables, keys=grid, names=Point._fields).reset_index(level=[*Point._fields])
    table = table.rename(columns={"replica": "fold"}).drop(columns="epoch")
    table["n"] = [len(rows[row.split][row.fold]) for row in table.itertuples()]
    return table.reset_index(drop=True)


def train_grid(
    data: Data,
    rows: dict[str, list[Tensor]],
    grid: Sequence[Point],
    counted: str,
    *,
    hidden_units: int,
    may_diverge: bool = False,
    **settings: int,
) -> tuple[list[Replicas], list[list[Record]]]:
    """Train at each point, and evaluate at the end; `rows` are those of each split."""
    examples = to_examples(data)
    return train_together(
        "hyperparameters",
        data,
        rows["train"],
        [partial(build, hidden_units=[hidden_units] * point.hidden_layers) for point in grid],
        [point.learning_rate for point in grid],
        [Evaluation(split, examples, padded(part), None) for split, part in rows.items()],
        counted,
        counted=counted,
        rates_key="learning_rates",
        may_diverge=may_diverge,
        weight_decays=[point.weight_decay for point in grid],
        **settings,
    )
