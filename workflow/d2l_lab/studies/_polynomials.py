"""Fit polynomials of many degrees together, by SGD and exactly (notes 4.4.4).

All degrees of one fit see the same minibatches. They are the columns of one weight matrix, in
which weights above the column's degree stay zero, so that thousands of fits are one small product.

They do not use the loop of `training.fit`, where every degree would be a separate model with its
own step, so twenty steps instead of one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from d2l_lab.datasets.polynomial import generate
from d2l_lab.studies._training import diverged
from d2l_lab.training.fit import Examples
from d2l_lab.training.minibatches import shuffles

METHODS = ("sgd", "exact")


def draw_datasets(
    polynomial: Mapping[str, Any], examples: int, seed: int, purpose: str, replicates: int
) -> list[Examples]:
    """Draw a dataset for each replicate: X (n, p) and y (n, 1), float32.

    `polynomial` has the dataset's settings without its sizes. Each purpose has its own random
    numbers.
    """
    drawn = [
        generate(np.random.default_rng([seed, *word.encode()]), **polynomial, examples=examples)
        for word in (f"{purpose} {replicate}" for replicate in range(replicates))
    ]
    return [Examples(torch.from_numpy(X), torch.from_numpy(y)) for X, y in drawn]


def true_degree(polynomial: Mapping[str, Any]) -> int:
    """Return the true polynomial's degree, that of its last nonzero weight."""
    return max((i for i, weight in enumerate(polynomial["weights"]) if weight), default=0)


def concatenate(datasets: Sequence[Examples]) -> Examples:
    """Concatenate datasets, so that rows of any of them can be selected."""
    return Examples(*(torch.cat(parts) for parts in zip(*datasets, strict=True)))


def fit_by_sgd(
    examples: Examples,
    rows: Sequence[Tensor],
    degrees: Sequence[int],
    generators: Sequence[torch.Generator],
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    weight_decays: Sequence[float] = (0.0,),
) -> Tensor:
    """Fit by minibatch SGD on the mean squared error, as in notes 4.4.4.

    Parameters
    ----------
    examples : Examples
        X (n, p) and y (n, 1).
    rows : sequence of R Tensors
        The rows that each fit may see.
    degrees : sequence of D ints, each below p
    generators : sequence of R generators
        Each draws its fit's initial values, then its shuffles.
    weight_decays : sequence of S floats
        Each degree is fitted with each strength λ of the penalty λ/2 · ‖w‖², from the same initial
        values.

    Returns
    -------
    Tensor, (R, p, D · S), float32
        The columns of one degree's strengths are adjacent. The caller must check that all weights
        are finite.
    """
    p = examples.X.shape[1]
    mask = degree_mask(degrees, p)
    bounds = mask.sum(dim=0).rsqrt()  # nn.Linear draws from U(-1/√d, 1/√d)
    draws = [torch.empty(p, len(degrees)).uniform_(-1, 1, generator=g) for g in generators]
    strengths = len(weight_decays)
    W = (torch.stack(draws) * bounds * mask).repeat_interleave(strengths, dim=2)
    mask = mask.repeat_interleave(strengths, dim=1)
    kept = 1 - learning_rate * torch.tensor(weight_decays).repeat(len(degrees))
    orders = shuffles(rows, generators)
    for _ in range(epochs):
        rows_of_epoch, weights = next(orders)
        X, y = examples.take(rows_of_epoch)
        batches = (part.split(batch_size, dim=1) for part in (X, y, weights))
        for X_batch, y_batch, weight in zip(*batches, strict=True):
            steps = weight * (2 * learning_rate / weight.sum(dim=1, keepdim=True).clamp(min=1))
            errors = (X_batch @ W - y_batch) * steps.unsqueeze(-1)
            if any(weight_decays):
                W *= kept
            W.addcmul_(X_batch.transpose(1, 2) @ errors, mask, value=-1)
    return W


def least_squares(examples: Examples, degrees: Sequence[int]) -> Tensor:
    """Fit exactly: the weights of the least squared error, (p, D), float64.

    Columns are first scaled to the same length, since high powers over factorials are tiny. If
    there are fewer examples than weights, there are many best fits; this is the one with the
    smallest weights after that scaling.
    """
    X, y = examples.X.double().numpy(), examples.y.double().numpy()[:, 0]
    lengths = np.linalg.norm(X, axis=0)
    lengths[lengths == 0] = 1
    W = np.zeros((X.shape[1], len(degrees)))
    for column, degree in enumerate(degrees):
        few = slice(degree + 1)
        W[few, column] = np.linalg.lstsq(X[:, few] / lengths[few], y)[0] / lengths[few]
    return torch.from_numpy(W)


def ridge(examples: Examples, degree: int, weight_decays: Sequence[float]) -> Tensor:
    """Fit exactly with each of S strengths λ of weight decay: (p, S), float64.

    The penalised loss, 1/n · ‖Xw - y‖² + λ/2 · ‖w‖², is that of a least-squares problem with one
    more row √(nλ/2) · e, with label 0, for each weight. Without weight decay the fit equals that of
    `least_squares`.
    """
    X, y = examples.X.double().numpy(), examples.y.double().numpy()[:, 0]
    n, few = len(X), degree + 1
    W = least_squares(examples, [degree] * len(weight_decays)).numpy()
    for column, strength in enumerate(weight_decays):
        if strength:
            penalty = np.sqrt(n * strength / 2) * np.eye(few)
            rows, labels = np.vstack([X[:, :few], penalty]), np.append(y, np.zeros(few))
            W[:few, column] = np.linalg.lstsq(rows, labels)[0]
    return torch.from_numpy(W)


def losses(examples: Examples, W: Tensor) -> Tensor:
    """Return the mean squared error of each degree, (D,), float64, for W (p, D)."""
    return ((examples.X.double() @ W.double() - examples.y.double()) ** 2).mean(dim=0)


def degree_mask(degrees: Sequence[int], p: int) -> Tensor:
    """Mark the weights that a polynomial of each degree has: (p, D), 1 or 0."""
    return (torch.arange(p).unsqueeze(1) <= torch.tensor(degrees)).float()


def fit_both_ways(
    study: str,
    examples: Examples,
    rows: Sequence[Tensor],
    degrees: Sequence[int],
    generators: Sequence[torch.Generator],
    **sgd: Any,
) -> dict[str, Sequence[Tensor]]:
    """Fit the same rows by SGD and exactly; return R weights (p, D) for each of `METHODS`.

    Raises
    ------
    LabError
        If SGD diverges.
    """
    by_sgd = fit_by_sgd(examples, rows, degrees, generators, **sgd)
    if not by_sgd.isfinite().all():
        replica = (~by_sgd.isfinite()).nonzero()[0, 0].item()
        found = "a weight is not finite"
        raise diverged(study, f"fit {replica}", found, sgd["learning_rate"])
    exact = [least_squares(take_rows(examples, own), degrees) for own in rows]
    return dict(zip(METHODS, (by_sgd, exact), strict=True))


def take_rows(examples: Examples, rows: Tensor) -> Examples:
    """Select rows of a dataset."""
    return Examples(examples.X[rows], examples.y[rows])


def table(degrees: Sequence[int], name: str, values: Tensor, **known: Any) -> pd.DataFrame:
    """Concatenate the values of all degrees in one table."""
    columns = {"degree": degrees, name: values.double().numpy()}
    return pd.DataFrame(columns).assign(**known)


def losses_of_splits(
    degrees: Sequence[int],
    fits: Mapping[str, Sequence[Tensor]],
    splits: Mapping[str, Sequence[Examples]],
    known: Sequence[Mapping[str, Any]],
) -> pd.DataFrame:
    """Concatenate the losses of R fits, for each method and split, in one table.

    Every split has R datasets; `known` are further columns for each of the R fits.
    """
    return pd.concat(
        table(degrees, "loss", losses(data[r], W), method=method, split=split, **known[r])
        for method, weights in fits.items()
        for r, W in enumerate(weights)
        for split, data in splits.items()
    )
