"""What learning curves and K-fold curves share: a mean line and a band for every split."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from d2l_lab.figures import style

MOST_MARKERS = 12  # on one line: more would hide it


@style.styled
def draw_curves(
    history: pd.DataFrame,
    title: str,
    *,
    repeat: str,
    each_repeat: bool,
    loss_range: tuple[float, float] | None,
) -> Figure:
    """Draw one panel per metric: for each split the mean over the repeats and their range.

    Parameters
    ----------
    history
        Columns `repeat`, epoch, split, and the metrics; one that is empty has no panel.
    title
        Title of the figure.
    repeat
        The column that tells the repeats apart: ``"replicate"`` or ``"fold"``.
    each_repeat
        Whether every repeat is also drawn as a thin line of its own.
    loss_range
        What a logarithmic axis of the loss spans at least; None for a linear axis.
    """
    style.require_rows(history, "history")
    metrics = [metric for metric in style.METRICS if history[metric].notna().any()]
    splits = sorted(history["split"].unique(), key=list(style.SPLITS).index)
    figure = Figure(figsize=(style.WIDTH, style.PANEL_HEIGHT))
    figure.suptitle(title)
    lines = {}
    panels = figure.subplots(1, len(metrics), squeeze=False)[0]
    for axes, metric in zip(panels, metrics, strict=True):
        for split in splits:
            values = history[history["split"] == split].pivot(
                index="epoch", columns=repeat, values=metric
            )
            lines[split] = _draw_split(axes, values, style.SPLITS[split], each_repeat)
        style.epoch_axis(axes, history["epoch"].max())
        axes.set_ylabel(style.METRICS[metric])
        if loss_range and metric == "loss":
            _logarithmic_axis(axes, history[metric], loss_range)
    explanation = _explanation(history[repeat].nunique(), repeat, each_repeat)
    style.legend_below(figure, list(lines.values()), explanation)
    return figure


def _draw_split(axes: Axes, values: pd.DataFrame, look: style.Look, each_repeat: bool) -> Line2D:
    """Draw one split, epochs × repeats, and return the line of its mean."""
    if values.shape[1] > 1:
        style.draw_range(axes, values.index, values.T, look.color)
        if each_repeat:
            axes.plot(values, color=look.color, linestyle=look.linestyle, linewidth=0.6, alpha=0.6)
    (line,) = axes.plot(
        values.mean(axis="columns"),
        label=look.label,
        color=look.color,
        linestyle=look.linestyle,
        marker=look.marker,
        markevery=-(-len(values) // MOST_MARKERS),
        clip_on=False,  # whole markers on the first and the last epoch
    )
    return line


def draw_middle(axes: Axes, rows: pd.DataFrame, x: str, split: str) -> Line2D:
    """Draw a split's median loss over the repeats against a column; shade the middle 80 %."""
    look = style.SPLITS[split]
    over = rows.groupby(x)["loss"]
    middle = over.median()
    axes.fill_between(
        middle.index,
        over.quantile(0.1),
        over.quantile(0.9),
        color=look.color,
        alpha=style.BAND_ALPHA,
        linewidth=0,
    )
    (line,) = axes.plot(
        middle, label=split, color=look.color, linestyle=look.linestyle, marker=look.marker
    )
    return line


def _logarithmic_axis(axes: Axes, losses: pd.Series, loss_range: tuple[float, float]) -> None:
    """Give the loss its axis, made longer only where a loss lies outside."""
    lowest, highest = loss_range
    axes.set_yscale("log")
    axes.set_ylim(min(lowest, losses.min()), max(highest, losses.max()))
    axes.yaxis.set_major_formatter("{x:g}")


def _explanation(repeats: int, repeat: str, each_repeat: bool) -> str:
    if repeats == 1:
        return f"1 {repeat}"
    thin = f"thin lines: each {repeat}; " if each_repeat else ""
    return f"line: mean of {repeats} {repeat}s; {thin}band: from the lowest to the highest"
