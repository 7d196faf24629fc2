"""Activation functions and their derivatives (notes 4.1.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term

NAMES = {"relu": term("ReLU"), "sigmoid": term("sigmoid"), "tanh": term("tanh")}
DERIVATIVE = style.Look("derivative by autograd", style.VERMILLION, style.DASHED, "")
FORMULA = style.Look("derivative by formula", style.BLACK, "", "o")
MARKERS = 17  # on each curve of derivatives


@style.of_rows
def draw(activations: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw each function, and below it its derivative (notes 4.1.2).

    One column for each function; all derivatives have the same scale. The line is autograd's
    derivative, and the circles on it are the formula's.

    Parameters
    ----------
    activations : DataFrame
        Columns function, x, value, derivative and formula.
    """
    functions = list(activations.groupby("function", sort=False))
    figure = style.new_figure(
        words("Activation functions and their derivatives"), style.PANEL_HEIGHT + 1.4
    )
    panels = figure.subplots(2, len(functions), sharex=True, squeeze=False)
    for (name, rows), above, below in zip(functions, *panels, strict=True):
        above.set_title(words(NAMES[name]))
        (value,) = above.plot(rows["x"], rows["value"], color=style.BLUE, label=words("function"))
        derivative = style.draw_line(below, words.look(DERIVATIVE), rows["x"], rows["derivative"])
        (formula,) = below.plot(
            rows["x"],
            rows["formula"],
            markevery=max(1, (len(rows) - 1) // (MARKERS - 1)),
            **style.hollow(words.look(FORMULA)),
        )
        below.set(ylim=(-0.05, 1.05), xlabel="x")
    panels[0, 0].set_ylabel(words("function of x"))
    panels[1, 0].set_ylabel(words("derivative at x"))
    style.legend_below(figure, [value, derivative, formula])
    return figure
