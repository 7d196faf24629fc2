"""The time of an epoch for every way to train a classifier (notes 3.6 to 4.3)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

ROW_HEIGHT = 0.24  # inches
# The beginning of each way's name, with its colour and marker.
WAYS = {
    "notes": style.Look("the notes' way", style.VERMILLION, "", "s"),
    "scikit-learn": style.Look("scikit-learn", style.PURPLE, "", "D"),
    "skorch": style.Look("skorch", style.SKY_BLUE, "", "v"),
    "scratch": style.Look("this project", style.BLUE, "", "o"),
    "concise": style.Look("this project", style.BLUE, "", "o"),
    "limit": style.Look("limit of the machine", style.BLACK, "", "|"),
}


@style.of_rows
def draw(benchmark_training: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the seconds that one model's epoch takes, each way, with their spread.

    A panel for each model, a row for each way, with the median and the range. Where no number of
    threads or jobs is given, it is one, or the library's default.

    Parameters
    ----------
    benchmark_training : DataFrame
        model, way, workers, replicas, threads, jobs, seconds_per_epoch, least, greatest.
    """
    models = list(benchmark_training.groupby("model", sort=False))
    heights = [len(rows) for _, rows in models]
    figure = style.new_figure(
        words("Seconds of an epoch, for one model"), 1.6 + ROW_HEIGHT * sum(heights)
    )
    panels = figure.subplots(len(models), sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    marks = {}
    for axes, (model, rows) in zip(panels, models, strict=True):
        slowest_first = rows.sort_values("seconds_per_epoch", ascending=False, kind="stable")
        for position, row in enumerate(slowest_first.itertuples()):
            look = words.look(WAYS[row.way.partition(",")[0]])._asdict()
            middle = row.seconds_per_epoch
            span = [[middle - row.least], [row.greatest - middle]]
            marks[look["label"]] = axes.errorbar(
                middle, position, xerr=span, markersize=6, capsize=3, **look
            )
        style.name_rows(axes, [way_name(row, words) for row in slowest_first.itertuples()])
        axes.set_title(words.name(model))
        axes.grid(visible=False, axis="y")
    panels[-1].set(xscale="log", xlabel=words("seconds (logarithmic)"))
    explanation = words("mark: median; bar: from the least to the greatest")
    style.legend_below(figure, list(marks.values()), explanation)
    return figure


def way_name(row: tuple, words: Words = ENGLISH) -> str:
    """Name a way with its options, except one thread and one job at a time."""
    chosen = [] if np.isnan(row.workers) else [words.count(int(row.workers), "worker")]
    if row.way in ("scratch", "concise", "limit"):
        chosen.append(words.count(row.replicas, "replica"))
    if row.threads > 1:
        chosen.append(words.count(int(row.threads), "thread"))
    if row.jobs > 1:
        chosen.append(words.count(int(row.jobs), "job"))
    return ", ".join([*map(words.name, row.way.split(", ")), *chosen])
