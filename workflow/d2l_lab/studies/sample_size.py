"""Loss of polynomials against the number of training examples (notes 4.4.3)."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch

from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.training.fit import Examples
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = (
    "sample_size",
    "sample_size_degrees",
    "sample_size_fits",
    "sample_size_examples",
    "sample_size_truth",
)
LOOKED_AT = 3  # replicates, whose fits of every degree are kept


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
    sample_size_degrees : DataFrame
        examples, degree (every one), replicate (the first three), split (train, test), loss: of the
        exact fits.
    sample_size_fits : DataFrame
        examples, degree, replicate, term (i of xⁱ / i!), weight: these fits.
    sample_size_examples : DataFrame
        replicate, example, x, y: what they are fitted to; fewer examples are the first of these.
    sample_size_truth : DataFrame
        term, weight: of the polynomial that generated the data, and noise, the standard deviation.

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
    looked_at = numbers[:LOOKED_AT]
    every = range(polynomial["max_degree"])
    tables, looked, fitted = [], [], []
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
        exact = [polynomials.least_squares(splits["train"][r], every) for r in looked_at]
        looked.append(
            polynomials.losses_of_splits(every, {"exact": exact}, splits, known[:LOOKED_AT])
        )
        fitted += [weights_table(W, examples=size, replicate=r) for r, W in enumerate(exact)]
    columns = ["method", "examples", "degree", "replicate", "split", "loss"]
    known = {"true_degree": polynomials.true_degree(polynomial)}
    drawn = [example_table(train[replicate], replicate) for replicate in looked_at]
    return {
        "sample_size": pd.concat(tables)[columns].assign(**known),
        "sample_size_degrees": pd.concat(looked)[columns[1:]],
        "sample_size_fits": pd.concat(fitted, ignore_index=True),
        "sample_size_examples": pd.concat(drawn),
        "sample_size_truth": pd.DataFrame({"weight": polynomial["weights"]})
        .rename_axis("term")
        .reset_index()
        .assign(noise=polynomial["noise"]),
    }


def weights_table(W: torch.Tensor, **known: int) -> pd.DataFrame:
    """Set the weights of each degree's fit, (p, D) with degrees from 0, below each other."""
    degrees, terms = np.tril_indices(W.shape[1], m=W.shape[0])
    columns = {"degree": degrees, "term": terms, "weight": W.numpy()[terms, degrees]}
    return pd.DataFrame(columns).assign(**known)


def example_table(examples: Examples, replicate: int) -> pd.DataFrame:
    """Set the examples below each other; the second feature is x itself."""
    columns = {"x": examples.X[:, 1].double(), "y": examples.y[:, 0].double()}
    table = pd.DataFrame({name: values.numpy() for name, values in columns.items()})
    table.insert(0, "replicate", replicate)
    table.insert(1, "example", table.index)
    return table
