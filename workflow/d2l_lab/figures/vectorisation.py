"""The time to add two vectors, against their length (notes 3.1)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

LOOKS = {
    "loop": style.Look("a loop over the elements", style.VERMILLION, "-", "s"),
    "vectorised": style.Look("one operation", style.BLUE, "-", "o"),
}


@style.of_rows
def draw(vectorisation_timing: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the times of both ways.

    The median of the repeats and their range, on logarithmic axes.

    Parameters
    ----------
    vectorisation_timing : DataFrame
        length, way (loop, vectorised), repeat, seconds.
    """
    figure = style.new_figure()
    axes = figure.subplots()
    for way, look in LOOKS.items():
        rows = vectorisation_timing[vectorisation_timing["way"] == way]
        times = rows.pivot(index="length", columns="repeat", values="seconds")
        style.draw_line(axes, words.look(look), times.median(axis="columns"))
        style.draw_range(axes, times, look.color)
    axes.set(xscale="log", yscale="log", xlabel=words("elements"), ylabel=words("seconds"))
    repeats = vectorisation_timing["repeat"].nunique()
    explanation = words(
        "median and range of {n} timings on this machine, not reproducible", n=repeats
    )
    style.legend_below(figure, axes.get_lines(), explanation)
    return figure
