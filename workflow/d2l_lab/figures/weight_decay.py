"""Loss and size of the weights against the strength of weight decay (notes 4.4.1)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures._curves import draw_middle
from d2l_lab.figures.words import ENGLISH, Words, term

TITLES = {"sgd": term("SGD, the notes' settings"), "exact": term("ridge regression, exact")}

MOST = 1e3  # times the median; exact fits without weight decay would squash everything else


@style.of_rows
def draw(
    weight_decay: pd.DataFrame, weight_decay_norm: pd.DataFrame, *, words: Words = ENGLISH
) -> Figure:
    """Draw training and test loss, and below them the weights' norm, by SGD and exactly (4.4.1).

    A column for each method: medians over the replicates with a band over the middle 80 %. The
    strengths are evenly spaced, since a logarithmic axis has no 0.

    Parameters
    ----------
    weight_decay : DataFrame
        method, weight_decay, replicate, split (train, test), loss.
    weight_decay_norm : DataFrame
        method, weight_decay, replicate, norm.
    """
    strengths = sorted(weight_decay["weight_decay"].unique())
    places = {strength: place for place, strength in enumerate(strengths)}
    losses, norms = (
        table.assign(place=table["weight_decay"].map(places))
        for table in (weight_decay, weight_decay_norm)
    )
    figure = style.new_figure(height=1.5 * style.PANEL_HEIGHT)
    grid = figure.subplots(2, len(TITLES), sharex=True, sharey="row", height_ratios=[3, 2])
    for (method, title), above, below in zip(TITLES.items(), *grid, strict=True):
        above.set_title(words(title))
        rows = losses[losses["method"] == method]
        for split in ("train", "test"):
            draw_middle(above, rows[rows["split"] == split], "place", split, words)
        own = norms[norms["method"] == method].groupby("place")["norm"]
        middle, look = own.median(), style.Look("", style.BLACK, "-", "o")
        style.draw_band(below, middle.index, own.quantile(0.1), own.quantile(0.9), look.color)
        style.draw_line(below, look, middle)
        below.set_xticks(
            range(len(strengths)), [f"{strength:g}" for strength in strengths], rotation=45
        )
        below.set_xlabel(words("weight decay λ"))
    labels = (words("mean squared error"), words("norm of the weights"))
    values = (weight_decay["loss"], weight_decay_norm["norm"])
    for axes, label, own in zip(grid[:, 0], labels, values, strict=True):
        axes.set(yscale="log", ylabel=label, ylim=(own.min() / 2, own.median() * MOST))
    repeats = words.count(weight_decay["replicate"].nunique(), "dataset")
    explanation = words(
        "line: median over {repeats}; band: the middle 80 %; above the axis: off it",
        repeats=repeats,
    )
    style.legend_below(figure, grid[0, 0].get_lines(), explanation)
    return figure
