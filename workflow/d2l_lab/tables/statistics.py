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
        One for each replicate or fold.

    Returns
    -------
    Series
        mean, sd (the sample's standard deviation), ci_low, ci_high and n; of a single value, sd
        and interval are unknown (NaN).
    """
    n, mean, sd = len(values), values.mean(), values.std(ddof=1)
    half = stdtrit(n - 1, (1 + CONFIDENCE) / 2) * sd / np.sqrt(n) if n > 1 else np.nan
    return pd.Series(
        {"mean": mean, "sd": sd, "ci_low": mean - half, "ci_high": mean + half, "n": n}
    )
