"""SGD's convergence to the closed form (notes 3.1, 3.2)."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words


@style.of_rows
def draw(
    closed_form: pd.DataFrame, closed_form_distance: pd.DataFrame, *, words: Words = ENGLISH
) -> Figure:
    """Draw the distance of SGD's iterate from the closed form, step by step.

    The mean over the replicates and their range, on a logarithmic axis; epochs are marked above.

    Parameters
    ----------
    closed_form : DataFrame
        parameter, closed_form, true, error: a line shows the closed form's own distance from the
        truth.
    closed_form_distance : DataFrame
        replicate, epoch, step, distance.
    """
    way = closed_form_distance.pivot(index="step", columns="replicate", values="distance")
    error = (closed_form["error"] ** 2).sum() ** 0.5
    figure = style.new_figure()
    axes = figure.subplots()
    repeats = words.count(way.shape[1], "replicate")
    axes.plot(
        way.mean(axis="columns"),
        color=style.BLUE,
        label=words("SGD, mean of {repeats}", repeats=repeats),
    )
    style.draw_range(axes, way, style.BLUE, words("SGD, lowest to highest"))
    truth = words("distance of the truth, due to noise")
    axes.axhline(error, color=style.BLACK, linestyle=(0, (4, 2)), label=truth)
    axes.set(yscale="log", xlabel=words("step"), xlim=(0, way.index.max()))
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    per_epoch = way.index.max() / closed_form_distance["epoch"].max()
    above = axes.secondary_xaxis(
        "top", functions=(lambda step: step / per_epoch, lambda epoch: epoch * per_epoch)
    )
    above.set_xlabel(words("epoch"))
    above.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    above.tick_params(direction="inout", length=8)
    axes.set_ylabel(words("distance from the closed form"))
    style.legend_below(figure, axes.get_legend_handles_labels()[0], columns=2)
    return figure
