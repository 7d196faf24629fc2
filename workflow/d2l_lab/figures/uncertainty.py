"""The uncertainty of test accuracies and of their differences (notes 3.6, 4.1.1)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words
from d2l_lab.tables.statistics import half_width

ROW_HEIGHT = 0.36  # inches
REPLICATES = style.Look("95 % interval, replicates alone", style.BLUE, "-", "o")
BOTH = style.Look("replicates and test examples", style.GREY, "-", "")


@style.styled
def draw(
    uncertainty: pd.DataFrame, uncertainty_pairs: pd.DataFrame, *, words: Words = ENGLISH
) -> Figure:
    """Draw each accuracy and each difference with two intervals (notes 3.6, 4.1.1).

    On top a row for each model, below it one for each pair of models, the better one first: a dot,
    a thick bar for the interval over replicates, and a thin one for that over replicates and test
    examples. Without classifiers, the figure says so.

    Parameters
    ----------
    uncertainty, uncertainty_pairs : DataFrame
        See `d2l_lab.studies.uncertainty`.
    """
    if uncertainty.empty:
        return style.empty_figure(words("no model of this configuration is a classifier"))
    pairs = uncertainty_pairs[uncertainty_pairs["difference"] >= 0]
    pairs = pairs[~pairs[["first", "second"]].apply(frozenset, axis=1).duplicated()]
    counts = [len(uncertainty), max(len(pairs), 1)]
    figure = style.new_figure(
        words("Test accuracy: how sure it is"), 1.9 + ROW_HEIGHT * sum(counts)
    )
    above, below = figure.subplots(2, height_ratios=counts)
    names = uncertainty["model"].map(words.name) + on_device(uncertainty)
    handles = draw_rows(above, uncertainty, "accuracy", names, words)
    accuracy = style.METRICS["accuracy"].labelled(words.language)
    above.set_xlabel(words("test {metric}", metric=accuracy))
    if len(pairs):
        first, second = (pairs[each].map(words.name) for each in ("first", "second"))
        less = "\n" + second.map(lambda name: words("less {model}", model=name))
        draw_rows(below, pairs, "difference", first + on_device(pairs) + less, words)
        below.axvline(0, color=style.BLACK, linewidth=0.8, zorder=0)
        below.set_xlabel(words("difference of the test accuracies"))
    else:
        below.set_axis_off()
    style.legend_below(figure, handles)
    return figure


def on_device(rows: pd.DataFrame) -> pd.Series | str:
    """Name the devices, if there are several."""
    return ", " + rows["device"] if rows["device"].nunique() > 1 else ""


def draw_rows(axes: Axes, rows: pd.DataFrame, column: str, names: pd.Series, words: Words) -> list:
    """Draw a number in each row, with its two intervals; return the handles of the legend."""
    places, mean = np.arange(len(rows)), rows[column].to_numpy()
    alone = half_width(rows["error_replicates"], rows["replicates"] - 1)
    both = half_width(rows["error"], rows["freedom"])
    wide = axes.errorbar(
        mean, places, xerr=both, color=BOTH.color, linestyle="", capsize=4, label=words(BOTH.label)
    )
    dots = axes.errorbar(
        mean,
        places,
        xerr=alone,
        color=REPLICATES.color,
        linestyle="",
        marker=REPLICATES.marker,
        elinewidth=3,
        label=words(REPLICATES.label),
    )
    style.name_rows(axes, names)
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.1)
    for place, number, half, n in zip(places, mean, both, rows["replicates"], strict=True):
        known = "" if np.isnan(half) else f" ± {half:.4f}"
        style.write_beside(axes, place, f"{number:.4f}{known}, n = {n:g}")
    return [dots, wide]
