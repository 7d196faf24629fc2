"""The measurements for the exercises on softmax regression (d2l-zh 3.4 to 3.7)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures._tried import Panel, draw_panels
from d2l_lab.figures.words import ENGLISH, Words, term

PANELS = (
    Panel(
        "3.4.2",
        "bits per observation",
        term("Exercise 3.4.2: bits for each of n observations coded together, by n"),
        {},
    ),
    Panel(
        "3.6.4",
        "cost per patient",
        term("Exercise 3.6.4: cost per patient of a rule of decision"),
        {
            "likelier class": term("the likelier class"),
            "lower expected cost": term("the lower expected cost"),
        },
    ),
    Panel(
        "3.7.1",
        "validation accuracy",
        term("Exercise 3.7.1: accuracy on new images"),
        {
            "learning rate 0.01": term("learning rate 0.01"),
            "learning rate 0.1": term("learning rate 0.1"),
            "learning rate 1": term("learning rate 1"),
            "batch size 16": term("batch size 16"),
            "batch size 64": term("batch size 64"),
            "batch size 256": term("batch size 256"),
        },
    ),
)


@style.of_rows
def draw(exercises_softmax: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the gains from joint codes, decision rules and hyperparameters.

    Parameters
    ----------
    exercises_softmax : DataFrame
        exercise, case, measure, replicate, value.
    """
    return draw_panels(exercises_softmax, PANELS, words)
