"""A picked model's validation next to its only test (notes 4.4.2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import Words


def draw_tested(tested: pd.DataFrame, picked: str, words: Words) -> Figure:
    """Draw a panel for the loss and each other metric, every number with its standard error.

    Parameters
    ----------
    tested : DataFrame
        Columns split (validation, test), loss, loss_error, and so on for the other metrics.
    picked : str
        A description of the choice.
    """
    metrics = [metric for metric in style.METRICS if metric in tested]
    title = words("First validated, then tested once: {picked}", picked=picked)
    figure, panels = style.new_panels(title, metrics, words)
    for axes, metric in zip(panels, metrics, strict=True):
        for position, row in enumerate(tested.to_dict("records")):
            look, error = style.SPLITS[row["split"]], row[f"{metric}_error"]
            marks = {"marker": look.marker, "markersize": 6, "color": look.color, "capsize": 4}
            axes.errorbar(position, row[metric], yerr=error, **marks)
            numbers = f"{row[metric]:.4f}" + ("" if np.isnan(error) else f"\n± {error:.4f}")
            style.write_at(axes, numbers, (position, row[metric]), (10, 0), va="center")
        axes.set_xticks(
            range(len(tested)), [words(style.HALVES[split]) for split in tested["split"]]
        )
        axes.set_xlim(-0.5, len(tested))
        axes.margins(y=0.15)
        axes.grid(visible=False, axis="x")
    figure.supxlabel(words("bars: one standard error to either side"), fontsize=9)
    return figure
