"""How sure a mean is."""

import numpy as np
import pandas as pd
from scipy.special import stdtrit

CONFIDENCE = 0.95


def summarise(values: pd.Series) -> pd.Series:
    """Give the mean of independent values, with its 95 % interval by Student's t.

    Parameters
    ----------
    values : Series of float
        One for each replicate or fold; NaN for one that has diverged.

    Returns
    -------
    Series
        mean, sd (the sample's standard deviation), ci_low, ci_high and n; of a single value, sd
        and interval are unknown (NaN). If a value is NaN, so is everything but n: the mean of the
        others would be that of a selection, made by the very thing that is measured.
    """
    n, mean, sd = len(values), values.mean(), values.std(ddof=1)
    if values.isna().any():
        mean = sd = np.nan
    half = stdtrit(n - 1, (1 + CONFIDENCE) / 2) * sd / np.sqrt(n) if n > 1 else np.nan
    return pd.Series(
        {"mean": mean, "sd": sd, "ci_low": mean - half, "ci_high": mean + half, "n": n}
    )
