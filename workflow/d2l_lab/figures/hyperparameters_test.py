"""The model whose hyperparameters were picked together: validation and test (notes 4.4.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures._tested import draw_tested
from d2l_lab.figures.words import ENGLISH, Words


@style.of_rows
def draw(hyperparameters_test: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the validation next to the test (notes 4.4.2).

    Parameters
    ----------
    hyperparameters_test : DataFrame
        Columns hidden_layers, weight_decay, learning_rate, and those of `draw_tested`.
    """
    picked = hyperparameters_test.iloc[0]
    layers = words.count(int(picked["hidden_layers"]), "hidden layer")
    return draw_tested(
        hyperparameters_test,
        words(
            "{layers},\nweight decay {decay:g}, learning rate {rate:g}",
            layers=layers,
            decay=picked["weight_decay"],
            rate=picked["learning_rate"],
        ),
        words,
    )
