"""Evidence for claims, and functions that compute it from tables."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from d2l_lab.tables import statistics

ROUNDING = 1e-12  # squared errors below this are rounding errors
# The sources of chance that an interval covers.
REPLICATES = "initial values and shuffles"
DATASETS = "datasets, initial values and shuffles"
FOLDS = "folds"
EXAMPLES = "test examples"
TIMINGS = "timings"


class Evidence(NamedTuple):
    """A number that supports or contradicts a claim.

    Parameters
    ----------
    value : float
    n : int
        The number of observations.
    error : float
        Its standard error; 0 if chance plays no part, NaN if unknown.
    freedom : float
        The degrees of freedom of that error.
    covers : str
        The sources of chance that the error covers; empty if chance plays no part.
    share : float
        For a difference, the share of observations above 0, with those at 0 counted half: P(A > B).
        Otherwise NaN.
    of : int
        The number of estimates, if this is the most extreme of several; its interval is wider
        accordingly.
    """

    value: float
    n: int
    error: float = 0.0
    freedom: float = np.inf
    covers: str = ""
    share: float = np.nan
    of: int = 1

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval; both ends equal the value if chance plays no part."""
        if self.error == 0:
            return self.value, self.value
        level = 1 - (1 - statistics.CONFIDENCE) / self.of / 2
        half = stdtrit(self.freedom, level) * self.error
        return self.value - half, self.value + half

    def p_value(self, threshold: float) -> float:
        """Return the two-sided p-value of the distance from a threshold."""
        if np.isnan(self.error) or self.value == threshold:
            return 1.0
        if self.error == 0:
            return 0.0
        tail = stdtr(self.freedom, -abs(self.value - threshold) / self.error)
        return min(1.0, 2 * self.of * tail)

    @property
    def detectable(self) -> float:
        """The smallest difference from a threshold that is detected in 80 % of cases."""
        return statistics.detectable(self.error, self.freedom) if self.error else np.nan


Measure = Callable[..., Evidence | None]


def mean(values: Any, covers: str = REPLICATES) -> Evidence:
    """Return the mean of values with its standard error; NaN if a value is unknown.

    The values must be independent, except those of folds.
    """
    found = np.asarray(values, dtype=float)
    n, sd = len(found), found.std(ddof=1) if len(found) > 1 else np.nan
    error = statistics.standard_error(sd, n, folds=covers == FOLDS) if n > 1 else np.nan
    return Evidence(found.mean() if n else np.nan, n, error, n - 1, covers)


def difference(values: Any, covers: str = REPLICATES) -> Evidence:
    """Return the mean of differences, and how often they are above 0."""
    found = np.asarray(values, dtype=float)
    share = statistics.share_above(found) if len(found) else np.nan
    return mean(found, covers)._replace(share=share)


def apart(first: Evidence, second: Evidence) -> Evidence:
    """Return the difference of two independent estimates."""
    error, freedom = statistics.combine(
        [first.error, second.error], [first.freedom, second.freedom]
    )
    covers = dict.fromkeys(each.covers for each in (first, second) if each.covers)
    value = abs(first.value - second.value)
    return Evidence(value, min(first.n, second.n), error, freedom, "; ".join(covers))


def tested(row: Any) -> Evidence:
    """Return an accuracy, or a difference of two, from a row of the study `uncertainty`."""
    covers = f"{REPLICATES}; {EXAMPLES}"
    share = getattr(row, "share", np.nan)
    return Evidence(row.accuracy, int(row.replicates), row.error, row.freedom, covers, share)


def worst(found: Sequence[Evidence]) -> Evidence | None:
    """Return the greatest of several estimates, for a claim about all of them."""
    if not found:
        return None
    unknown = [estimate for estimate in found if np.isnan(estimate.value)]
    most = unknown[0] if unknown else max(found, key=lambda estimate: estimate.value)
    return most._replace(of=len(found))


def greatest(values: Any) -> Evidence:
    """Return the greatest value, for a claim about all of them; NaN if one is unknown."""
    return exactly(np.max(np.asarray(values)) if np.size(values) else np.nan, np.size(values))


def least(values: Any) -> Evidence:
    """Return the least value, for a claim about all of them; NaN if one is unknown."""
    return exactly(np.min(np.asarray(values)) if np.size(values) else np.nan, np.size(values))


def exactly(value: float, n: int) -> Evidence:
    """Return a number in which chance plays no part."""
    return Evidence(float(value), n)


def values_of(table: pd.DataFrame, column: str, index: list[str], **chosen: Any) -> pd.Series:
    """Return a column of the rows with these values, with an index."""
    for name, value in chosen.items():
        table = table[table[name] == value]
    return table.set_index(index)[column]


def log_ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Return log₁₀ of a ratio, row by row."""
    return np.log10(above / below.loc[above.index])


def loss_ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Return log₁₀ of the ratio of two squared errors; NaN if one is below `ROUNDING`."""
    return log_ratio(above.where(above >= ROUNDING), below.where(below >= ROUNDING))


def share_apart(above: pd.Series, below: pd.Series) -> pd.Series:
    """Return the difference of two squared errors as a share of their sum, from -1 to 1.

    It is 1/3 if one is twice the other, and 1 if the lower one is 0. So a fit through all examples,
    whose error is only rounding, cannot make it arbitrarily large.
    """
    return (above - below.loc[above.index]) / (above + below.loc[above.index])
