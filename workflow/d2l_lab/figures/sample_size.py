"""Loss against the number of training examples (notes 4.4.3)."""

import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures._curves import draw_middle
from d2l_lab.figures.words import ENGLISH, Words, term

METHODS = {
    "sgd": term("mean squared error\nby SGD"),
    "exact": term("mean squared error\nby least squares"),
}
HIGHEST, LOWEST = 1e6, 1e-4  # limits of the axis; exact fits exceed both


@style.of_rows
def draw(sample_size: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw training and test loss against the number of examples (notes 4.4.3).

    A row for each method, a column for each degree: medians over the replicates with a band over
    the middle 80 %.

    Parameters
    ----------
    sample_size : DataFrame
        method, examples, degree, replicate, split (train, test), loss.
    """
    degrees = sorted(sample_size["degree"].unique())
    figure = style.new_figure(height=1.6 * style.PANEL_HEIGHT)
    grid = figure.subplots(len(METHODS), len(degrees), sharex=True, sharey=True, squeeze=False)
    for (method, name), panels in zip(METHODS.items(), grid, strict=True):
        panels[0].set_ylabel(words(name))
        for degree, axes in zip(degrees, panels, strict=True):
            chosen = (sample_size["method"] == method) & (sample_size["degree"] == degree)
            for split in ("train", "test"):
                rows = sample_size[chosen & (sample_size["split"] == split)]
                draw_middle(axes, rows, "examples", split, words)
    for degree, top, bottom in zip(degrees, grid[0], grid[-1], strict=True):
        top.set_title(words("degree {degree}", degree=degree))
        bottom.set_xlabel(words("training examples"))
    grid[0, 0].set(xscale="log", yscale="log", ylim=(LOWEST, HIGHEST))
    repeats = words.count(sample_size["replicate"].nunique(), "dataset")
    explanation = words(
        "line: median over {repeats}; band: the middle 80 %; beyond the axis: off it",
        repeats=repeats,
    )
    style.legend_below(figure, grid[0, 0].get_lines(), explanation)
    return figure
