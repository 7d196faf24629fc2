"""The features xⁱ / i! of the polynomial, and the weights that SGD finds (notes 4.4.4)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch

from d2l_lab.datasets.polynomial import features
from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.studies._training import diverged
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("polynomial_terms", "polynomial_weights")


def study(
    polynomial: Mapping[str, Any],
    polynomial_examples: int,
    seed: int,
    *,
    replicates: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
) -> dict[str, pd.DataFrame]:
    """Measure the features of many datasets, and fit those of the true polynomial to each.

    Every replicate draws its own dataset.

    Returns
    -------
    polynomial_terms : DataFrame
        replicate, column, degree, greatest_feature, greatest_power: the greatest absolute value of
        a feature column over the examples, with and without dividing by i!. The degree is measured,
        using that the feature of 2x is 2 to its power times that of x.
    polynomial_weights : DataFrame
        replicate, parameter (w[0], w[1], …), learned, true, error: learned - true.

    Raises
    ------
    LabError
        If SGD diverges.
    """
    be_deterministic()
    numbers = range(replicates)
    datasets = polynomials.draw_datasets(
        polynomial, polynomial_examples, seed, "polynomial_terms", replicates
    )
    true = polynomial["weights"]
    n = polynomial_examples
    weights = polynomials.fit_by_sgd(
        polynomials.concatenate(datasets),
        [torch.arange(number * n, (number + 1) * n) for number in numbers],
        [len(true) - 1],
        [generator(seed, "polynomial_terms", number) for number in numbers],
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
    )
    if not weights.isfinite().all():
        replicate = (~weights.isfinite()).nonzero()[0, 0].item()
        found = "a weight is not finite"
        raise diverged("polynomial_terms", f"replicate {replicate}", found, learning_rate)
    learned = weights[:, : len(true), 0].double().numpy()
    names = [f"w[{i}]" for i in range(len(true))]
    table = pd.DataFrame(learned, columns=names).rename_axis("replicate").reset_index()
    long = table.melt("replicate", var_name="parameter", value_name="learned")
    long["true"] = long["parameter"].map(dict(zip(names, map(float, true), strict=True)))
    return {
        "polynomial_terms": pd.concat(
            terms(data.X.double().numpy()).assign(replicate=number)
            for number, data in zip(numbers, datasets, strict=True)
        )[["replicate", "column", "degree", "greatest_feature", "greatest_power"]],
        "polynomial_weights": long.assign(error=long["learned"] - long["true"]),
    }


def terms(X: np.ndarray) -> pd.DataFrame:
    """Measure each feature column of X (n, p); the second one is x itself."""
    columns = np.arange(X.shape[1])
    once, twice = (features(np.array([x]), X.shape[1])[0] for x in (1.0, 2.0))
    return pd.DataFrame(
        {
            "column": columns,
            "degree": np.log2(twice / once),
            "greatest_feature": np.abs(X).max(axis=0),
            "greatest_power": np.abs(X[:, 1]).max() ** columns.astype(float),
        }
    )
