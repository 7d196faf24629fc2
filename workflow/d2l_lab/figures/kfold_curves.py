"""Training against validation over the folds of a cross-validation (notes 4.4.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures._curves import draw_curves


def draw(history: pd.DataFrame, title: str, dataset: str) -> Figure:
    """Draw the K-fold validation of one model on one device (notes 4.4.2).

    The loss, and beside it the accuracy where there is one: for each split the mean over the
    folds, a band from the lowest fold to the highest, and a thin line for each fold. A gap between
    training and validation is overfitting; both high and close is underfitting (notes 4.4.3). The
    arguments are those of `draw_curves`.
    """
    return draw_curves(history, title, dataset, repeat="fold", each_repeat=True)
