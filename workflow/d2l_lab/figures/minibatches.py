"""The features and labels of linear regression (notes 3.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

MOST = 4  # panels
POINTS = 2000  # per panel; more would hide each other and make the file huge


@style.of_rows
def draw(minibatches_examples: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the label against each feature, as in notes 3.2.

    One panel for each of the first four features, with the first 2000 examples.

    Parameters
    ----------
    minibatches_examples : DataFrame
        example, feature, x, y.
    """
    features = list(minibatches_examples["feature"].unique())[:MOST]
    figure = style.new_figure()
    panels = figure.subplots(1, len(features), sharey=True, squeeze=False)[0]
    for axes, feature in zip(panels, features, strict=True):
        rows = minibatches_examples[minibatches_examples["feature"] == feature][:POINTS]
        axes.scatter(rows["x"], rows["y"], s=6, color=style.BLUE, alpha=0.5, linewidths=0)
        axes.set_xlabel(words("feature {feature}", feature=feature))
    panels[0].set_ylabel(words("label y"))
    return figure
