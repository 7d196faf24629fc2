"""The uncertainty of a test accuracy from two sources (notes 3.6, 4.1.1, 4.4.2).

Another training has other initial values and shuffles; another test set has other examples. An
interval over replicates covers only the former.
"""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from d2l_lab.studies.given import Data, Trained
from d2l_lab.tables.statistics import combine, half_width, share_above

TABLES = ("uncertainty", "uncertainty_pairs")
MEASURED = ["replicates", "examples", "error_replicates", "error_examples", "error", "freedom"]
MEASURED += ["ci_low", "ci_high"]
ACCURACIES = ["model", "device", "accuracy", *MEASURED]
PAIRS = ["first", "second", "device", "difference", *MEASURED, "share", "only_first", "only_second"]


def study(trained: list[Trained], tests: Mapping[str, Data]) -> dict[str, pd.DataFrame]:
    """Estimate the accuracy of each classifier, and the difference of each two.

    The errors of both sources are added as independent: that over replicates, from each replicate's
    accuracy on all examples, and that over examples, from each example's mean over all replicates.
    Two models are compared on the same examples, pairing replicates of the same number, which share
    their shuffles.

    Returns
    -------
    uncertainty : DataFrame
        model, device, accuracy, replicates, examples (their numbers), error_replicates,
        error_examples, error (standard errors, the last of both), freedom (its degrees of freedom
        by Satterthwaite), ci_low, ci_high (the 95 % interval of both).
    uncertainty_pairs : DataFrame
        The same for the difference of two classifiers of the same data on the same device: first,
        second, device, difference (first minus second) and those columns, then share (of replicates
        in which the first is better, with ties counted half), only_first, only_second (how many
        examples, on average over replicates, only one of them has right).

    Errors are NaN for a single replicate, and everything is NaN if a replicate has diverged.
    """
    classifiers = [model for model in trained if model.dataset in tests]
    right = [(model, hits(model, tests[model.dataset])) for model in classifiers]
    accuracies = [
        {"model": model.model, "device": model.device} | estimate(found, "accuracy")
        for model, found in right
    ]
    pairs = [
        pair(first, second, of_first, of_second)
        for (first, of_first), (second, of_second) in permutations(right, 2)
        if (first.dataset, first.device) == (second.dataset, second.device)
    ]
    return {
        "uncertainty": pd.DataFrame(accuracies, columns=ACCURACIES),
        "uncertainty_pairs": pd.DataFrame(pairs, columns=PAIRS),
    }


def hits(model: Trained, test: Data) -> np.ndarray:
    """Return which examples each replicate has right: (R, n), float64; NaN if it has diverged."""
    right = (model.predicted == test.y).astype(float)
    right[model.diverged] = np.nan
    return right


def pair(
    first: Trained, second: Trained, of_first: np.ndarray, of_second: np.ndarray
) -> dict[str, Any]:
    """Compare two models, over the replicates that both have."""
    both = min(len(of_first), len(of_second))
    apart = of_first[:both] - of_second[:both]
    return {
        "first": first.model,
        "second": second.model,
        "device": first.device,
        **estimate(apart, "difference"),
        "share": share_above(apart.mean(axis=1)),
        "only_first": (apart > 0).sum() / both,
        "only_second": (apart < 0).sum() / both,
    }


def estimate(values: np.ndarray, name: str) -> dict[str, Any]:
    """Estimate the mean of values (replicates, examples), with the errors of both sources."""
    counts = np.array(values.shape)
    mean = values.mean()
    if counts.min() < 2 or np.isnan(mean):
        errors = np.full(2, np.nan)
    else:
        errors = np.array([values.mean(axis=1 - axis).std(ddof=1) for axis in (0, 1)])
        errors /= np.sqrt(counts)
    error, freedom = combine(errors, counts - 1)
    half = half_width(error, freedom)
    numbers = [*values.shape, *errors, error, freedom, mean - half, mean + half]
    return {name: mean, **dict(zip(MEASURED, numbers, strict=True))}
