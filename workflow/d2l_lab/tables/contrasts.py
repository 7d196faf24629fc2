"""How far two means lie apart, and how sure that is."""

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from d2l_lab.tables.statistics import CONFIDENCE


def difference(first: pd.Series, second: pd.Series, *, paired: bool) -> pd.Series:
    """Give the mean of second - first, with half the width of its 95 % interval.

    Parameters
    ----------
    first, second : Series of float
        By replicate or fold; NaN for one that has diverged.
    paired : bool
        Whether equal numbers belong together: then it is Student's interval of the differences
        over the numbers that both have, otherwise Welch's.

    Returns
    -------
    Series
        mean and half; NaN where they are not known.
    """
    if paired:
        both = first.index.intersection(second.index)
        apart = second[both] - first[both]
        parts, freedom, mean = [apart.var() / len(apart)], len(apart) - 1, apart.mean(skipna=False)
    else:
        parts = [each.var() / len(each) for each in (first, second)]
        mean = second.mean(skipna=False) - first.mean(skipna=False)
        counts = [len(first) - 1, len(second) - 1]
        if min(counts) < 1 or not sum(parts) > 0:
            return pd.Series({"mean": mean, "half": np.nan})
        freedom = sum(parts) ** 2 / sum(p**2 / n for p, n in zip(parts, counts, strict=True))
    if np.isnan(mean) or freedom < 1:
        return pd.Series({"mean": mean, "half": np.nan})
    half = stdtrit(freedom, (1 + CONFIDENCE) / 2) * np.sqrt(sum(parts))
    return pd.Series({"mean": mean, "half": half})
