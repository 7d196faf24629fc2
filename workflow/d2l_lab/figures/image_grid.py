"""Images with their labels (notes 3.5)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

LINE_HEIGHT = 0.17  # inches, of a line of a label
LABEL_SIZE = 8  # points
TITLE_HEIGHT = 0.3  # inches


@style.of_rows
def draw(
    images: np.ndarray,
    titles: Sequence[str],
    title: str = "",
    *,
    columns: int = 8,
    words: Words = ENGLISH,
) -> Figure:
    """Draw images in a grid, with a label above each (notes 3.5).

    One axes per image, in the order of `images`.

    Parameters
    ----------
    images : ndarray, shape (n, height, width)
        Grey values from 0 to 1; ink is dark, paper is white.
    titles : sequence of str, length n
        The labels.
    title : str
        Title of the figure.
    columns : int, default 8
        Images in a row.
    """
    rows = -(-len(images) // columns)
    cell = style.WIDTH / columns
    above = LINE_HEIGHT * (1 + max(each.count("\n") for each in titles))
    figure = style.new_figure(title, rows * (cell + above) + (TITLE_HEIGHT if title else 0))
    grid = figure.add_gridspec(rows, columns)
    for position, (image, label) in enumerate(zip(images, titles, strict=True)):
        axes = figure.add_subplot(grid[position])
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=1, interpolation="none")
        axes.set_title(words.label(label), fontsize=LABEL_SIZE, loc="center", pad=4)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color="#CCCCCC")
    return figure
