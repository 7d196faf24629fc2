"""The difference of two results' means, and its uncertainty."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from d2l_lab.tables import histories
from d2l_lab.tables.statistics import (
    combine,
    detectable,
    half_width,
    share_above,
    standard_error,
)

FACTS = ("difference", "ci_low", "ci_high", "n", "paired", "share", "detectable")


def share_draws(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Return whether replicates or folds with the same number share data and random numbers.

    Parameters
    ----------
    first, second : mapping
        The ingredients of each; see `d2l_lab.store.keys.ingredients`.
    """

    def shared(ingredients: Mapping[str, Any]) -> tuple:
        settings, inputs = ingredients["settings"], ingredients["inputs"].items()
        keys = {role: [each.rpartition("/")[2] for each in given] for role, given in inputs}
        return (ingredients["stage"], keys, settings.get("seed"), settings.get("folds"))

    return shared(first) == shared(second)


def final_values(history: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the values of each metric after the last epoch, by replicate or fold.

    Parameters
    ----------
    history : DataFrame
        Replicate or fold, epoch, split, loss and, of classifiers, accuracy.
    """
    last = histories.last_values(histories.tidy([("", "", history)]))
    return {
        name: rows.set_index(history.columns[0])["value"]
        for name, rows in last.groupby("metric", sort=True)
    }


def contrast(first: pd.DataFrame, second: pd.DataFrame, *, paired: bool) -> pd.DataFrame:
    """Compare the metrics that two histories share, after the last epoch of each.

    Parameters
    ----------
    first, second : DataFrame
        Histories, both by replicate or both by fold; see `final_values`.
    paired : bool
        See `difference`.

    Returns
    -------
    DataFrame
        metric, first and second (their means), and the columns of `difference`.
    """
    a, b = final_values(first), final_values(second)
    folds = first.columns[0] == "fold"
    rows = [
        {"metric": name, "first": mean(a[name]), "second": mean(b[name])}
        | difference(a[name], b[name], paired=paired, folds=folds)
        for name in a
        if name in b
    ]
    return pd.DataFrame(rows, columns=["metric", "first", "second", *FACTS])


def mean(values: pd.Series) -> float:
    """Return the mean; NaN if a value is NaN, since that replicate has diverged."""
    return values.mean(skipna=False)


def difference(
    first: pd.Series, second: pd.Series, *, paired: bool, folds: bool = False
) -> dict[str, Any]:
    """Return the mean of second - first, its 95 % interval, and the detectable difference.

    Parameters
    ----------
    first, second : Series of float
        By replicate or fold; NaN if it has diverged.
    paired : bool
        Whether values with the same number are paired. If so, the interval is Student's, for the
        differences of the numbers that both have; otherwise it is Welch's.
    folds : bool
        Whether the values are of folds, which share most of their training data, so that the
        variance of their mean is greater; see `statistics.standard_error`.

    Returns
    -------
    dict
        difference; ci_low, ci_high; n, the number of pairs, or the lower number of values; paired;
        share, how often second is above first, with ties counted half; detectable, the smallest
        difference that is detected in 80 % of cases. Unknown values are NaN.
    """
    if paired:
        numbers = first.index.intersection(second.index)
        apart = second[numbers] - first[numbers]
        n = len(apart)
        center, errors, freedoms = mean(apart), [_error(apart, folds)], [n - 1]
    else:
        n, apart = min(len(first), len(second)), np.subtract.outer([*second], [*first])
        center = mean(second) - mean(first)
        errors = [_error(each, folds) for each in (first, second)]
        freedoms = [len(first) - 1, len(second) - 1]
    error, freedom = combine(errors, freedoms)
    half = half_width(error, freedom) if error > 0 else error
    return {
        "difference": center,
        "ci_low": center - half,
        "ci_high": center + half,
        "n": n,
        "paired": paired,
        "share": np.nan if np.isnan(center) else share_above(np.asarray(apart)),
        "detectable": detectable(error, freedom) if error > 0 else np.nan,
    }


def _error(values: pd.Series, folds: bool) -> float:
    """Return the standard error of a mean; NaN for a single value, or if a replicate diverged."""
    if len(values) < 2 or values.isna().any():
        return np.nan
    return standard_error(values.std(ddof=1), len(values), folds=folds)
