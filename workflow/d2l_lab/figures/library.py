"""The spread of numbers from `torch.normal` (notes 3.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

LOOKS = {
    "deviation": style.Look("standard deviation", style.BLUE, "", "o"),
    "variance": style.Look("variance", style.VERMILLION, "", "s"),
}


@style.of_rows
def draw(library_normal: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the standard deviation and the variance of each replicate next to the argument std.

    On a logarithmic axis.

    Parameters
    ----------
    library_normal : DataFrame
        replicate, std, deviation, variance.
    """
    figure = style.new_figure()
    axes = figure.subplots()
    std = library_normal["std"].iloc[0]
    axes.axhline(std, color=style.BLACK, linestyle=":", label=words("the argument std"))
    for column, look in LOOKS.items():
        style.draw_line(axes, words.look(look), library_normal["replicate"], library_normal[column])
    axes.set(
        yscale="log", xlabel=words("replicate"), ylabel=words("of the numbers that were drawn")
    )
    axes.set_xticks(library_normal["replicate"])
    style.legend_below(figure, axes.get_legend_handles_labels()[0])
    return figure
