"""When each of the main run's jobs ran, and how much of it was actual work."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

ROW_HEIGHT = 0.3  # inches
USEFUL, BESIDE = style.BLUE, style.SKY_BLUE


@style.of_rows
def draw(benchmark_jobs: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the jobs of a first run over time.

    Above, a row for each stage with its jobs over time; below, the total time of each stage, and
    how much of it was training or studying.

    Parameters
    ----------
    benchmark_jobs : DataFrame
        stage, name, started, seconds, useful_seconds.
    """
    stages = list(benchmark_jobs["stage"].unique())
    figure = style.new_figure(
        words("The main job, from the data to the book"), 2 + 2 * ROW_HEIGHT * len(stages)
    )
    when, total = figure.subplots(2)
    for position, stage in enumerate(stages):
        rows = benchmark_jobs[benchmark_jobs["stage"] == stage]
        row = (position - 0.35, 0.7)
        when.broken_barh(
            rows[["started", "seconds"]].to_numpy(), row, color=BESIDE, edgecolor="white"
        )
        when.broken_barh(rows[["started", "useful_seconds"]].to_numpy(), row, color=USEFUL)
    when.set_xlabel(words("seconds since the run began"))
    sums = benchmark_jobs.groupby("stage")[["seconds", "useful_seconds"]].sum().loc[stages]
    total.barh(range(len(stages)), sums["seconds"], 0.7, color=BESIDE)
    total.barh(range(len(stages)), sums["useful_seconds"], 0.7, color=USEFUL)
    total.set_xlabel(words("seconds of all jobs together"))
    for axes in (when, total):
        style.name_rows(axes, [words.name(stage) for stage in stages])
        axes.grid(visible=False, axis="y")
    names = {
        words("training and studying"): USEFUL,
        words("start, loading, files, all else"): BESIDE,
    }
    handles = [Patch(color=color, label=label) for label, color in names.items()]
    style.legend_below(figure, handles)
    return figure
