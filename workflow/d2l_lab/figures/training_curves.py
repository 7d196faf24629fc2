"""Loss and accuracy of one model while it learns (notes 3.6 and 4.4.4)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures._curves import draw_curves


def draw(
    history: pd.DataFrame, title: str, *, loss_range: tuple[float, float] | None = None
) -> Figure:
    """Draw the learning curves of one model on one device (notes 3.6 and 4.4.4).

    The loss, and beside it the accuracy where there is one: for each split the mean over the
    replicates and a band from the lowest replicate to the highest.

    Parameters
    ----------
    history : DataFrame
        Columns replicate, epoch (from 1), split (train_running, train, test), loss and
        accuracy, which is empty for regression. ``train_running`` is the notes' running mean over
        the epoch's batches, ``train`` is evaluated after the epoch.
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
    return draw_curves(history, title, repeat="replicate", each_repeat=False, loss_range=loss_range)
