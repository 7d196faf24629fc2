"""Linear regression with learning rates over many orders of magnitude (notes 3.1)."""

from collections.abc import Sequence

import pandas as pd

from d2l_lab.studies._linear_regression import Training
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import be_deterministic

TABLES = ("learning_rate",)


def study(
    linear_train: Data,
    seed: int,
    *,
    learning_rates: Sequence[float],
    epochs: int,
    batch_size: int,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Train with each learning rate, from the same initial values and on the same mini-batches.

    Returns
    -------
    learning_rate : DataFrame
        learning_rate, replicate, first_step (the Euclidean length of the first update),
        initial_loss, loss (after the last epoch, over all examples; missing if it is not finite),
        diverged (whether the loss is above the initial one, or not finite).
    """
    be_deterministic()
    tables = []
    for rate in learning_rates:
        sgd = {"batch_size": batch_size, "learning_rate": rate}
        training = Training("learning_rate", linear_train, seed, replicates, **sgd)
        start, steps = training.parameters(), training.steps(epochs)
        columns = {"initial_loss": training.losses()}
        next(steps)
        columns["first_step"] = (training.parameters() - start).norm(dim=1)
        for _ in steps:
            pass
        columns["loss"] = training.losses()
        found = pd.DataFrame({name: values.numpy() for name, values in columns.items()})
        found = found.rename_axis("replicate").reset_index()
        tables.append(found.assign(learning_rate=float(rate)))
    table = pd.concat(tables, ignore_index=True)
    table["loss"] = table["loss"].where(table["loss"].abs() < float("inf"))
    table["diverged"] = ~(table["loss"] <= table["initial_loss"])
    order = ["learning_rate", "replicate", "first_step", "initial_loss", "loss", "diverged"]
    return {"learning_rate": table[order]}
