"""The classes that each classifier confuses (notes 3.6, 4.2)."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

COLUMNS = 2
SIZE = 3.6  # inches, of one matrix
PRINTED = 0.05  # the least share that is printed as a number
DARK = 0.4  # from this share on, numbers are white
NORM = PowerNorm(0.5, 0, 1)  # makes small shares, the confusions, visible
PERCENT = [0, 1, 5, 20, 50, 100]


@style.styled
def draw(confusion: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw one confusion matrix for each model, on the first of its devices (notes 3.6, 4.2).

    Each row of a matrix is one true class, in shares of its examples. Without classifiers, the
    figure says so.

    Parameters
    ----------
    confusion : DataFrame
        Columns model, device, true, predicted and count, with every pair of classes. If a replicate
        of a model has diverged, its counts are missing, and its panel says so.
    """
    if confusion.empty:
        return style.empty_figure(words("no model of this configuration is a classifier"))
    matrices = dict(_matrices(confusion, words))
    columns = min(COLUMNS, len(matrices))
    rows = -(-len(matrices) // columns)
    figure = style.new_figure(words("Predicted class of each true class"), 1.7 + SIZE * rows)
    alike = len({tuple(shares.index) for shares in matrices.values()}) == 1
    panels = figure.subplots(rows, columns, squeeze=False, sharey=alike).ravel()
    for axes, (title, shares) in zip(panels, matrices.items(), strict=False):
        image = _draw_matrix(axes, shares, words)
        axes.set_title(title)
        if shares.isna().all(axis=None):
            middle = {"ha": "center", "va": "center", "transform": axes.transAxes}
            axes.text(0.5, 0.5, words("a replicate diverged"), **middle)
    for axes in panels[len(matrices) :]:
        axes.remove()
    bar = figure.colorbar(image, ax=figure.axes, location="bottom", shrink=0.7, aspect=40)
    bar.set_ticks([percent / 100 for percent in PERCENT], labels=PERCENT)
    bar.set_label(words("% of the true class; printed from {least:.0%} on", least=PRINTED))
    return figure


def _matrices(confusion: pd.DataFrame, words: Words) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each model's title and its matrix true × predicted class, in shares of the true class.

    Devices are named if there are several.
    """
    several = confusion["device"].nunique() > 1
    for model, of_model in confusion.groupby("model", sort=False):
        device = of_model["device"].iloc[0]
        rows = of_model[of_model["device"] == device]
        names = rows["true"].unique()
        matrix = rows.pivot(index="true", columns="predicted", values="count").loc[names, names]
        title = words.name(model)
        if several:
            title = words("{model} on {device}", model=title, device=device)
        yield title, matrix.div(matrix.sum(axis="columns"), axis="index")


def _draw_matrix(axes: Axes, shares: pd.DataFrame, words: Words) -> AxesImage:
    """Draw one matrix, with the larger shares as numbers."""
    image = axes.imshow(shares, cmap="Blues", norm=NORM)
    for (row, column), share in np.ndenumerate(shares.to_numpy()):
        if share >= PRINTED:
            color = "white" if share >= DARK else style.BLACK
            look = {"color": color, "ha": "center", "va": "center", "fontsize": 7}
            axes.text(column, row, f"{share:.0%}".rstrip("%"), **look)
    axes.grid(visible=False)
    ticks = np.arange(len(shares))
    axes.set_xticks(ticks, [words.label(name) for name in shares.columns], rotation=90, fontsize=8)
    axes.set_yticks(ticks, [words.label(name) for name in shares.index], fontsize=8)
    axes.set_xlabel(words("predicted"))
    if axes.get_subplotspec().is_first_col():
        axes.set_ylabel(words("true"))
    return image
