"""How claims find their numbers in the tables."""

from typing import Any

import numpy as np
import pandas as pd

NOTHING = 1e-12  # below it a squared error is but rounding


def values_of(table: pd.DataFrame, column: str, index: list[str], **chosen: Any) -> pd.Series:
    """Give a column of the rows that hold these values, by an index."""
    for name, value in chosen.items():
        table = table[table[name] == value]
    return table.set_index(index)[column]


def last_values(
    training: pd.DataFrame, models: pd.DataFrame, module: str, split: str, metric: str
) -> pd.Series | None:
    """Give what a chapter's model reached after its last epoch, by replicate or fold.

    It is the first model of that module on the first device; None if there is no such model.
    """
    found = models[models["module"] == module]
    if found.empty:
        return None
    first = found.iloc[0]
    of_model = (training["model"] == first["model"]) & (training["device"] == first["device"])
    rows = training[of_model & (training["split"] == split) & (training["metric"] == metric)]
    rows = rows[rows["epoch"] == rows["epoch"].max()]
    counted = "replicate" if "replicate" in rows else "fold"
    return rows.set_index(counted)["value"]


def log_ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Give log₁₀ of a ratio, row by row."""
    return np.log10(above / below.loc[above.index])


def loss_ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    """Give log₁₀ of the ratio of two squared errors; one below `NOTHING` counts as that."""
    return log_ratio(above.clip(lower=NOTHING), below.clip(lower=NOTHING))
