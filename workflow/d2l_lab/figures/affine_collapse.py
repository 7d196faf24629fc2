"""The gain of a hidden layer without and with an activation function (notes 4.1.1)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term
from d2l_lab.tables.statistics import summarise

ROW_HEIGHT = 0.6  # inches
NAMES = {
    "softmax_regression": term("softmax regression\n(no hidden layer)"),
    "without_activation": term("hidden layer,\nno activation"),
    "with_relu": term("hidden layer,\nReLU"),
}
RING = style.Look("each replicate", style.BLACK, "", "o")
BELOW = 0.25  # share of a row; the position of the replicates


@style.of_rows
def draw(affine_collapse: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the test accuracy of the three models, with its 95 % interval (notes 4.1.1).

    One row per model: the mean, its interval (none for a single replicate), and both as numbers;
    below them a ring for each replicate.

    Parameters
    ----------
    affine_collapse : DataFrame
        Columns model, replicate and test_accuracy.
    """
    models = list(affine_collapse["model"].unique())
    accuracies = affine_collapse.groupby("model", sort=False)["test_accuracy"]
    summary = accuracies.apply(summarise).unstack()
    figure = style.new_figure(
        words("A hidden layer without and with activation"), 1.6 + ROW_HEIGHT * len(models)
    )
    axes = figure.subplots()
    names = [words(NAMES[model]) for model in models]
    label = words("mean, with its 95 % interval")
    means = style.draw_intervals(axes, summary, names, words, label=label, separator="\n")
    rows = affine_collapse["model"].map(models.index) + BELOW
    (rings,) = axes.plot(affine_collapse["test_accuracy"], rows, **style.hollow(words.look(RING)))
    axes.locator_params(axis="x", nbins=5)
    style.legend_below(figure, [means, rings])
    return figure
