"""Test accuracy of every classifier, with its uncertainty (notes 3.6 to 4.3)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

ROW_HEIGHT = 0.42  # inches


@style.styled
def draw(summary: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the mean test accuracy of every classifier with its 95 % interval (notes 3.6 to 4.3).

    One row per model and device: a dot, its interval, and both as numbers.

    Parameters
    ----------
    summary : DataFrame
        Columns model, device, metric, mean, sd, ci_low, ci_high, n, diverged. Only the rows of the
        metric ``test_accuracy`` are drawn, in their order. Without an interval (NaN, as for a
        single replicate), only the dot is drawn.

    Raises
    ------
    ValueError
        If no row of `summary` is a test accuracy.
    """
    rows = summary[summary["metric"] == "test_accuracy"]
    style.require_rows(rows, "summary (its rows of test_accuracy)")
    figure = style.new_figure(words("Test accuracy"), 1.3 + ROW_HEIGHT * len(rows))
    axes = figure.subplots()
    style.write_beside(axes, -0.75, words("mean [95 % interval], replicates"), color=style.GREY)
    names = rows["model"].map(words.name)
    if rows["device"].nunique() > 1:
        names = names + ", " + rows["device"]
    style.draw_intervals(axes, rows, names, words, separator=" ")
    return figure
