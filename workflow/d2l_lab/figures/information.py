"""Surprisal, entropy and cross-entropy (notes 3.4)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from d2l_lab.figures import style

PAIR = style.Look("a pair of random distributions p and q", style.SKY_BLUE, "", "o")
EQUAL = style.Look("where the two are equal, as for q = p", style.BLACK, "-", "")


@style.of_rows
def draw(
    information_surprisal: pd.DataFrame,
    information_entropy: pd.DataFrame,
    information_cross_entropy: pd.DataFrame,
) -> Figure:
    """Draw the three quantities of information theory, one beside the other (notes 3.4).

    Surprisal and entropy as curves over the probability; each pair as a point, over the line of
    equality.

    Parameters
    ----------
    information_surprisal : DataFrame
        Columns probability and surprisal.
    information_entropy : DataFrame
        Columns probability and entropy.
    information_cross_entropy : DataFrame
        Columns entropy and cross_entropy, one row for each pair of distributions.
    """
    figure = style.new_figure("Information, in nats")
    surprisal, entropy, cross_entropy = figure.subplots(1, 3)
    _draw_curve(surprisal, information_surprisal, "surprisal", "probability of the event")
    _draw_curve(entropy, information_entropy, "entropy", "probability of heads")
    handles = _draw_pairs(cross_entropy, information_cross_entropy)
    style.legend_below(figure, handles)
    return figure


def _draw_curve(axes: Axes, table: pd.DataFrame, column: str, label: str) -> None:
    """Draw one quantity over the probability."""
    axes.plot(table["probability"], table[column], color=style.BLUE)
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(label)
    axes.set_ylabel(f"{column} (nats)")


def _draw_pairs(axes: Axes, pairs: pd.DataFrame) -> list:
    """Draw a point for each pair of distributions; return what the legend explains."""
    equal = [pairs["entropy"].min(), pairs["entropy"].max()]
    points = style.draw_line(
        axes,
        PAIR,
        pairs["entropy"],
        pairs["cross_entropy"],
        markersize=3,
        markeredgewidth=0,
        alpha=0.6,
    )
    line = style.draw_line(axes, EQUAL, equal, equal)
    axes.set_xlabel("entropy of p (nats)")
    axes.set_ylabel("cross-entropy of p with q (nats)")
    axes.set_ylim(bottom=0)
    return [points, line]
