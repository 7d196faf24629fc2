"""The metrics at each point of a sweep, and the point that K-fold picks (notes 4.4.2)."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from d2l_lab.tables.histories import final_summary, tidy

POINT = ["sweep", "model", "device"]  # the columns before those of the swept keys
MEASURED = ["split", "metric", "mean", "sd", "ci_low", "ci_high", "n", "diverged"]


class Point(NamedTuple):
    """A model trained and cross-validated with one combination of a sweep's values.

    Parameters
    ----------
    sweep, model, device : str
    values : mapping
        The value of each swept key.
    trained, validated : DataFrame
        The histories: replicate or fold, epoch, split, loss and the model's metrics.
    """

    sweep: str
    model: str
    device: str
    values: Mapping[str, Any]
    trained: pd.DataFrame
    validated: pd.DataFrame


def summarise_points(points: Sequence[Point]) -> pd.DataFrame:
    """Summarise each point after its last epoch.

    The test set is left out, since only the chosen point is tested.

    Returns
    -------
    DataFrame
        sweep, model, device, a column for each swept key (missing for other sweeps), split (train,
        over the replicates; validation, over the folds), metric, mean, sd, ci_low, ci_high, n,
        diverged (how many of the n).
    """
    rows = []
    for point in points:
        rows += _rows(point, point.trained, "train")
        rows += _rows(point, point.validated, "validation")
    return _table(points, rows)


def choose(points: Sequence[Point]) -> pd.DataFrame:
    """Choose each sweep's point by the lowest mean validation loss; ties go to the first.

    Only the chosen point is tested.

    Returns
    -------
    DataFrame
        Like `summarise_points`, but only for the chosen points; split is validation or test.
    """
    chosen: dict[tuple[str, str], Point] = {}
    for point in points:
        best = chosen.setdefault((point.sweep, point.device), point)
        if _validation_loss(point) < _validation_loss(best):
            chosen[point.sweep, point.device] = point
    rows = []
    for point in chosen.values():
        rows += _rows(point, point.validated, "validation")
        rows += _rows(point, point.trained, "test")
    return _table(points, rows)


def _validation_loss(point: Point) -> float:
    """Return the mean over all folds; infinite if one of them diverged."""
    validated = point.validated[point.validated["split"] == "validation"]
    last = validated["epoch"] == validated["epoch"].max()
    loss = validated.loc[last, "loss"].mean(skipna=False)
    return loss if math.isfinite(loss) else math.inf


def _rows(point: Point, history: pd.DataFrame, split: str) -> list[dict[str, Any]]:
    """Return the rows of one split of a point."""
    of_split = history[history["split"] == split]
    found = final_summary(tidy([(point.model, point.device, of_split)]))
    about = {"sweep": point.sweep, "model": point.model, "device": point.device, **point.values}
    return [
        {**about, **row, "split": split, "metric": row["metric"].removeprefix(f"{split}_")}
        for row in found.drop(columns=["model", "device"]).to_dict("records")
    ]


def _table(points: Sequence[Point], rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    keys = dict.fromkeys(key for point in points for key in point.values)
    # as objects, since integers with gaps would become floats
    return pd.DataFrame(rows, columns=[*POINT, *keys, *MEASURED], dtype=object)
