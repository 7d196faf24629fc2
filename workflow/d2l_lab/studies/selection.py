"""A learning rate picked by K-fold cross-validation, on training data alone (notes 4.4.2)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from d2l_lab.chapters.softmax_regression.concise import build
from d2l_lab.errors import LabError
from d2l_lab.studies._training import examples_of, explained, in_company
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Evaluation, fit
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded, shuffles
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("selection", "selection_choice")


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
    parts = parts_of(len(fashion_mnist_train.X), folds, seed)
    table = pd.concat(
        [
            cross_validate(fashion_mnist_train, parts, rate, **settings)
            for rate in sorted(map(float, learning_rates))
        ],
        ignore_index=True,
    )
    validated = table[table["split"] == "validation"]
    means = validated.groupby("learning_rate")[["loss", "accuracy"]].mean()  # from the least rate
    chosen = means["loss"].idxmin()  # the first of equal ones
    everything = [torch.arange(len(fashion_mnist_train.X)) for _ in in_company(1)]
    refit, parameters = descend(
        fashion_mnist_train, {"train": everything}, chosen, counted="refit", **settings
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


def parts_of(n: int, folds: int, seed: int) -> list[tuple[Tensor, Tensor]]:
    """Cut the rows into the training and the validation part of every fold."""
    try:
        return kfold(n, folds, generator(seed, "selection", "folds", n))
    except ValueError as error:
        raise LabError(f"study selection: {error}") from None


def cross_validate(
    data: Data, parts: Sequence[tuple[Tensor, Tensor]], learning_rate: float, **settings: int
) -> pd.DataFrame:
    """Train one replica a fold; give learning_rate, fold, split, loss, accuracy and n."""
    training, validation = map(list, zip(*parts, strict=True))
    rows = {"train": training, "validation": validation}
    table, _ = descend(data, rows, learning_rate, counted="fold", **settings)
    table = table.rename(columns={"replica": "fold"})
    table.insert(0, "learning_rate", learning_rate)
    table["n"] = [len(rows[one.split][one.fold]) for one in table.itertuples()]
    return table.drop(columns="epoch")


def descend(
    data: Data,
    rows: dict[str, list[Tensor]],
    learning_rate: float,
    *,
    counted: str,
    seed: int,
    epochs: int,
    batch_size: int,
) -> tuple[pd.DataFrame, dict[str, Tensor]]:
    """Train R replicas, each on its rows of the split ``train``, and evaluate them at the end.

    Parameters
    ----------
    data : Data
    rows : dict of lists of R Tensors
        The rows of each split.
    learning_rate : float
    counted : str
        What the replicas are; with their numbers it tells their random numbers.
    seed, epochs, batch_size : int

    Returns
    -------
    DataFrame
        replica, epoch (the last), split, loss, accuracy; the splits in the order of `rows`.
    dict of Tensors, each (R, ...)
    """
    examples, numbers = examples_of(data), range(len(rows["train"]))
    start, orders = (
        [generator(seed, "selection", counted, purpose, number) for number in numbers]
        for purpose in ("initial values", "shuffles")
    )
    model = build(examples.X[0].numel(), data.outputs, start, learning_rate, "cpu")
    with explained("selection", counted, learning_rate, "learning_rates"):
        history = fit(
            model,
            examples,
            shuffles(rows["train"], orders),
            [Evaluation(split, examples, padded(one), None) for split, one in rows.items()],
            epochs=epochs,
            batch_size=batch_size,
        )
    evaluated = [record for record in history if record.split in rows]
    return pd.DataFrame(evaluated), model.parameters()
