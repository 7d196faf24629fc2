"""Fashion-MNIST's classes, and the time to read an epoch of it (notes 3.5)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from d2l_lab.figures import style


@style.of_rows
def draw(images: pd.DataFrame, images_timing: pd.DataFrame) -> Figure:
    """Draw how many images each class has, and how long reading them all takes (notes 3.5).

    Left a dot for each class and split; right a dot for each way of reading.

    Parameters
    ----------
    images : DataFrame
        Columns split, name and count.
    images_timing : DataFrame
        Columns way, workers (missing where there are none) and seconds.
    """
    figure = style.new_figure("Fashion-MNIST")
    balance, timing = figure.subplots(1, 2)
    style.legend_below(figure, _draw_balance(balance, images))
    _draw_timing(timing, images_timing)
    return figure


def _draw_balance(axes: Axes, images: pd.DataFrame) -> list[Line2D]:
    """Draw the classes of both splits; return what the legend explains."""
    handles = [
        style.draw_line(
            axes,
            style.SPLITS[split],
            rows["count"],
            np.arange(len(rows)),
            label=split,
            linestyle="",
        )
        for split, rows in images.groupby("split", sort=False)
    ]
    style.name_rows(axes, list(images["name"].unique()))
    axes.set_xlim(0, images["count"].max() * 1.08)
    axes.set_xlabel("images")
    axes.set_title("images of each class")
    return handles


def _draw_timing(axes: Axes, timing: pd.DataFrame) -> None:
    """Draw the ways of reading, each with its time as a number."""
    axes.plot(timing["seconds"], range(len(timing)), color=style.BLUE, linestyle="", marker="D")
    for position, seconds in enumerate(timing["seconds"]):
        style.write_at(axes, f"{seconds:.2g} s", (seconds, position), (0, 6), ha="center")
    style.name_rows(axes, [_way(row) for row in timing.itertuples()])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.margins(x=0.2)
    axes.set_xlabel("seconds for one epoch\n(one measurement, not reproducible)", fontsize=9)
    axes.set_title("time to read the training set")


def _way(row: tuple) -> str:
    if np.isnan(row.workers):
        return row.way
    return f"{row.way},\n{style.counted(int(row.workers), 'worker')}"
