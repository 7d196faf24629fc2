"""What was learned against the truth, where there is one (notes 3.2, 3.3, 4.4.4)."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

COLUMNS = ["model", "device", "replicate", "parameter", "learned", "true", "error"]


def compare(
    model: str,
    device: str,
    learned: Mapping[str, np.ndarray],
    weights: Sequence[float],
    bias: float | None = None,
) -> pd.DataFrame:
    """Set every learned parameter of a linear model beside the true one.

    Parameters
    ----------
    model, device : str
    learned : mapping
        w (R, d, 1), and b (R, 1, 1) if the model has a bias.
    weights : sequence of floats
        The true ones; those beyond its end are zero.
    bias : float or None

    Returns
    -------
    DataFrame
        model, device, replicate, parameter (w[0], w[1], …, b), learned, true, error, which is
        learned - true.
    """
    rows = [(model, device, *row) for row in _rows(learned, weights, bias)]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    return table.assign(error=table["learned"] - table["true"])


def none() -> pd.DataFrame:
    """Give the table of no model at all."""
    return pd.DataFrame(columns=COLUMNS)


def _rows(
    learned: Mapping[str, np.ndarray], weights: Sequence[float], bias: float | None
) -> Iterator[tuple[int, str, float, float]]:
    """Give replicate, parameter, learned and true value."""
    for replicate, w in enumerate(learned["w"].squeeze(-1)):
        for i, value in enumerate(w):
            true = weights[i] if i < len(weights) else 0.0
            yield replicate, f"w[{i}]", float(value), true
        if bias is not None:
            yield replicate, "b", float(learned["b"][replicate].item()), bias
