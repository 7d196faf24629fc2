"""Compare learned parameters with the true ones, where these exist (notes 3.2, 3.3, 4.4.4)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

COLUMNS = ["model", "device", "replicate", "parameter", "learned", "true", "error"]


def can_be_compared(learned: Mapping[str, np.ndarray]) -> bool:
    """Return whether a model is linear: w (R, d, 1) and perhaps b (R, 1, 1)."""
    return "w" in learned and {*learned} <= {"w", "b"} and learned["w"].shape[2:] == (1,)


def compare(
    model: str,
    device: str,
    learned: Mapping[str, np.ndarray],
    weights: Sequence[float],
    bias: float | None = None,
) -> pd.DataFrame:
    """Compare every learned parameter of a linear model with the true one.

    Parameters
    ----------
    model, device : str
    learned : mapping
        w (R, d, 1), and b (R, 1, 1) if the model has a bias.
    weights : sequence of floats
        The true weights; further ones are zero.
    bias : float or None

    Returns
    -------
    DataFrame
        model, device, replicate, parameter (w[0], w[1], …, b), learned, true, error, which is
        learned - true.
    """
    values = pd.DataFrame(learned["w"].squeeze(-1)).rename(columns="w[{}]".format)
    true = pd.Series(weights, dtype=float).reindex(range(values.shape[1]), fill_value=0.0)
    true.index = values.columns
    if bias is not None and "b" in learned:
        values["b"], true["b"] = learned["b"].ravel(), bias
    table = values.astype(float).stack(future_stack=True).rename_axis(["replicate", "parameter"])
    table = table.rename("learned").reset_index()
    table["true"] = table["parameter"].map(true)
    return table.assign(model=model, device=device, error=table["learned"] - table["true"])[COLUMNS]
