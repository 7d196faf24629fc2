"""Loss of polynomials against the number of training examples (notes 4.4.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.training.fit import Examples
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
    epochs: int,
    batch_size: int,
    learning_rate: float,
) -> dict[str, pd.DataFrame]:
    """Fit polynomials to ever more examples of the same distribution.

    Every replicate draws a dataset of its own; a smaller training set is the beginning of the
    larger ones, and all are tested on the same test set.

    Parameters
    ----------
    polynomial : mapping
        The dataset's settings but its sizes.
    polynomial_test_examples : int
        How many to test each replicate on.
    seed : int
    sizes : sequence of int
        Numbers of training examples.
    degrees : sequence of int
        Each below max_degree.
    replicates, epochs, batch_size : int
    learning_rate : float

    Returns
    -------
    sample_size : DataFrame
        method (sgd, exact), examples, degree, replicate, split (train, test), loss: the mean
        squared error.

    Raises
    ------
    LabError
        If SGD diverges.
    """
    be_deterministic()
    numbers, most = range(replicates), max(sizes)
    train = polynomials.draw(polynomial, most, seed, "sample_size train", replicates)
    test = polynomials.draw(
        polynomial, polynomial_test_examples, seed, "sample_size test", replicates
    )
    whole = polynomials.below_each_other(train)
    tables = []
    for size in sizes:
        few = [Examples(one.X[:size], one.y[:size]) for one in train]
        by_sgd = polynomials.descend(
            whole,
            [torch.arange(size) + replicate * most for replicate in numbers],
            degrees,
            [generator(seed, "sample_size", size, replicate) for replicate in numbers],
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
        )
        polynomials.require_finite("sample_size", by_sgd, learning_rate)
        exact = [polynomials.least_squares(one, degrees) for one in few]
        for method, fits in (("sgd", by_sgd), ("exact", exact)):
            for replicate, W in enumerate(fits):
                for split, examples in (("train", few[replicate]), ("test", test[replicate])):
                    found = _table(degrees, polynomials.losses(examples, W))
                    known = {"method": method, "examples": size, "replicate": replicate}
                    tables.append(found.assign(**known, split=split))
    columns = ["method", "examples", "degree", "replicate", "split", "loss"]
    return {"sample_size": pd.concat(tables)[columns]}


def _table(degrees: Sequence[int], losses: Tensor) -> pd.DataFrame:
    return pd.DataFrame({"degree": degrees, "loss": losses.numpy()})
