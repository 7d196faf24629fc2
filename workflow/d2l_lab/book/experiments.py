"""The results of the small experiments on exercises: means and differences."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from d2l_lab.book.numbers import with_interval
from d2l_lab.tables.statistics import summarise

NUMBER = re.compile(r"\d[\d.]*(e[+-]?\d+)?")


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates with its 95 % interval, which is NaN for a single value.

    Texts show it with the filter ``interval``.
    """

    mean: float
    low: float
    high: float
    n: int

    def __getitem__(self, name: str) -> float:
        """Return ``mean``, ``low`` or ``high``, like for any row with an interval."""
        return getattr(self, name)

    @property
    def above(self) -> bool:
        """Whether the whole interval is above zero."""
        return bool(self.low > 0)

    @property
    def below(self) -> bool:
        """Whether the whole interval is below zero."""
        return bool(self.high < 0)

    @property
    def open(self) -> bool:
        """Whether it may be zero, because the interval covers zero or is unknown."""
        return not (self.above or self.below)

    def covers(self, value: float) -> bool:
        """Return whether a value is in the interval."""
        return bool(self.low <= value <= self.high)


def estimate(values: pd.Series) -> Estimate:
    """Return the mean of the replicates' values with its interval."""
    if not np.isfinite(values).all():
        return Estimate(np.inf, np.nan, np.nan, len(values))
    found = summarise(values)
    return Estimate(found["mean"], found["ci_low"], found["ci_high"], len(values))


class Experiments:
    """The measurements of a study `d2l_lab.studies.exercises_…`.

    Parameters
    ----------
    table : DataFrame
        exercise, case, measure, replicate, value.
    """

    def __init__(self, table: pd.DataFrame):
        # Pandas may have read names such as 3.1 as numbers.
        self._table = table.assign(exercise=table["exercise"].astype(str))

    def of(self, exercise: str, measure: str, case: str) -> Estimate:
        """Return the mean of a measure; raise `LookupError` if it was not measured."""
        return estimate(self._values(exercise, measure, case))

    def value(self, exercise: str, measure: str, case: str) -> float:
        """Return the greatest value of a measure over the replicates."""
        return float(self._values(exercise, measure, case).max())

    def each(self, exercise: str, measure: str, cases: Iterable[str]) -> list[tuple[str, str]]:
        """Return several cases, each with its mean and interval as a reader sees them."""
        found = ((case, self.of(exercise, measure, case)) for case in cases)
        return [(case, with_interval(each.mean, each.low, each.high)) for case, each in found]

    def difference(self, exercise: str, measure: str, first: str, second: str) -> Estimate:
        """Return how much a case exceeds another, by replicate."""
        values, others = (self._values(exercise, measure, case) for case in (first, second))
        return estimate(values - others)

    def factor(self, exercise: str, measure: str, first: str, second: str) -> Estimate:
        """Return how many times as large as another a case is, as a geometric mean."""
        values, others = (self._values(exercise, measure, case) for case in (first, second))
        with np.errstate(divide="ignore", invalid="ignore"):
            found = estimate(np.log(values / others))
        return Estimate(np.exp(found.mean), np.exp(found.low), np.exp(found.high), found.n)

    def cases(self, exercise: str, measure: str) -> list[str]:
        """List the cases with a measure in order, but those that differ in a number together."""
        names = list(dict.fromkeys(self._of(exercise, measure)["case"]))
        kinds = [NUMBER.sub("", name) for name in names]
        return sorted(names, key=lambda name: kinds.index(NUMBER.sub("", name)))

    def most(self, exercise: str, measure: str) -> str:
        """Return the case with the highest mean."""
        return str(self._means(exercise, measure).idxmax())

    def least(self, exercise: str, measure: str) -> str:
        """Return the case with the lowest mean."""
        return str(self._means(exercise, measure).idxmin())

    def _means(self, exercise: str, measure: str) -> pd.Series:
        return self._of(exercise, measure).groupby("case", sort=False)["value"].mean()

    def _of(self, exercise: str, measure: str) -> pd.DataFrame:
        is_wanted = (self._table["exercise"] == exercise) & (self._table["measure"] == measure)
        if not is_wanted.any():
            raise LookupError(f"{exercise} has no {measure}")
        return self._table[is_wanted]

    def _values(self, exercise: str, measure: str, case: str) -> pd.Series:
        rows = self._of(exercise, measure)
        values = rows[rows["case"] == case].set_index("replicate")["value"]
        if values.empty:
            raise LookupError(f"{exercise} has no {measure} of {case}")
        return values
