"""Loss against a polynomial's degree (notes 4.4.3)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from d2l_lab.figures import style
from d2l_lab.figures._curves import draw_middle
from d2l_lab.figures.words import ENGLISH, Words, term

TITLES = {"sgd": term("SGD, the notes' settings"), "exact": term("least squares, exact")}
RULES = {
    "minimum": (term("picked: minimum"), -0.2, style.GREEN, ""),
    "one_standard_error": (term("picked: one standard error"), 0.2, style.PURPLE, "///"),
}
MOST = 1e3  # times the highest training loss; a longer axis would squash everything else


@style.of_rows
def draw(
    capacity: pd.DataFrame,
    capacity_test: pd.DataFrame,
    capacity_choice: pd.DataFrame,
    *,
    words: Words = ENGLISH,
) -> Figure:
    """Draw training, validation and test loss against the degree, by SGD and exactly (4.4.3).

    A column for each method: the losses, medians over the replicates with a band over the middle 80
    %, and the picked degrees.

    Parameters
    ----------
    capacity : DataFrame
        method, degree, replicate, fold, split (train, validation), loss.
    capacity_test : DataFrame
        method, degree, replicate, split (train, test), loss; only the test loss is drawn.
    capacity_choice : DataFrame
        method, replicate, rule, degree: how often K-fold picks a degree is drawn below.
    """
    of_folds = capacity.groupby(["method", "degree", "replicate", "split"], as_index=False)["loss"]
    losses = pd.concat([of_folds.mean(), capacity_test.query("split == 'test'")])
    figure = style.new_figure(height=1.5 * style.PANEL_HEIGHT)
    grid = figure.subplots(2, len(TITLES), sharex=True, sharey="row", height_ratios=[3, 1])
    lines: dict[str, Line2D] = {}
    for (method, title), above, below in zip(TITLES.items(), *grid, strict=True):
        above.set_title(words(title))
        for split in ("train", "validation", "test"):
            rows = losses[(losses["method"] == method) & (losses["split"] == split)]
            lines[split] = draw_middle(above, rows, "degree", split, words)
        _draw_choices(below, capacity_choice[capacity_choice["method"] == method], words)
        below.set_xlabel(words("degree of the polynomial"))
        below.xaxis.set_major_locator(MaxNLocator(integer=True))
    training = losses.loc[losses["split"] == "train", "loss"]
    grid[0, 0].set_yscale("log")
    grid[0, 0].set_ylim(training.median() / 10, training.max() * MOST)
    grid[0, 0].set_ylabel(words("mean squared error"))
    grid[1, 0].set_ylabel(words("times picked"))
    bars = grid[1, 0].get_legend_handles_labels()[0]
    repeats = words.count(capacity["replicate"].nunique(), "dataset")
    explanation = words(
        "line: median over {repeats}; band: the middle 80 %; above the axis: off it",
        repeats=repeats,
    )
    style.legend_below(figure, [*lines.values(), *bars], explanation)
    return figure


def _draw_choices(axes: Axes, choices: pd.DataFrame, words: Words) -> None:
    """Count how often each rule picks each degree."""
    for rule, (label, shift, color, hatch) in RULES.items():
        counts = choices.loc[choices["rule"] == rule, "degree"].value_counts()
        look = {"color": color, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
        axes.bar(counts.index + shift, counts, 0.4, label=words(label), **look)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
