"""Fashion-MNIST's classes, and the time to read an epoch of it (notes 3.5)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words


@style.of_rows
def draw(images: pd.DataFrame, images_timing: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw how many images each class has, and how long reading them all takes (notes 3.5).

    Left, a dot for each class and split; right, a dot for each way of reading.

    Parameters
    ----------
    images : DataFrame
        Columns split, name and count.
    images_timing : DataFrame
        Columns way, workers (missing if there are none) and seconds.
    """
    figure = style.new_figure(words("Fashion-MNIST"))
    balance, timing = figure.subplots(1, 2)
    for split, rows in images.groupby("split", sort=False):
        y = np.arange(len(rows))
        style.draw_line(
            balance,
            style.SPLITS[split],
            rows["count"],
            y,
            label=words(style.HALVES[split]),
            linestyle="",
        )
    style.name_rows(balance, [words.label(name) for name in images["name"].unique()])
    balance.set(xlim=(0, images["count"].max() * 1.08), xlabel=words("images"))
    balance.set_title(words("images of each class"))
    style.legend_below(figure, balance.get_lines())
    seconds = images_timing["seconds"]
    timing.plot(seconds, range(len(seconds)), color=style.BLUE, linestyle="", marker="D")
    for position, value in enumerate(seconds):
        style.write_at(timing, f"{value:.2g} s", (value, position), (0, 6), ha="center")
    style.name_rows(timing, [_way(row, words) for row in images_timing.itertuples()])
    timing.set_xscale("log")
    timing.margins(x=0.2)
    timing.set_xlabel(
        words("seconds for one epoch\n(one measurement, not reproducible)"), fontsize=9
    )
    timing.set_title(words("time to read the training set"))
    return figure


def _way(row: tuple, words: Words) -> str:
    if np.isnan(row.workers):
        return words.name(row.way)
    workers = words.count(int(row.workers), "worker")
    return words("{way},\n{workers}", way=words.name(row.way), workers=workers)
