"""The measurements for the exercises on linear regression (d2l-zh 3.1 to 3.3)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures._tried import Panel, draw_panels
from d2l_lab.figures.words import ENGLISH, Words, term

PANELS = (
    Panel(
        "3.1.1",
        "squared error",
        term("Exercise 3.1.1: squared error of an estimated constant"),
        {
            "mean, normal noise": term("mean, normal noise"),
            "median, normal noise": term("median, normal noise"),
            "mean, Laplace noise": term("mean, Laplace noise"),
            "median, Laplace noise": term("median, Laplace noise"),
        },
    ),
    Panel(
        "3.3.2",
        "distance",
        term("Exercise 3.3.2: distance of the learned parameters from the truth"),
        {
            "squared loss, normal noise": term("squared loss, normal noise"),
            "absolute loss, normal noise": term("absolute loss, normal noise"),
            "Huber loss, normal noise": term("Huber loss, normal noise"),
            "squared loss, outliers": term("squared loss, outliers"),
            "absolute loss, outliers": term("absolute loss, outliers"),
            "Huber loss, outliers": term("Huber loss, outliers"),
        },
        "log",
    ),
)


@style.of_rows
def draw(exercises_linear: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw how well mean and median estimate, and which loss is robust to outliers.

    Parameters
    ----------
    exercises_linear : DataFrame
        exercise, case, measure, replicate, value.
    """
    return draw_panels(exercises_linear, PANELS, words)
