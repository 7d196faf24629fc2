"""A model's predictions for images that it was not trained on (notes 3.6)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from d2l_lab.figures import image_grid, style
from d2l_lab.figures.words import ENGLISH, Words

COLUMNS = 5
MARK = {"ha": "right", "va": "top", "fontsize": 18, "color": style.VERMILLION}
MARK["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1}
IMAGES = 20  # enough for every classifier to be wrong sometimes


@style.of_rows
def draw(
    images: np.ndarray,
    true: Sequence[str],
    predicted: Sequence[str],
    title: str,
    *,
    words: Words = ENGLISH,
) -> Figure:
    """Draw images with their true and predicted labels, and mark wrong ones (notes 3.6).

    One axes per image; a wrong one has a thick frame and a cross.

    Parameters
    ----------
    images : ndarray, shape (n, height, width)
        Grey values from 0 to 1.
    true, predicted : sequence of str, length n
        The labels.
    title : str
        Title of the figure.
    """
    named = zip(map(words.label, true), map(words.label, predicted), strict=True)
    labels = [words("true: {true}\npredicted: {predicted}", true=t, predicted=p) for t, p in named]
    figure = image_grid.draw(images, labels, columns=COLUMNS)
    wrong = [t != p for t, p in zip(true, predicted, strict=True)]
    for axes, is_wrong in zip(figure.axes, wrong, strict=True):
        if is_wrong:
            axes.spines[:].set(color=style.VERMILLION, linewidth=2.5)
            axes.text(0.96, 0.95, style.CROSS, transform=axes.transAxes, **MARK)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + 0.6)
    figure.suptitle(title)
    counts = {"wrong": sum(wrong), "all": len(wrong)}
    said = words("{cross} and frame: wrong, {wrong} of {all}", cross=style.CROSS, **counts)
    figure.supxlabel(said, fontsize=9)
    return figure
