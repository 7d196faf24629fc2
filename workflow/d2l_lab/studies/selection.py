"""A learning rate picked by K-fold cross-validation, on training data alone (notes 4.4.2)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from d2l_lab.errors import LabError
from d2l_lab.models.softmax_regression.concise import build
from d2l_lab.studies._together import train_together
from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Evaluation, Record, Replicas, with_companion
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded
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
    the smaller learning rate. One that diverges in a fold cannot win.

    Returns
    -------
    dict
        ``selection``: learning_rate, fold, split (train, validation), loss and accuracy after the
        last epoch (NaN if it has diverged), n (the examples of that split).

        ``selection_choice``, one row: learning_rate, validation_loss and validation_accuracy
        (means over the folds), train_loss and train_accuracy (of the model trained on all data).

        W (d, q) and b (1, q), float32: that model's parameters.

    Raises
    ------
    LabError
        If there are more folds than examples, if every learning rate diverges, or if the chosen
        one does on all data.
    """
    be_deterministic()
    settings = {"seed": seed, "epochs": epochs, "batch_size": batch_size}
    n = len(fashion_mnist_train.X)
    parts = split_folds(n, folds, seed)
    rates = sorted(map(float, learning_rates))
    table = cross_validate(fashion_mnist_train, parts, rates, **settings)
    validated = table[table["split"] == "validation"]
    sound = validated.groupby("learning_rate").filter(lambda of_rate: of_rate["loss"].notna().all())
    if sound.empty:
        raise LabError(
            f"study selection: every learning rate diverges, even {rates[0]:g}; "
            "add smaller values to studies.selection.learning_rates"
        )
    means = sound.groupby("learning_rate")[["loss", "accuracy"]].mean()  # from the least rate
    chosen = means["loss"].idxmin()  # the first of equal ones
    everything = {"train": [torch.arange(n) for _ in with_companion([0])]}
    (model,), (refit,) = train_replicas(
        fashion_mnist_train, everything, [chosen], "refit", **settings
    )
    choice = {
        "learning_rate": chosen,
        **means.loc[chosen].add_prefix("validation_"),
        "train_loss": refit[0].loss,
        "train_accuracy": refit[0].accuracy,
    }
    return {
        "selection": table,
        "selection_choice": pd.DataFrame([choice]),
        **{name: values[0].numpy() for name, values in model.parameters().items()},
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
    """Train one replica a fold with each learning rate: the table ``selection``."""
    training, validation = map(list, zip(*parts, strict=True))
    rows = {"train": training, "validation": validation}
    _, histories = train_replicas(data, rows, learning_rates, "fold", may_diverge=True, **settings)
    tables = map(pd.DataFrame, histories)
    table = pd.concat(tables, keys=learning_rates, names=["learning_rate"]).reset_index(level=0)
    table = table.rename(columns={"replica": "fold"}).drop(columns="epoch")
    table["n"] = [len(rows[row.split][row.fold]) for row in table.itertuples()]
    return table.reset_index(drop=True)


def train_replicas(
    data: Data,
    rows: dict[str, list[Tensor]],
    learning_rates: Sequence[float],
    counted: str,
    *,
    may_diverge: bool = False,
    **settings: int,
) -> tuple[list[Replicas], list[list[Record]]]:
    """Train with each learning rate, and evaluate at the end; `rows` are those of each split."""
    examples = to_examples(data)
    return train_together(
        "selection",
        data,
        rows["train"],
        [build] * len(learning_rates),
        learning_rates,
        [Evaluation(split, examples, padded(part), None) for split, part in rows.items()],
        counted,
        counted=counted,
        rates_key="learning_rates",
        may_diverge=may_diverge,
        **settings,
    )
