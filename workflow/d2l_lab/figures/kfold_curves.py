"""Training against validation over the folds of a cross-validation (notes 4.4.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures._curves import draw_curves


def draw(
    history: pd.DataFrame, title: str, *, loss_range: tuple[float, float] | None = None
) -> Figure:
    """Draw the K-fold validation of one model on one device (notes 4.4.2).

    The loss, and beside it the accuracy where there is one: for each split the mean over the
    folds, a band from the lowest fold to the highest, and a thin line for each fold. A gap between
    training and validation is overfitting; both high and close is underfitting (notes 4.4.3).

    Parameters
    ----------
    history : DataFrame
        Columns fold, epoch (from 1), split (train_running, train, validation), loss and
        accuracy, which is empty for regression.
    title : str
        Title of the figure.
    loss_range : pair of floats or None
        What a logarithmic axis of the loss spans at least (0.001 to 100 in notes 4.4.4); None for
        a linear axis.

    Returns
    -------
    Figure
        One panel per metric.

    Raises
    ------
    ValueError
        If `history` is empty.
    """
    return draw_curves(history, title, repeat="fold", each_repeat=True, loss_range=loss_range)
