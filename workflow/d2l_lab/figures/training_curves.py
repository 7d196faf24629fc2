"""Loss and accuracy of one model while it learns (notes 3.6 and 4.4.4)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures._curves import draw_curves


def draw(history: pd.DataFrame, title: str, dataset: str) -> Figure:
    """Draw the learning curves of one model on one device (notes 3.6 and 4.4.4).

    The loss, and beside it the accuracy where there is one: for each split the mean over the
    replicates and a band from the lowest replicate to the highest. The arguments are those of
    `draw_curves`.
    """
    return draw_curves(history, title, dataset, repeat="replicate", each_repeat=False)
