"""The weights of softmax regression as images, which form over the epochs (notes 3.6)."""

from base64 import b64decode
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

ROWS = 5  # the most rows: before training, and four epochs
ROW_HEIGHT, REST = 0.66, 1.2  # inches: a row of images, and everything else
GAP = 3  # pixels between images
LEVELS = 127  # levels of a pixel above zero, and as many below
BLUE_TO_RED = LinearSegmentedColormap.from_list(
    "weights",
    [style.BLUE, "white", style.VERMILLION],
    N=33,  # more colours would only make larger files
)


@style.of_rows
def draw(
    weight_images: pd.DataFrame, weight_images_pixels: pd.DataFrame, *, words: Words = ENGLISH
) -> Figure:
    """Draw the weights that lead to each class as images, after some of the epochs (notes 3.6).

    Each row is an epoch, each column a class. All images have the same scale.

    Parameters
    ----------
    weight_images : DataFrame
        Columns epoch and test_accuracy.
    weight_images_pixels : DataFrame
        Columns epoch, name, width, scale and pixels.
    """
    accuracies = weight_images.set_index("epoch")["test_accuracy"]
    epochs, names = choose([*accuracies.index]), weight_images_pixels["name"].unique()
    by_epoch = dict([*weight_images_pixels.groupby("epoch")])
    grid = np.vstack([_in_a_row(by_epoch[epoch]) for epoch in epochs])
    scale = weight_images_pixels["scale"].iloc[0]
    height = REST + ROW_HEIGHT * len(epochs)
    figure = style.new_figure(words("Weights of softmax regression, as images"), height)
    axes = figure.subplots()
    image = axes.imshow(grid, cmap=BLUE_TO_RED, vmin=-scale, vmax=scale, interpolation="none")
    rows, columns = (
        (np.arange(count) + 0.5) * length / count - 0.5
        for count, length in zip((len(epochs), len(names)), grid.shape, strict=True)
    )
    axes.set_xticks(columns, [words.label(name) for name in names], fontsize=8)
    axes.set_yticks(rows, [_row_name(epoch, accuracies[epoch], words) for epoch in epochs])
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, location="bottom", shrink=0.5, aspect=40, extend="both")
    bar.set_label(words("weight; the strongest colours stand for {scale:g} and more", scale=scale))
    return figure


def choose(epochs: Sequence[int]) -> list[int]:
    """Choose the epochs to show, from 0 and 1 to the last, in steps of about equal ratio."""
    wanted = np.rint(np.geomspace(1, max(epochs[-1], 1), ROWS - 1)).astype(int).tolist()
    return [epoch for epoch in epochs if epoch in {0, *wanted}]


def _in_a_row(images: pd.DataFrame) -> np.ndarray:
    """Put the images of one epoch side by side, with nothing (NaN) around each."""
    unpacked = [
        np.frombuffer(b64decode(row.pixels), np.int8).reshape(-1, row.width) * row.scale / LEVELS
        for row in images.itertuples()
    ]
    return np.hstack([np.pad(each, GAP, constant_values=np.nan) for each in unpacked])


def _row_name(epoch: int, accuracy: float, words: Words) -> str:
    return words("epoch {epoch}\naccuracy {accuracy:.2f}", epoch=epoch, accuracy=accuracy)
