"""What speaks for a claim, and how it is found in the tables."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from d2l_lab.tables.statistics import summarise

NOTHING = 1e-12  # below it a squared error is but rounding


class Evidence(NamedTuple):
    """A number that speaks for or against a claim.

    Parameters
    ----------
    value : float
    low, high : float
        The 95 % interval; both are the value itself where nothing is left to chance.
    n : int
        How many observations the number rests on.
    """

    value: float
    low: float
    high: float
    n: int


Measure = Callable[..., Evidence | None]


def mean(values: Any) -> Evidence:
    """Take the mean of independent values, with its 95 % interval."""
    found = summarise(pd.Series(np.asarray(values, dtype=float)))
    return Evidence(found["mean"], found["ci_low"], found["ci_high"], int(found["n"]))


def greatest(values: Any) -> Evidence:
    """Take the greatest of values, where none may be greater; NaN if one is unknown."""
    return exactly(np.max(np.asarray(values)) if np.size(values) else np.nan, np.size(values))


def least(values: Any) -> Evidence:
    """Take the least of values, where none may be less; NaN if one is unknown."""
    return exactly(np.min(np.asarray(values)) if np.size(values) else np.nan, np.size(values))


def exactly(value: float, n: int) -> Evidence:
    """Take a number as it is: nothing in it is left to chance."""
    return Evidence(float(value), float(value), float(value), n)


def values_of(table: pd.DataFrame, column: str, index: list[str], **chosen: Any) -> pd.Series:
    """Give a column of the rows that hold these values, by an index."""
    for name, value in chosen.items():
        table = table[table[name] == value]
    return table.set_index(index)[column]


def log_ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Give log₁₀ of a ratio, row by row."""
    return np.log10(above / below.loc[above.index])


def loss_ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Give log₁₀ of the ratio of two squared errors; one below `NOTHING` counts as that."""
    return log_ratio(above.clip(lower=NOTHING), below.clip(lower=NOTHING))
