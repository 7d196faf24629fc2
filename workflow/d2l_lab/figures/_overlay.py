"""The curves of two results in the same panels, to see the effect of a change."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures._curves import MOST_MARKERS

LOOKS = {
    "A": style.Look("A", style.BLUE, "-", "o"),
    "B": style.Look("B", style.VERMILLION, style.DASHED, "s"),
}


@style.of_rows
def draw(first: pd.DataFrame, second: pd.DataFrame, title: str, *, repeat: str) -> Figure:
    """Draw a panel for each metric on held-out data: mean and range of both results.

    Parameters
    ----------
    first, second : DataFrame
        Histories: `repeat`, epoch, split, loss and the model's metrics.
    title : str
    repeat : str
        The column with the number of the repeat: ``"replicate"`` or ``"fold"``.
    """
    split = {"replicate": "test", "fold": "validation"}[repeat]
    metrics = [metric for metric in style.METRICS if metric in first and metric in second]
    figure, panels = style.new_panels(title, metrics)
    for axes, metric in zip(panels, metrics, strict=True):
        lines = []
        for history, look in zip((first, second), LOOKS.values(), strict=True):
            rows = history[history["split"] == split]
            values = rows.pivot(index="epoch", columns=repeat, values=metric)
            style.draw_range(axes, values, look.color)
            mean = values.mean(axis="columns", skipna=False)
            lines.append(
                style.draw_line(axes, look, mean, markevery=-(-len(values) // MOST_MARKERS))
            )
        axes.set_xlabel("epoch")
    bands = f"{split}; line: mean; band: from the lowest to the highest {repeat}"
    style.legend_below(figure, lines, bands)
    return figure
