"""Loss of polynomials against the number of training examples (notes 4.4.3)."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import torch

from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("sample_size",)


def study(
    polynomial: Mapping[str, Any],
    polynomial_test_examples: int,
    seed: int,
    *,
    sizes: Sequence[int],
    degrees: Sequence[int],
    replicates: int,
    steps: int,
    batch_size: int,
    learning_rate: float,
) -> dict[str, pd.DataFrame]:
    """Fit polynomials to increasing numbers of examples of the same distribution.

    Every replicate draws its own dataset; smaller training sets are the beginning of larger ones,
    and all have the same test set. Each degree is below max_degree. SGD takes the same number of
    steps (rounded to whole epochs) for every number of examples, so that fewer examples do not mean
    less training.

    Returns
    -------
    sample_size : DataFrame
        method (sgd, exact), examples, degree, replicate, split (train, test), loss: the mean
        squared error; true_degree: the degree of the polynomial that generated the data.

    Raises
    ------
    LabError
        If SGD diverges.
    """
    be_deterministic()
    numbers, most = range(replicates), max(sizes)
    train = polynomials.draw_datasets(polynomial, most, seed, "sample_size train", replicates)
    test = polynomials.draw_datasets(
        polynomial, polynomial_test_examples, seed, "sample_size test", replicates
    )
    whole = polynomials.concatenate(train)
    tables = []
    for size in sizes:
        rows = [torch.arange(size) + replicate * most for replicate in numbers]
        fits = polynomials.fit_both_ways(
            "sample_size",
            whole,
            rows,
            degrees,
            [generator(seed, "sample_size", size, replicate) for replicate in numbers],
            epochs=math.ceil(steps / math.ceil(size / batch_size)),
            batch_size=batch_size,
            learning_rate=learning_rate,
        )
        splits = {"train": [polynomials.take_rows(whole, own) for own in rows], "test": test}
        known = [{"examples": size, "replicate": replicate} for replicate in numbers]
        tables.append(polynomials.losses_of_splits(degrees, fits, splits, known))
    columns = ["method", "examples", "degree", "replicate", "split", "loss"]
    known = {"true_degree": polynomials.true_degree(polynomial)}
    return {"sample_size": pd.concat(tables)[columns].assign(**known)}
