"""Normal densities, and the likelihood of linear regression next to its loss (notes 3.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from d2l_lab.studies.given import Data

TABLES = ("maximum_likelihood", "maximum_likelihood_curvature", "maximum_likelihood_densities")
DENSITY_POINTS = 241
REACH = 4  # standard deviations of each density to show on either side
SPAN = 1.0  # width of the grid on either side of the least-squares weight


def study(
    linear_train: Data,
    linear: Mapping[str, Any],
    *,
    means: Sequence[float],
    deviations: Sequence[float],
    points: int,
) -> dict[str, pd.DataFrame]:
    """Evaluate densities, and the loss and likelihood of linear regression over the first weight.

    Each mean is combined with each standard deviation. The weights are evenly spaced, and one of
    them is the least-squares value, so that no two of them share the minimum; if `points` is even,
    there is one more weight below it than above. The dataset's settings, `linear`, have the noise.

    Returns
    -------
    maximum_likelihood : DataFrame
        weight (w[0]; the other parameters keep their least-squares values), squared_loss (the mean
        of (ŷ - y)² / 2), negative_log_likelihood (the mean over the examples).
    maximum_likelihood_curvature : DataFrame
        direction, curvature: the eigenvalues of the second derivative of the negative
        log-likelihood in w and b, in ascending order. It is the same everywhere; if all are
        positive, there is only one minimum.
    maximum_likelihood_densities : DataFrame
        mean, deviation, x, density.
    """
    X = np.column_stack([linear_train.X.astype(np.float64), np.ones(len(linear_train.X))])
    y = linear_train.y[:, 0].astype(np.float64)
    best = np.linalg.lstsq(X, y)[0]
    noise = linear["noise"] or (y - X @ best).std() or 1.0
    weights = best[0] + SPAN * (np.arange(points) - points // 2) / (points // 2)
    rest = y - X[:, 1:] @ best[1:]
    curves = [
        (weight, (residuals**2 / 2).mean(), -norm.logpdf(residuals, scale=noise).mean())
        for weight in weights
        for residuals in [rest - weight * X[:, 0]]
    ]
    second = X.T @ X / len(X) / noise**2
    reach = REACH * max(deviations)
    x = np.linspace(min(means) - reach, max(means) + reach, DENSITY_POINTS)
    densities = pd.concat(
        pd.DataFrame({"x": x, "density": norm.pdf(x, mean, deviation)}).assign(
            mean=float(mean), deviation=float(deviation)
        )
        for mean in means
        for deviation in deviations
    )
    return {
        "maximum_likelihood": pd.DataFrame(
            curves, columns=["weight", "squared_loss", "negative_log_likelihood"]
        ),
        "maximum_likelihood_curvature": pd.DataFrame(
            {"direction": range(X.shape[1]), "curvature": np.linalg.eigvalsh(second)}
        ),
        "maximum_likelihood_densities": densities[["mean", "deviation", "x", "density"]],
    }
