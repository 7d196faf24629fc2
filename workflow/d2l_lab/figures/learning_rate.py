"""Loss against the learning rate (notes 3.1)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

MEAN = style.Look("after training, mean", style.BLUE, "-", "o")
EACH = style.Look("", style.SKY_BLUE, "", "_")
DIVERGES = style.Look("diverges (how many replicates)", style.VERMILLION, "", "X")


@style.of_rows
def draw(learning_rate: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the final loss for each learning rate, and mark where it diverges.

    Each replicate, the mean of those that converge, the initial loss, and a cross for each rate
    that diverges, with the number of replicates that do.

    Parameters
    ----------
    learning_rate : DataFrame
        learning_rate, replicate, initial_loss, loss, diverged.
    """
    sound = learning_rate[~learning_rate["diverged"]]
    lost = learning_rate[learning_rate["diverged"]]
    initial = learning_rate["initial_loss"].mean()
    repeats = learning_rate["replicate"].nunique()
    figure = style.new_figure()
    axes = figure.subplots()
    axes.axhline(initial, color=style.GREY, linestyle=(0, (1, 1.5)), label=words("before training"))
    style.draw_line(axes, words.look(MEAN), sound.groupby("learning_rate")["loss"].mean())
    each = words("each of {repeats}", repeats=words.count(repeats, "replicate"))
    style.draw_line(axes, EACH, sound["learning_rate"], sound["loss"], label=each)
    if len(lost):
        counts = lost.groupby("learning_rate").size()
        style.draw_line(
            axes, words.look(DIVERGES), counts.index, [initial] * len(counts), markersize=9
        )
        for rate, count in counts.items():
            at_top = (rate, initial)
            style.write_at(
                axes,
                words("{lost} of {all}", lost=count, all=repeats),
                at_top,
                (0, -8),
                ha="center",
                va="top",
            )
    axes.set(xscale="log", yscale="log", xlabel=words("learning rate"))
    axes.set_ylabel(words("training loss\n(mean of (ŷ - y)² / 2)"))
    style.legend_below(figure, axes.get_legend_handles_labels()[0], columns=2)
    return figure
