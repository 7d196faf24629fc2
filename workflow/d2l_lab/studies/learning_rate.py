"""Linear regression with learning rates over many orders of magnitude (notes 3.1)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from d2l_lab.studies._linear_regression import Training
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import be_deterministic

TABLES = ("learning_rate", "learning_rate_path", "learning_rate_surface")
FOLLOWED = 100  # steps, the notes' first epoch: what comes after is too small to be seen


def study(
    linear_train: Data,
    seed: int,
    *,
    learning_rates: Sequence[float],
    epochs: int,
    batch_size: int,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Train with each learning rate, from the same initial values and on the same minibatches.

    Returns
    -------
    learning_rate : DataFrame
        learning_rate, replicate, first_step (the Euclidean length of the first update),
        initial_loss, loss (after the last epoch, over all examples; missing if it is not finite),
        diverged (whether the loss is above the initial one, or not finite).
    learning_rate_path : DataFrame
        learning_rate, step (0: before training), parameter, value: where the first steps lead the
        first replicate; up to the last step at which all its parameters are finite.
    learning_rate_surface : DataFrame
        first, second (parameters), curvature (second derivative of the loss over all examples, the
        same everywhere), best (where the loss is least, for the first parameter), least_loss.
    """
    be_deterministic()
    tables, paths = [], []
    for rate in learning_rates:
        sgd = {"batch_size": batch_size, "learning_rate": rate}
        training = Training("learning_rate", linear_train, seed, replicates, **sgd)
        start, steps = training.parameters(), training.steps(epochs)
        columns = {"initial_loss": training.losses()}
        path = [start[0]]
        for step, _ in enumerate(steps, 1):
            if step == 1:
                columns["first_step"] = (training.parameters() - start).norm(dim=1)
            if step <= FOLLOWED:
                path.append(training.parameters()[0])
        paths.append(as_table(torch.stack(path)).assign(learning_rate=float(rate)))
        columns["loss"] = training.losses()
        found = pd.DataFrame({name: values.numpy() for name, values in columns.items()})
        found = found.rename_axis("replicate").reset_index()
        tables.append(found.assign(learning_rate=float(rate)))
    table = pd.concat(tables, ignore_index=True)
    table["loss"] = table["loss"].where(table["loss"].abs() < float("inf"))
    table["diverged"] = ~(table["loss"] <= table["initial_loss"])
    order = ["learning_rate", "replicate", "first_step", "initial_loss", "loss", "diverged"]
    return {
        "learning_rate": table[order],
        "learning_rate_path": pd.concat(paths)[["learning_rate", "step", "parameter", "value"]],
        "learning_rate_surface": surface(linear_train),
    }


def as_table(path: Tensor) -> pd.DataFrame:
    """Set the parameters after each step, (steps, d + 1), below each other while finite."""
    finite = path.isfinite().all(dim=1).long().cumprod(dim=0).sum()
    rows = pd.DataFrame(path[:finite].numpy(), columns=parameter_names(path.shape[1] - 1))
    return rows.rename_axis("step").reset_index().melt("step", var_name="parameter")


def parameter_names(inputs: int) -> list[str]:
    """Name the weights and the bias: ``w[0]``, …, ``b``."""
    return [*(f"w[{i}]" for i in range(inputs)), "b"]


def surface(data: Data) -> pd.DataFrame:
    """Describe the loss over all examples, a quadratic function of the parameters."""
    X = np.column_stack([data.X, np.ones(len(data.X))]).astype(float)
    y = data.y[:, 0].astype(float)
    best = np.linalg.lstsq(X, y)[0]
    curvature, names = X.T @ X / len(X), parameter_names(data.X.shape[1])
    rows = [
        {"first": first, "second": second, "curvature": curvature[i, j], "best": best[i]}
        for i, first in enumerate(names)
        for j, second in enumerate(names)
    ]
    return pd.DataFrame(rows).assign(least_loss=((X @ best - y) ** 2).mean() / 2)
