"""Uncertainty of means, and correction for multiple tests."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

CONFIDENCE = 0.95
POWER = 0.8  # the probability of detecting the difference that `detectable` returns


def summarise(values: pd.Series, *, folds: bool = False, positive: bool = False) -> pd.Series:
    """Return the mean of values, with its 95 % interval.

    Parameters
    ----------
    values : Series of float
        One for each replicate or fold; NaN if it has diverged.
    folds : bool
        Whether they are of folds, which share most of their training data; see `standard_error`.
    positive : bool
        Whether they are positive and may differ by orders of magnitude, as squared errors do. If
        so, the interval is that for the mean of a lognormal distribution by Cox's method (Zhou and
        Gao, 1997, with Student's t), which never extends below zero.

    Returns
    -------
    Series
        mean, sd (the sample's standard deviation), ci_low, ci_high and n; for a single value, sd
        and interval are unknown (NaN). If a value is NaN, so is everything but n, because the
        others would be a biased selection.
    """
    n, mean, sd = len(values), values.mean(), values.std(ddof=1)
    low = high = np.nan
    if values.isna().any():
        mean = sd = np.nan
    elif n > 1:
        half = half_width(standard_error(sd, n, folds=folds), n - 1)
        low, high = mean - half, mean + half
        if positive and (values > 0).all():
            logs = np.log(values)
            spread = logs.std(ddof=1)
            error = np.hypot(
                standard_error(spread, n, folds=folds), spread**2 / np.sqrt(2 * (n + 1))
            )
            center = logs.mean() + spread**2 / 2
            half = half_width(error, n - 1)
            low, high = np.exp([center - half, center + half])
    return pd.Series({"mean": mean, "sd": sd, "ci_low": low, "ci_high": high, "n": n})


def predict(values: pd.Series, *, positive: bool = False) -> tuple[float, float]:
    """Return the bounds that contain one more value in 95 % of cases, by Student's t.

    It is wider than the interval of the mean, and does not shrink to nothing as values are added.

    Parameters
    ----------
    values : Series of float
        Independent, of one normal distribution.
    positive : bool
        Whether they are positive and may differ by orders of magnitude: then their logarithms are
        taken to be normal.

    Returns
    -------
    tuple of float
        NaN if there are fewer than two values, or one of them is.
    """
    if len(values) < 2 or values.isna().any():
        return np.nan, np.nan
    is_lognormal = positive and (values > 0).all()
    scaled = np.log(values) if is_lognormal else values
    half = half_width(scaled.std(ddof=1) * np.sqrt(1 + 1 / len(values)), len(values) - 1)
    bounds = scaled.mean() - half, scaled.mean() + half
    low, high = np.exp(bounds) if is_lognormal else bounds
    return float(low), float(high)


def standard_error(sd: float, n: int, *, folds: bool = False) -> float:
    """Return the standard error of a mean of n values with this standard deviation.

    The folds of a cross-validation are not independent, since two of them train on nearly the same
    data. Their variance is therefore multiplied by 1/n + 1/(n - 1) instead of 1/n, where 1/(n - 1)
    is the ratio of validation to training examples (Nadeau and Bengio, 2003).
    """
    return sd * np.sqrt(1 / n + (1 / (n - 1) if folds else 0))


def half_width(error: float, freedom: float) -> float:
    """Return half the width of the 95 % interval of an estimate, by Student's t."""
    return stdtrit(freedom, (1 + CONFIDENCE) / 2) * error


def share_above(differences: np.ndarray) -> float:
    """Return the share of differences above zero, with zeros counted half."""
    return float(((np.sign(differences) + 1) / 2).mean())


def combine(errors: Sequence[float], freedoms: Sequence[float]) -> tuple[float, float]:
    """Return the standard error of a sum of independent estimates, and its degrees of freedom.

    The degrees of freedom are Welch and Satterthwaite's; NaN if nothing varies.
    """
    squares = np.square(errors)
    parts = (squares**2 / np.maximum(freedoms, 1)).sum()
    return np.sqrt(squares.sum()), squares.sum() ** 2 / parts if parts > 0 else np.nan


def detectable(error: float, freedom: float) -> float:
    """Return the smallest difference from a threshold that is detected with a power of 80 %.

    This is for a two-sided test at 5 %, of an estimate with this standard error and these degrees
    of freedom.
    """
    return (stdtrit(freedom, (1 + CONFIDENCE) / 2) + stdtrit(freedom, POWER)) * error


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Correct the p-values of a family by Holm's method (1979).

    If hypotheses with a corrected value of at most 5 % are rejected, the chance of rejecting any
    true null hypothesis of the family is at most 5 %, however they depend on each other.
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(stepped, 1)
    return corrected
