"""The measurements for the exercises on the perceptron (d2l-zh 4.1 to 4.4)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures._tried import Panel, draw_panels
from d2l_lab.figures.words import ENGLISH, Words, term

ACCURACY = "validation accuracy"
PANELS = (
    Panel("4.2.1", ACCURACY, term("Exercise 4.2.1: accuracy on new images, by hidden units"), {}),
    Panel("4.2.3", ACCURACY, term("Exercise 4.2.3: by learning rate"), {}),
    Panel("4.2.2", ACCURACY, term("Exercises 4.2.2, 4.3.1: by hidden layers, learning rate"), {}),
    Panel(
        "4.3.2",
        ACCURACY,
        term("Exercise 4.3.2: by activation function"),
        {
            "relu": term("ReLU"),
            "sigmoid": term("sigmoid"),
            "tanh": term("tanh"),
            "none": term("none"),
        },
    ),
    Panel(
        "4.3.3",
        ACCURACY,
        term("Exercise 4.3.3: by initial weights"),
        {
            "zero": term("all zero"),
            "N(0, 0.01²)": term("N(0, 0.01²), the notes'"),
            "Xavier": term("by Glorot (Xavier)"),
            "He": term("by He"),
            "N(0, 1)": term("N(0, 1), too large"),
        },
    ),
)


@style.of_rows
def draw(exercises_mlp: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the accuracy of small perceptrons with one thing changed at a time.

    Parameters
    ----------
    exercises_mlp : DataFrame
        exercise, case, measure, replicate, value.
    """
    return draw_panels(exercises_mlp, PANELS, words)
