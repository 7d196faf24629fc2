"""The growth of time and memory with replicates, folds, examples, models, devices and results."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term

# What is timed, by what grows.
OF = {
    "replicates": term("an epoch of all"),
    "folds": term("an epoch of all"),
    "examples": term("an epoch of 5 replicates"),
    "models": term("a run on little data"),
    "results": term("a dry run"),
    "devices": term("keys of 50 models on each"),
}


@style.of_rows
def draw(
    benchmark_scale: pd.DataFrame, benchmark_planning: pd.DataFrame, *, words: Words = ENGLISH
) -> Figure:
    """Draw seconds and memory against the number of everything that can grow.

    One row for each, with a panel for the seconds and one for the memory.

    Parameters
    ----------
    benchmark_scale : DataFrame
        grows, count, seconds, least, greatest, peak_mebibytes.
    benchmark_planning : DataFrame
        measured (keys, jobs), models, devices, results, and the same.
    """
    planning = benchmark_planning
    keys = planning[(planning["measured"] == "keys") & (planning["models"] == 50)]
    curves = [
        *benchmark_scale.groupby("grows", sort=False),
        ("results", planning[planning["measured"] == "jobs"].eval("count = results")),
        ("devices", keys.eval("count = devices")),
    ]
    figure = style.new_figure(words("What more of each costs"), 1 + 1.9 * len(curves))
    grid = figure.subplots(len(curves), 2, squeeze=False)
    for (seconds, memory), (grows, unsorted) in zip(grid, curves, strict=True):
        rows = unsorted.sort_values("count")
        seconds.fill_between(
            rows["count"], rows["least"], rows["greatest"], color=style.BLUE, alpha=style.BAND_ALPHA
        )
        seconds.set_title(words("seconds: {of}", of=words(OF[grows])))
        memory.set_title(words("MiB at the most, in one process"))
        drawn = ((seconds, "seconds", style.BLUE), (memory, "peak_mebibytes", style.VERMILLION))
        for axes, column, color in drawn:
            axes.plot(rows["count"], rows[column], color=color, marker="o")
            axes.set(xlim=(0, 1.05 * rows["count"].max()), ylim=(0, 1.15 * rows[column].max()))
            axes.set_xlabel(words.name(grows))
    return figure
