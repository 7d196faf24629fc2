"""Draw losses: a central line and a band for every split."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words, term
from d2l_lab.training.metrics import METRICS

MOST_MARKERS = 12  # the most markers on a line; more would hide it
# The smallest range of the axis of squared errors, by dataset (notes 4.4.4); losses may extend it.
# For other datasets it is the range of the losses.
EXPLANATIONS = {
    "replicate": term("line: mean of {repeats}; band: from the lowest to the highest"),
    "fold": term(
        "line: mean of {repeats}; thin lines: each fold; band: from the lowest to the highest"
    ),
}
LOSS_RANGES = {"linear": (1e-4, 1e1), "polynomial": (1e-3, 1e2)}


@style.of_rows
def draw_curves(
    history: pd.DataFrame,
    title: str,
    dataset: str,
    *,
    repeat: str,
    each_repeat: bool,
    words: Words = ENGLISH,
) -> Figure:
    """Draw one panel per metric: for each split the mean over the repeats and their range.

    Parameters
    ----------
    history : DataFrame
        Columns `repeat`, epoch (from 1), split (train_running, train, validation or test), loss and
        the metrics; those of other tasks are empty and have no panel. ``train_running`` is the
        notes' running mean over the epoch's batches; ``train`` is evaluated after the epoch. A loss
        is NaN once its repeat has diverged, where the line of the mean ends.
    title : str
        Title of the figure.
    dataset : str
        The dataset that the model was trained on; see `LOSS_RANGES`.
    repeat : str
        The column with the number of the repeat: ``"replicate"`` or ``"fold"``.
    each_repeat : bool
        Whether every repeat is also drawn as a thin line.
    """
    repeats = history[repeat].nunique()
    lost = history.loc[history["loss"].isna(), repeat].nunique()
    of_folds = repeat == "fold"
    said = words.count(repeats, "fold") if of_folds else words.count(repeats, "replicate")
    if history["loss"].isna().all():
        return style.empty_figure(
            words("{title}: {lost} of {all} diverged", title=title, lost=lost, all=said)
        )
    metrics = [metric for metric in style.METRICS if history[metric].notna().any()]
    splits = sorted(history["split"].unique(), key=list(style.SPLITS).index)
    is_regression = all(METRICS[metric].task != "classification" for metric in metrics)
    figure, panels = style.new_panels(title, metrics, words)
    lines = {}
    for axes, metric in zip(panels, metrics, strict=True):
        for split in splits:
            values = history[history["split"] == split].pivot(
                index="epoch", columns=repeat, values=metric
            )
            lines[split] = _draw_split(axes, values, words.look(style.SPLITS[split]), each_repeat)
        epochs = history["epoch"].max()
        axes.set(xlabel=words("epoch"), xlim=(1, epochs) if epochs > 1 else (0.5, 1.5))
        whole = MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10], min_n_ticks=1)
        axes.xaxis.set_major_locator(whole)
        if not METRICS[metric].more_is_better and (is_regression or dataset in LOSS_RANGES):
            axes.set_yscale("log")
            if metric == "loss" and dataset in LOSS_RANGES:
                losses, (lowest, highest) = history[metric], LOSS_RANGES[dataset]
                axes.set_ylim(min(lowest, losses.min()), max(highest, losses.max()))
    explanation = said if repeats == 1 else words(EXPLANATIONS[repeat], repeats=said)
    if lost:
        ends = words("{lost} of {all} diverged; there the mean ends", lost=lost, all=said)
        explanation += f"\n{ends}"
    style.legend_below(figure, list(lines.values()), explanation)
    return figure


def _draw_split(axes: Axes, values: pd.DataFrame, look: style.Look, each_repeat: bool) -> Line2D:
    """Draw one split, epochs × repeats, and return the line of its mean."""
    style.draw_range(axes, values, look.color)
    if each_repeat and values.shape[1] > 1:
        axes.plot(values, color=look.color, linestyle=look.linestyle, linewidth=0.6, alpha=0.6)
    return style.draw_line(
        axes,
        look,
        values.mean(axis="columns").mask(values.isna().any(axis="columns")),
        markevery=-(-len(values) // MOST_MARKERS),
        clip_on=False,  # do not cut the first and last epoch's markers
    )


def draw_middle(axes: Axes, rows: pd.DataFrame, x: str, split: str, words: Words) -> Line2D:
    """Draw a split's median loss over the repeats against a column; shade the middle 80 %."""
    look = style.SPLITS[split]
    over = rows.groupby(x)["loss"]
    middle = over.median()
    style.draw_band(axes, middle.index, over.quantile(0.1), over.quantile(0.9), look.color)
    return style.draw_line(axes, look, middle, label=words(style.HALVES[split]))
