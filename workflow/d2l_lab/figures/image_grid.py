"""Images of Fashion-MNIST with their labels (notes 3.5)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from d2l_lab.figures import style

LINE_HEIGHT = 0.17  # inches, of a line of a label
LABEL_SIZE = 8  # points


@style.of_rows
def draw(images: np.ndarray, titles: Sequence[str], columns: int = 8) -> Figure:
    """Draw images in a grid, a label above each (notes 3.5).

    One axes per image, in the order of `images`.

    Parameters
    ----------
    images : ndarray, shape (n, 28, 28)
        Grey values from 0 to 1; ink is dark, paper is white.
    titles : sequence of str, length n
        The labels.
    columns : int, default 8
        Images in a row.
    """
    rows = -(-len(images) // columns)
    cell = style.WIDTH / columns
    label = LINE_HEIGHT * (1 + max(title.count("\n") for title in titles))
    figure = style.new_figure(height=rows * (cell + label))
    grid = figure.add_gridspec(rows, columns)
    for position, (image, title) in enumerate(zip(images, titles, strict=True)):
        axes = figure.add_subplot(grid[position])
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=1, interpolation="none")
        axes.set_title(title, fontsize=LABEL_SIZE, loc="center", pad=4)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color="#CCCCCC")
    return figure
