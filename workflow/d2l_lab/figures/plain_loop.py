"""The notes' training loop compared with ours (notes 4.2.5)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

ROW_HEIGHT = 0.3  # inches, of a module
LOOK = style.Look("a replicate", style.BLUE, "", "o")
ROUNDING = 2.0**-52  # the relative distance of neighbouring float64 numbers


@style.of_rows
def draw(plain_loop: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw for each module how much its parameters differ from those of the notes' loop.

    The difference is relative to the greatest parameter, on a logarithmic axis; no difference is
    shown at the left edge as 0.

    Parameters
    ----------
    plain_loop : DataFrame
        module, replicate, greatest_difference, greatest_value.
    """
    relative = plain_loop["greatest_difference"] / plain_loop["greatest_value"]
    positive = [*relative[relative > 0], ROUNDING]
    left = 10 ** (np.floor(np.log10(min(positive))) - 1)
    modules = [*plain_loop["module"].unique()]
    figure = style.new_figure(height=1.5 + ROW_HEIGHT * len(modules))
    axes = figure.subplots()
    spacing = words("spacing of float64 numbers")
    axes.axvline(ROUNDING, color=style.BLACK, linestyle=":", linewidth=1, label=spacing)
    rows = plain_loop["module"].map(modules.index)
    style.draw_line(axes, words.look(LOOK), relative.replace(0, left), rows, clip_on=False)
    for row in sorted({*rows[relative == 0]}):
        style.write_at(axes, "0", (left, row), (7, 0), va="center")
    axes.set(xscale="log", xlim=(left, 10 * max(positive)))
    axes.set_xlabel(words("greatest difference / greatest value"))
    style.name_rows(axes, [words.name(module.replace(".", "_")) for module in modules])
    style.legend_below(figure, axes.get_legend_handles_labels()[0])
    return figure
