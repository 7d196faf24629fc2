"""Test accuracy of every classifier, with its uncertainty (notes 3.6 to 4.3)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style

ROW_HEIGHT = 0.42  # inches


@style.styled
def draw(summary: pd.DataFrame) -> Figure:
    """Draw the mean test accuracy of every classifier with its 95 % interval (notes 3.6 to 4.3).

    Parameters
    ----------
    summary : DataFrame
        Columns model, device, metric, mean, sd, ci_low, ci_high, n. Only the rows of the metric
        ``test_accuracy`` are drawn, in their order; without an interval (NaN, as for a single
        replicate) the dot stands alone.

    Returns
    -------
    Figure
        One row per model and device: a dot, its interval, and both as numbers.

    Raises
    ------
    ValueError
        If no row of `summary` is a test accuracy.
    """
    rows = summary[summary["metric"] == "test_accuracy"]
    style.require_rows(rows, "summary (its rows of test_accuracy)")
    positions = np.arange(len(rows))
    figure = Figure(figsize=(style.WIDTH, 1.3 + ROW_HEIGHT * len(rows)))
    figure.suptitle("Test accuracy")
    axes = figure.subplots()
    axes.errorbar(
        rows["mean"],
        positions,
        xerr=[rows["mean"] - rows["ci_low"], rows["ci_high"] - rows["mean"]],
        linestyle="",
        marker="o",
        markersize=6,
        color=style.SPLITS["test"].color,
        capsize=4,
    )
    axes.set_yticks(positions, _names(rows))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.margins(x=0.1)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("test accuracy (fraction correct)")
    beside = {"x": 1.02, "transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 9}
    axes.text(y=-0.75, s="mean [95 % interval], replicates", color=style.GREY, **beside)
    for position, row in zip(positions, rows.itertuples(), strict=True):
        axes.text(y=position, s=_numbers(row), **beside)
    return figure


def _names(rows: pd.DataFrame) -> list[str]:
    """Name the models, and the devices where there is more than one."""
    if rows["device"].nunique() == 1:
        return [style.human(model) for model in rows["model"]]
    return [f"{style.human(row.model)}, {row.device}" for row in rows.itertuples()]


def _numbers(row: tuple) -> str:
    interval = "" if np.isnan(row.ci_low) else f" [{row.ci_low:.4f}, {row.ci_high:.4f}]"
    return f"{row.mean:.4f}{interval}, n = {row.n}"
