"""Surprisal, entropy and cross-entropy (notes 3.4)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

PAIR = style.Look("a pair of random distributions p and q", style.SKY_BLUE, "", "o")
EQUAL = style.Look("where the two are equal, as for q = p", style.BLACK, "-", "")


@style.of_rows
def draw(
    information_surprisal: pd.DataFrame,
    information_entropy: pd.DataFrame,
    information_cross_entropy: pd.DataFrame,
    *,
    words: Words = ENGLISH,
) -> Figure:
    """Draw the three quantities of information theory side by side (notes 3.4).

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
    figure = style.new_figure(words("Information, in nats"))
    *curves, pairs = figure.subplots(1, 3)
    shown = {
        "surprisal": (
            information_surprisal,
            words("probability of the event"),
            words("surprisal (nats)"),
        ),
        "entropy": (information_entropy, words("probability of heads"), words("entropy (nats)")),
    }
    for axes, (quantity, (table, label, name)) in zip(curves, shown.items(), strict=True):
        axes.plot(table["probability"], table[quantity], color=style.BLUE)
        axes.set(xlim=(0, 1), xlabel=label, ylabel=name)
    x, y = (information_cross_entropy[column] for column in ("entropy", "cross_entropy"))
    small = {"markersize": 3, "markeredgewidth": 0, "alpha": 0.6}
    points = style.draw_line(pairs, words.look(PAIR), x, y, **small)
    line = style.draw_line(pairs, words.look(EQUAL), [x.min(), x.max()], [x.min(), x.max()])
    pairs.set(xlabel=words("entropy of p (nats)"), ylabel=words("cross-entropy of p with q (nats)"))
    for axes in figure.axes:
        axes.set_ylim(bottom=0)
    style.legend_below(figure, [points, line])
    return figure
