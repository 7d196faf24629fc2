"""Weight decay against overfitting, at a fixed degree (notes 4.4.1)."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import torch

from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.studies._training import diverged
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("weight_decay", "weight_decay_norm")


def study(
    polynomial: Mapping[str, Any],
    polynomial_examples: int,
    polynomial_test_examples: int,
    seed: int,
    *,
    weight_decays: list[float],
    replicates: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
) -> dict[str, pd.DataFrame]:
    """Fit the polynomial of the highest degree with every strength of weight decay.

    The degree stays fixed, so that the size of the weights changes, not their number. Every
    replicate draws its own dataset; all strengths share it, the initial values and the minibatches.
    The fits use SGD with the notes' settings and, for comparison, ridge regression.

    Returns
    -------
    weight_decay : DataFrame
        method, weight_decay, replicate, split (train, test), loss: the mean squared error, without
        the penalty.
    weight_decay_norm : DataFrame
        method, weight_decay, replicate, norm: the Euclidean length of the weights.

    Raises
    ------
    LabError
        If SGD diverges.
    """
    be_deterministic()
    strengths = sorted(map(float, weight_decays))
    degree = polynomial["max_degree"] - 1
    numbers = range(replicates)
    draw = (polynomial, polynomial_examples, seed, "weight_decay train", replicates)
    train = polynomials.draw_datasets(*draw)
    draw = (polynomial, polynomial_test_examples, seed, "weight_decay test", replicates)
    test = polynomials.draw_datasets(*draw)
    by_sgd = polynomials.fit_by_sgd(
        polynomials.concatenate(train),
        [torch.arange(polynomial_examples) + r * polynomial_examples for r in numbers],
        [degree],
        [generator(seed, "weight_decay", "fits", r) for r in numbers],
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        weight_decays=strengths,
    )
    if not by_sgd.isfinite().all():
        replicate, _, column = (~by_sgd.isfinite()).nonzero()[0].tolist()
        found = f"a weight is not finite with weight_decay {strengths[column]:g} and"
        raise diverged("weight_decay", f"replicate {replicate}", found, learning_rate)
    exact = [polynomials.ridge(examples, degree, strengths) for examples in train]
    fits = dict(zip(polynomials.METHODS, (by_sgd, exact), strict=True))
    columns = [
        (method, r, W.double()) for method, weights in fits.items() for r, W in enumerate(weights)
    ]
    norms = pd.concat(
        table(strengths, "norm", W.norm(dim=0), method=method, replicate=r)
        for method, r, W in columns
    )
    losses = pd.concat(
        table(
            strengths,
            "loss",
            polynomials.losses(data[r], W),
            method=method,
            replicate=r,
            split=split,
        )
        for method, r, W in columns
        for split, data in (("train", train), ("test", test))
    )
    return {
        "weight_decay": losses[["method", "weight_decay", "replicate", "split", "loss"]],
        "weight_decay_norm": norms[["method", "weight_decay", "replicate", "norm"]],
    }


def table(strengths: list[float], name: str, values: torch.Tensor, **known: Any) -> pd.DataFrame:
    """Concatenate the values of all strengths in one table."""
    return pd.DataFrame({"weight_decay": strengths, name: values.numpy()}).assign(**known)
