"""The gradient of the first layer against the depth (notes 4.1.2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term

ACTIVATIONS = {
    "relu": style.Look("ReLU", style.BLUE, "-", "o"),
    "sigmoid": style.Look("sigmoid", style.VERMILLION, style.DASHED, "s"),
    "tanh": style.Look("tanh", style.GREEN, style.DASH_DOTTED, "D"),
}
EXPLANATION = term("line: geometric mean of {repeats}; band: from the lowest to the highest")
INITIAL = {
    "notes": term("N(0, 0.01²), the notes'"),
    "xavier": term("N(0, 2 / (inputs + outputs))"),
    "he": term("N(0, 2 / inputs)"),
}


@style.of_rows
def draw(vanishing_gradients: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the first layer's gradient in perceptrons of several depths (notes 4.1.2).

    One panel for each kind of initial values, on the same axes, with the geometric mean over the
    replicates and a band from the lowest to the highest for each activation.

    Parameters
    ----------
    vanishing_gradients : DataFrame
        Columns activation, initial, depth, replicate and first_layer. A gradient of zero is not
        shown, since the axis is logarithmic.
    """
    kinds = vanishing_gradients["initial"].unique()
    figure = style.new_figure(words("Gradient that reaches the first layer"))
    panels = figure.subplots(1, len(kinds), sharex=True, sharey=True, squeeze=False)[0]
    for axes, kind in zip(panels, kinds, strict=True):
        shown = vanishing_gradients[vanishing_gradients["initial"] == kind]
        lines = []
        for activation, rows in shown.groupby("activation", sort=False):
            gradients = rows.pivot(index="depth", columns="replicate", values="first_layer")
            positive, look = gradients.where(gradients > 0), words.look(ACTIVATIONS[activation])
            style.draw_range(axes, positive, look.color)
            middle = np.exp(np.log(positive).mean(axis="columns", skipna=False))
            lines.append(style.draw_line(axes, look, middle))
        axes.set_title(words(INITIAL[kind]), fontsize=9)
        axes.set(yscale="log", xlabel=words("hidden layers"))
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
    panels[0].set_ylabel(words("gradient of the first layer's\nweights (root mean square)"))
    replicates = vanishing_gradients["replicate"].nunique()
    explanation = repeats = words.count(replicates, "replicate")
    if replicates > 1:
        explanation = words(EXPLANATION, repeats=repeats)
    style.legend_below(figure, lines, explanation)
    return figure
