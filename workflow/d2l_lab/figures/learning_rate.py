"""Loss against the learning rate (notes 3.1)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style


@style.of_rows
def draw(learning_rate: pd.DataFrame) -> Figure:
    """Draw the loss that each learning rate ends at, and mark where it diverges.

    Parameters
    ----------
    learning_rate : DataFrame
        learning_rate, replicate, initial_loss, loss, diverged.

    Returns
    -------
    Figure
        Each replicate, the mean of those that converge, the initial loss, and a cross for each
        rate that diverges, with the number of replicates that do.
    """
    sound = learning_rate[~learning_rate["diverged"]]
    lost = learning_rate[learning_rate["diverged"]]
    initial = learning_rate["initial_loss"].mean()
    repeats = learning_rate["replicate"].nunique()
    figure = style.new_figure()
    axes = figure.subplots()
    axes.axhline(initial, color=style.GREY, linestyle=(0, (1, 1.5)), label="before training")
    axes.plot(
        sound.groupby("learning_rate")["loss"].mean(),
        color=style.BLUE,
        marker="o",
        label="after training, mean",
    )
    axes.plot(
        sound["learning_rate"],
        sound["loss"],
        linestyle="",
        marker="_",
        color=style.SKY_BLUE,
        label=f"each of {style.counted(repeats, 'replicate')}",
    )
    if len(lost):
        counts = lost.groupby("learning_rate").size()
        axes.plot(
            counts.index,
            [initial] * len(counts),
            linestyle="",
            marker="X",
            markersize=9,
            color=style.VERMILLION,
            label="diverges (how many replicates)",
        )
        for rate, count in counts.items():
            at_top = (rate, initial)
            style.write_at(axes, f"{count} of {repeats}", at_top, (0, -8), ha="center", va="top")
    axes.set(xscale="log", yscale="log", xlabel="learning rate")
    axes.set_ylabel("training loss\n(mean of (ŷ - y)² / 2)")
    axes.xaxis.set_major_formatter("{x:g}")
    style.legend_below(figure, axes.get_legend_handles_labels()[0], columns=2)
    return figure
