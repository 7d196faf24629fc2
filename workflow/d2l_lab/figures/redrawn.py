"""The variation of the training loss between datasets (notes 3.2, 3.3, 4.4.4)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term

ROW_HEIGHT = 0.5  # inches
NAMES = {
    "linear_regression.scratch": term("linear regression,\nscratch"),
    "linear_regression.concise": term("linear regression,\nconcise"),
    "polynomial_regression.concise": term("polynomial,\n{features} features"),
}
RING = style.Look("each dataset", style.BLUE, "", "o")
MEDIAN = style.Look("median", style.BLACK, "", "|")


@style.of_rows
def draw(redrawn: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the training loss on each of many datasets, on a logarithmic axis.

    One row for each model: a ring for each dataset, and a bar at the median.

    Parameters
    ----------
    redrawn : DataFrame
        module, features, quantity and value.
    """
    losses = redrawn[redrawn["quantity"] == "train_loss"]
    groups = losses.groupby(["module", "features"], sort=False)["value"]
    figure = style.new_figure(height=1.6 + ROW_HEIGHT * groups.ngroups)
    axes = figure.subplots()
    medians = groups.median()
    for row, (_, values) in enumerate(groups):
        (rings,) = axes.plot(values, np.full(len(values), row), **style.hollow(words.look(RING)))
    look = words.look(MEDIAN)._asdict() | {"markersize": 18, "markeredgewidth": 2}
    (bars,) = axes.plot(medians, np.arange(len(medians)), **look)
    names = [words(NAMES[module], features=features) for module, features in medians.index]
    style.name_rows(axes, names)
    axes.set(xscale="log", xlabel=words("training loss on the model's own dataset"))
    style.legend_below(figure, [rings, bars])
    return figure
