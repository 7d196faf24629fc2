"""When each job of the main job ran, and how much of it was the work itself."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from d2l_lab.figures import style

ROW_HEIGHT = 0.3  # inches
USEFUL, BESIDE = style.BLUE, style.SKY_BLUE


@style.styled
def draw(benchmark_jobs: pd.DataFrame) -> Figure:
    """Draw the jobs of a cold run along its time.

    Parameters
    ----------
    benchmark_jobs : DataFrame
        stage, name, started, seconds, useful_seconds.

    Returns
    -------
    Figure
        Above, a row for each stage with its jobs along the time; below, what each stage took in
        all, and how much of that was training or studying.

    Raises
    ------
    ValueError
        If the table is empty.
    """
    style.require_rows(benchmark_jobs, "benchmark_jobs")
    stages = list(benchmark_jobs["stage"].unique())
    figure = Figure(figsize=(style.WIDTH, 2 + 2 * ROW_HEIGHT * len(stages)))
    figure.suptitle("The main job, from the data to the book")
    when, total = figure.subplots(2)
    for position, stage in enumerate(stages):
        rows = benchmark_jobs[benchmark_jobs["stage"] == stage]
        spans = list(rows[["started", "seconds"]].itertuples(index=False, name=None))
        when.broken_barh(spans, (position - 0.35, 0.7), color=BESIDE, edgecolor="white")
        work = list(rows[["started", "useful_seconds"]].itertuples(index=False, name=None))
        when.broken_barh(work, (position - 0.35, 0.7), color=USEFUL)
    when.set_xlabel("seconds since the run began")
    sums = benchmark_jobs.groupby("stage")[["seconds", "useful_seconds"]].sum().loc[stages]
    total.barh(range(len(stages)), sums["seconds"], 0.7, color=BESIDE)
    total.barh(range(len(stages)), sums["useful_seconds"], 0.7, color=USEFUL)
    total.set_xlabel("seconds of all jobs together")
    for axes in (when, total):
        axes.set_yticks(range(len(stages)), stages)
        axes.set_ylim(len(stages) - 0.5, -0.5)
        axes.grid(visible=False, axis="y")
    names = {"training and studying": USEFUL, "start, loading, files, all else": BESIDE}
    handles = [Patch(color=color, label=label) for label, color in names.items()]
    style.legend_below(figure, handles)
    return figure
