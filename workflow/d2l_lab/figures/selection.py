"""The choice of a learning rate by cross-validation (notes 4.4.2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

LEAST_STEP = 0.15  # share of the axis; the width of a learning rate's label


@style.of_rows
def draw(
    selection: pd.DataFrame, selection_choice: pd.DataFrame, *, words: Words = ENGLISH
) -> Figure:
    """Draw training and validation against the learning rate, and mark the choice (notes 4.4.2).

    A panel for the loss and each other metric, with the mean over the folds as a line, and each
    fold as a faint mark. A rate that diverges in a fold has no mean and is named below.

    Parameters
    ----------
    selection : DataFrame
        Columns learning_rate, fold, split (train, validation), loss and the other metrics.
    selection_choice : DataFrame, one row
        Column learning_rate.
    """
    chosen = selection_choice["learning_rate"].item()
    rates = np.unique(selection["learning_rate"])
    lost = np.unique(selection.loc[selection["loss"].isna(), "learning_rate"])
    steps = np.diff(np.log(rates))
    metrics = [metric for metric in style.METRICS if metric in selection]
    title = words("Learning rate of softmax regression, by cross-validation")
    figure, panels = style.new_panels(title, metrics, words, sharex=True)
    for axes, metric in zip(panels, metrics, strict=True):
        label_of_choice = words("chosen: {point}", point=f"{chosen:g}")
        choice = axes.axvline(
            chosen, label=label_of_choice, color=style.BLACK, linestyle=":", zorder=1
        )
        lines = []
        for split in ("train", "validation"):
            rows, look = selection[selection["split"] == split], words.look(style.SPLITS[split])
            small = {"label": None, "markersize": 3, "markeredgewidth": 0.6, "alpha": 0.7}
            axes.plot(rows["learning_rate"], rows[metric], **style.hollow(look) | small)
            mean = rows.groupby("learning_rate")[metric].mean()
            lines.append(style.draw_line(axes, look, mean[~mean.index.isin(lost)]))
        axes.set(xscale="log", xlabel=words("learning rate"))
        if (steps > LEAST_STEP * steps.sum()).all():  # there is room for the rates' labels
            axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
            axes.minorticks_off()
    folds = words.count(selection["fold"].nunique(), "fold")
    about = words("line: mean of {folds}; faint marks: each fold", folds=folds)
    if len(lost):
        rates = ", ".join(f"{rate:g}" for rate in lost)
        about += "\n" + words("diverges: {rates}", rates=rates)
    style.legend_below(figure, [*lines, choice], about)
    return figure
