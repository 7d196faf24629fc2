"""The features of the polynomial, with and without the factorial (notes 4.4.4)."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

LOOKS = {
    "greatest_power": style.Look("without dividing", style.VERMILLION, style.DASHED, "s"),
    "greatest_feature": style.Look("divided by the factorial", style.BLUE, "-", "o"),
}


@style.of_rows
def draw(polynomial_terms: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the greatest absolute value of the features of each degree.

    The median of the datasets and their range, on a logarithmic axis.

    Parameters
    ----------
    polynomial_terms : DataFrame
        replicate, degree, greatest_feature, greatest_power.
    """
    figure = style.new_figure()
    axes = figure.subplots()
    for column, look in LOOKS.items():
        values = polynomial_terms.pivot(index="degree", columns="replicate", values=column)
        style.draw_line(axes, words.look(look), values.median(axis="columns"))
        style.draw_range(axes, values, look.color)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.set(yscale="log", xlabel=words("degree"), ylabel=words("greatest absolute value"))
    repeats = words.count(polynomial_terms["replicate"].nunique(), "dataset")
    explanation = words("median and range of {repeats}", repeats=repeats)
    style.legend_below(figure, axes.get_lines(), explanation)
    return figure
