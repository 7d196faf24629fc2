"""The chosen model's validation next to its only test (notes 4.4.2)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures._tested import draw_tested
from d2l_lab.figures.words import ENGLISH, Words


@style.of_rows
def draw(selection_test: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the validation next to the test (notes 4.4.2).

    Parameters
    ----------
    selection_test : DataFrame
        Column learning_rate, and those of `draw_tested`.
    """
    rate = selection_test["learning_rate"].iloc[0]
    return draw_tested(selection_test, words("learning rate {rate:g}", rate=rate), words)
