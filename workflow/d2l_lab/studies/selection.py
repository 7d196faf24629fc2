"""A learning rate picked by K-fold cross-validation, on training data alone (notes 4.4.2)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from d2l_lab.errors import LabError
from d2l_lab.models.softmax_regression.concise import build
from d2l_lab.studies._training import explained, to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Evaluation, fit, with_companion
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded, shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("selection", "selection_choice")
ARRAYS = ("W", "b")  # of the model that was trained with the chosen learning rate


def study(
    fashion_mnist_train: Data,
    seed: int,
    *,
    learning_rates: list[float],
    folds: int,
    epochs: int,
    batch_size: int,
) -> dict[str, pd.DataFrame | np.ndarray]:
    """Pick softmax regression's learning rate, and train with it on all data (notes 4.4.2).

    It is given no test data, so the choice cannot rest on any. Every learning rate sees the same
    folds, initial values and shuffles; the lowest mean validation loss wins, of equal ones that of
    the smaller learning rate.

    Parameters
    ----------
    fashion_mnist_train : Data
    seed : int
    learning_rates : list of float
    folds : int
        From 2 to the number of examples.
    epochs, batch_size : int

    Returns
    -------
    dict
        ``selection``: learning_rate, fold, split (train, validation), loss and accuracy after the
        last epoch, n (the examples of that split).

        ``selection_choice``, one row: learning_rate, validation_loss and validation_accuracy
        (means over the folds), train_loss and train_accuracy (of the model trained on all data).

        W (d, q) and b (1, q), float32: that model's parameters.

    Raises
    ------
    LabError
        If there are more folds than examples, or if a loss stops being finite.
    """
    be_deterministic()
    settings = {"seed": seed, "epochs": epochs, "batch_size": batch_size}
    parts = split_folds(len(fashion_mnist_train.X), folds, seed)
    rates = sorted(map(float, learning_rates))
    table = cross_validate(fashion_mnist_train, parts, rates, **settings)
    validated = table[table["split"] == "validation"]
    means = validated.groupby("learning_rate")[["loss", "accuracy"]].mean()  # from the least rate
    chosen = means["loss"].idxmin()  # the first of equal ones
    everything = [torch.arange(len(fashion_mnist_train.X)) for _ in with_companion([0])]
    ((refit, parameters),) = train_replicas(
        fashion_mnist_train, {"train": everything}, [chosen], counted="refit", **settings
    )
    choice = {
        "learning_rate": chosen,
        **means.loc[chosen].add_prefix("validation_"),
        **refit.loc[0, ["loss", "accuracy"]].add_prefix("train_"),
    }
    return {
        "selection": table,
        "selection_choice": pd.DataFrame([choice]),
        **{name: values[0].numpy() for name, values in parameters.items()},
    }


def split_folds(n: int, folds: int, seed: int) -> list[tuple[Tensor, Tensor]]:
    """Cut the rows into the training and the validation part of every fold."""
    try:
        return kfold(n, folds, generator(seed, "selection", "folds", n))
    except ValueError as error:
        raise LabError(f"study selection: {error}") from None


def cross_validate(
    data: Data,
    parts: Sequence[tuple[Tensor, Tensor]],
    learning_rates: Sequence[float],
    **settings: int,
) -> pd.DataFrame:
    """Train one replica a fold with each learning rate, all together.

    Returns
    -------
    DataFrame
        learning_rate, fold, split, loss, accuracy, n.
    """
    training, validation = map(list, zip(*parts, strict=True))
    rows = {"train": training, "validation": validation}
    trained = train_replicas(data, rows, learning_rates, counted="fold", **settings)
    tables = [table for table, _ in trained]
    table = pd.concat(tables, keys=learning_rates, names=["learning_rate"]).reset_index(level=0)
    table = table.rename(columns={"replica": "fold"}).drop(columns="epoch")
    table["n"] = [len(rows[row.split][row.fold]) for row in table.itertuples()]
    return table.reset_index(drop=True)


def train_replicas(
    data: Data,
    rows: dict[str, list[Tensor]],
    learning_rates: Sequence[float],
    *,
    counted: str,
    seed: int,
    epochs: int,
    batch_size: int,
) -> list[tuple[pd.DataFrame, dict[str, Tensor]]]:
    """Train R replicas, each on its rows of the split ``train``, and evaluate them at the end.

    Parameters
    ----------
    data : Data
    rows : dict of lists of R Tensors
        The rows of each split.
    learning_rates : sequence of float
        Each trains R replicas of its own; they differ in nothing else.
    counted : str
        What the replicas are; with their numbers it tells their random numbers.
    seed, epochs, batch_size : int

    Returns
    -------
    list of pairs, one for each learning rate
        A DataFrame of replica, epoch (the last), split, loss, accuracy, the splits in the order of
        `rows`; and the parameters, a dict of Tensors, each (R, ...).
    """
    examples, numbers = to_examples(data), range(len(rows["train"]))

    def generators(purpose: str) -> list[torch.Generator]:
        return [generator(seed, "selection", counted, purpose, number) for number in numbers]

    shape = examples.X[0].numel(), data.outputs
    models = [build(*shape, generators("initial values"), "cpu") for _ in learning_rates]
    optimisers = [
        make_optimiser(model, learning_rate=rate)
        for model, rate in zip(models, learning_rates, strict=True)
    ]
    with explained("selection", counted, learning_rates, "learning_rates"):
        histories = fit(
            models,
            optimisers,
            examples,
            shuffles(rows["train"], generators("shuffles")),
            [Evaluation(split, examples, padded(part), None) for split, part in rows.items()],
            epochs=epochs,
            batch_size=batch_size,
        )
    evaluated = [[record for record in history if record.split in rows] for history in histories]
    return [
        (pd.DataFrame(records), model.parameters())
        for records, model in zip(evaluated, models, strict=True)
    ]
