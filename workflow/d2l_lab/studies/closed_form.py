"""The normal equation's solution of linear regression, and SGD's distance from it (notes 3.1)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch

from d2l_lab.studies._linear_regression import Training
from d2l_lab.studies._training import diverged
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import be_deterministic

TABLES = ("closed_form", "closed_form_distance")


def study(
    linear_train: Data,
    linear: Mapping[str, Any],
    seed: int,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Solve linear regression in one step; then train it, and measure after each step.

    The dataset's settings, `linear`, have the true weights and bias.

    Returns
    -------
    closed_form : DataFrame
        parameter (w[0], w[1], …, b), closed_form, true, error: closed_form - true.
    closed_form_distance : DataFrame
        replicate, epoch (that the step belongs to, from 1), step (0, of epoch 0: the initial
        values), distance: Euclidean, of w and b together, loss: the mean of (ŷ - y)² / 2 over all
        examples.

    Raises
    ------
    LabError
        If SGD diverges.
    """
    be_deterministic()
    solution = normal_equation(linear_train)
    true = [*linear["weights"], linear["bias"]]
    sgd = {"batch_size": batch_size, "learning_rate": learning_rate}
    training = Training("closed_form", linear_train, seed, replicates, **sgd)
    way, losses = [training.parameters()], [training.losses()]
    for _ in training.steps(epochs):
        way.append(training.parameters())
        losses.append(training.losses())
    distances = (torch.stack(way) - torch.from_numpy(solution)).norm(dim=2)
    if not distances.isfinite().all():
        step, replicate = (~distances.isfinite()).nonzero()[0].tolist()
        where = f"replicate {replicate}, step {step}"
        raise diverged("closed_form", where, "a parameter is not finite", learning_rate)
    names = [f"w[{i}]" for i in range(len(solution) - 1)] + ["b"]
    table = pd.DataFrame({"parameter": names, "closed_form": solution, "true": true})
    long = pd.concat(
        [by_step(distances, "distance"), by_step(torch.stack(losses), "loss")], axis="columns"
    ).reset_index()
    long.insert(1, "epoch", -(-long["step"] * epochs // (len(way) - 1)))
    return {
        "closed_form": table.assign(error=table["closed_form"] - table["true"]),
        "closed_form_distance": long,
    }


def by_step(values: torch.Tensor, name: str) -> pd.Series:
    """Return values (steps, R) as a table by replicate and step."""
    rows = pd.DataFrame(values.numpy()).rename_axis(index="step", columns="replicate")
    return rows.T.stack(future_stack=True).rename(name)


def normal_equation(data: Data) -> np.ndarray:
    """Solve XᵀX w = Xᵀy with a column of ones for the bias: (d + 1,), float64, the bias last.

    If there are fewer examples than parameters, it is the shortest of the many solutions.
    """
    X = np.column_stack([data.X.astype(np.float64), np.ones(len(data.X))])
    return np.linalg.lstsq(X, data.y[:, 0].astype(np.float64))[0]
