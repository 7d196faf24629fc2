"""Panels with the measurements of small experiments on exercises, one row for each case."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import Words
from d2l_lab.tables.statistics import summarise

ROW_HEIGHT = 0.3  # inches for each case
LOOK = style.Look("mean, with its 95 % interval", style.BLUE, "", "o")


class Panel(NamedTuple):
    """One measure of an experiment.

    Parameters
    ----------
    exercise, measure : str
        As in the table.
    title : str
        A description of the comparison, marked by `term`.
    cases : mapping
        The cases to show, with their labels, marked by `term`; empty for the cases of the table, if
        these are numbers.
    scale : str
        ``linear`` or ``log``.
    """

    exercise: str
    measure: str
    title: str
    cases: Mapping[str, str]
    scale: str = "linear"


def draw_panels(table: pd.DataFrame, panels: Sequence[Panel], words: Words) -> Figure:
    """Draw each panel that has rows: the mean of every case with its 95 % interval.

    Parameters
    ----------
    table : DataFrame
        exercise, case, measure, replicate, value.
    """
    shown = [(panel, found) for panel in panels if len(found := _summary(table, panel))]
    heights = [len(found) + 1.5 for _, found in shown]
    figure = style.new_figure(height=1 + ROW_HEIGHT * sum(heights))
    every = figure.subplots(len(shown), squeeze=False, height_ratios=heights)[:, 0]
    for axes, (panel, found) in zip(every, shown, strict=True):
        mean, low, high = (found[column] for column in ("mean", "ci_low", "ci_high"))
        span = np.maximum([mean - low, high - mean], 0)
        look = words.look(LOOK)._asdict()
        means = axes.errorbar(mean, np.arange(len(found)), xerr=span, capsize=3, **look)
        labels = [words(panel.cases[case]) if panel.cases else case for case in found.index]
        style.name_rows(axes, labels)
        axes.set(xscale=panel.scale, title=words(panel.title))
        axes.grid(visible=False, axis="y")
    style.legend_below(figure, [means])
    return figure


def _summary(table: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Summarise a panel's measured cases, in the order of the panel."""
    is_wanted = (table["exercise"] == panel.exercise) & (table["measure"] == panel.measure)
    rows = table[is_wanted]
    cases = [*panel.cases] or [*rows["case"].unique()]
    found = {
        case: summarise(values, positive=panel.scale == "log")
        for case in cases
        if len(values := rows.loc[rows["case"] == case, "value"])
    }
    return pd.DataFrame(found).T
