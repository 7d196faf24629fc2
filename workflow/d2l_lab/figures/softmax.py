"""The overflow of the plain formula of cross-entropy (notes 3.6, 3.7.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

FORMULAS = {
    "plain_finite": style.Look(
        "softmax, then its logarithm (3.6)", style.VERMILLION, style.DASHED, "s"
    ),
    "stable_finite": style.Look("nn.CrossEntropyLoss (3.7.2)", style.BLUE, "-", "o"),
}


@style.of_rows
def draw(softmax_overflow: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the share of finite losses against the scale of the logits (notes 3.6, 3.7.2).

    One panel, one line for each formula.

    Parameters
    ----------
    softmax_overflow : DataFrame
        Columns scale, plain_finite and stable_finite.
    """
    figure = style.new_figure(words("Cross-entropy of ever larger logits"))
    axes = figure.subplots()
    hollow = {
        "markersize": 6,
        "markerfacecolor": "none",
    }  # so that both are visible where they coincide
    for column, look in FORMULAS.items():
        style.draw_line(
            axes, words.look(look), softmax_overflow["scale"], softmax_overflow[column], **hollow
        )
    axes.set(xscale="log", xlabel=words("scale of the logits (their standard deviation)"))
    axes.set(ylim=(-0.05, 1.05), ylabel=words("finite losses (share of the rows)"))
    style.legend_below(figure, axes.get_lines())
    return figure
