"""Activation functions and their derivatives (notes 4.1.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style

NAMES = {"relu": "ReLU", "sigmoid": "sigmoid", "tanh": "tanh"}
MARKERS = 17  # on each curve of derivatives


@style.styled
def draw(activations: pd.DataFrame) -> Figure:
    """Draw each function, and below it its derivative (notes 4.1.2).

    Parameters
    ----------
    activations : DataFrame
        Columns function, x, value, derivative and formula.

    Returns
    -------
    Figure
        One column for each function; all derivatives are on one scale. A line is autograd's
        derivative, the circles on it are the formula's.

    Raises
    ------
    ValueError
        If the table is empty.
    """
    style.require_rows(activations, "activations")
    functions = list(activations.groupby("function", sort=False))
    figure = Figure(figsize=(style.WIDTH, style.PANEL_HEIGHT + 1.4))
    figure.suptitle("Activation functions and their derivatives")
    panels = figure.subplots(2, len(functions), sharex=True, squeeze=False)
    for (name, rows), above, below in zip(functions, *panels, strict=True):
        above.set_title(NAMES[name])
        (value,) = above.plot(rows["x"], rows["value"], color=style.BLUE, label="function")
        (derivative,) = below.plot(
            rows["x"],
            rows["derivative"],
            color=style.VERMILLION,
            linestyle=(0, (4, 1.5)),
            label="derivative by autograd",
        )
        (formula,) = below.plot(
            rows["x"],
            rows["formula"],
            color=style.BLACK,
            linestyle="",
            marker="o",
            markerfacecolor="none",
            markevery=max(1, (len(rows) - 1) // (MARKERS - 1)),
            label="derivative by formula",
        )
        below.set_ylim(-0.05, 1.05)
        below.set_xlabel("x")
    panels[0, 0].set_ylabel("function of x")
    panels[1, 0].set_ylabel("derivative at x")
    style.legend_below(figure, [value, derivative, formula])
    return figure
