"""How time and memory grow with replicates, folds, examples, models, devices and results."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from d2l_lab.figures import style

# What the seconds are of, by what grows.
OF = {
    "replicates": "an epoch of all",
    "folds": "an epoch of all",
    "examples": "an epoch of 5 replicates",
    "models": "a run on little data",
    "results": "a dry run",
    "devices": "keys of 50 models on each",
}


@style.of_rows
def draw(benchmark_scale: pd.DataFrame, benchmark_planning: pd.DataFrame) -> Figure:
    """Draw seconds and memory against the number of each thing there can be more of.

    A row for each thing, with a panel for the seconds and one for the memory.

    Parameters
    ----------
    benchmark_scale : DataFrame
        grows, count, seconds, least, greatest, peak_mebibytes.
    benchmark_planning : DataFrame
        measured (keys, jobs), models, devices, results, and the same.
    """
    curves = list(curves_of(benchmark_scale, benchmark_planning))
    figure = style.new_figure("What more of each costs", 1 + 1.9 * len(curves))
    grid = figure.subplots(len(curves), 2, squeeze=False)
    for (seconds, memory), (grows, rows) in zip(grid, curves, strict=True):
        seconds.fill_between(
            rows["count"], rows["least"], rows["greatest"], color=style.BLUE, alpha=style.BAND_ALPHA
        )
        line(seconds, rows["count"], rows["seconds"], style.BLUE)
        line(memory, rows["count"], rows["peak_mebibytes"], style.VERMILLION)
        seconds.set_title(f"seconds: {OF[grows]}")
        memory.set_title("MiB at the most, in one process")
        for axes in (seconds, memory):
            axes.set_xlabel(grows)
    return figure


def line(axes: Axes, x: pd.Series, y: pd.Series, color: str) -> None:
    """Draw one curve, from zero on."""
    axes.plot(x, y, color=color, marker="o")
    axes.set(xlim=(0, 1.05 * x.max()), ylim=(0, 1.15 * y.max()))


def curves_of(scale: pd.DataFrame, planning: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give each thing that grows with its rows."""
    for grows, rows in scale.groupby("grows", sort=False):
        yield grows, rows.sort_values("count")
    jobs = planning[planning["measured"] == "jobs"]
    yield "results", jobs.assign(count=jobs["results"]).sort_values("count")
    keys = planning[(planning["measured"] == "keys") & (planning["models"] == 50)]
    yield "devices", keys.assign(count=keys["devices"]).sort_values("count")
