"""Training and validation against the settings of a sweep (notes 3.1, 4.4.2)."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

COLORS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.SKY_BLUE, style.BLACK)
LINES = ("-", style.DASHED, style.DASH_DOTTED, style.DOTTED)
MARKERS = "osD^v"
WIDE = 10  # ratio of the greatest to the least value from which the axis is logarithmic
MOST_LINES = 12  # more could not be distinguished


@style.of_rows
def draw(
    sweeps: pd.DataFrame, sweep_choice: pd.DataFrame, keys: Sequence[str], *, words: Words = ENGLISH
) -> Figure:
    """Draw the loss and the other metrics against the first swept key.

    With one key there is a line for training and one for validation. With several keys there is a
    line for each combination of the others' values, for validation only.

    Parameters
    ----------
    sweeps : DataFrame
        The rows of one sweep on one device: a column for each key, split, metric, mean, ci_low,
        ci_high.
    sweep_choice : DataFrame
        The rows of its chosen point.
    keys : sequence of str
        The swept keys.
    """
    (sweep,), (model,) = sweeps["sweep"].unique(), sweeps["model"].unique()
    metrics = [metric for metric in style.METRICS if (sweeps["metric"] == metric).any()]
    title = f"{words.name(sweep)}: {words.name(model)}"
    figure, panels = style.new_panels(title, metrics, words, sharex=True)
    x, *others = keys
    places = place_on_axis(sweeps[x])
    for axes, metric in zip(panels, metrics, strict=True):
        rows = sweeps[sweeps["metric"] == metric]
        lines = _draw_lines(axes, rows, x, places, others, words)
        chosen = sweep_choice.iloc[0]
        mark = axes.axvline(places[chosen[x]], color=style.BLACK, linestyle=":", zorder=1)
        mark.set_label(words("chosen: {point}", point=describe(chosen, keys, words)))
        _name_axis(axes, x, places, words)
        axes.set_ylim(_limits(rows))
    explanation = words("line: mean; band: its 95 % interval")
    style.legend_below(figure, [*lines, mark], explanation, columns=2)
    return figure


def place_on_axis(values: pd.Series) -> dict[object, float]:
    """Return each value's position on the axis: numbers as they are, other values in sequence."""
    unique = list(dict.fromkeys(values))
    numbers = pd.to_numeric(pd.Series(unique), errors="coerce")
    if numbers.isna().any():
        return {value: float(place) for place, value in enumerate(unique)}
    return dict(sorted(zip(unique, map(float, numbers), strict=True), key=lambda pair: pair[1]))


def describe(row: pd.Series, keys: Sequence[str], words: Words = ENGLISH) -> str:
    """Name a point by its values: ``learning_rate 0.1, hidden_units 64``."""
    return ", ".join(f"{words.label(key)} {_text(row[key])}" for key in keys)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)


def _draw_lines(
    axes: Axes,
    rows: pd.DataFrame,
    x: str,
    places: dict[object, float],
    others: list[str],
    words: Words,
) -> list[Line2D]:
    if not others:
        looks = {split: words.look(style.SPLITS[split]) for split in ("train", "validation")}
        return [
            _draw_line(axes, rows[rows["split"] == split], x, places, look)
            for split, look in looks.items()
        ]
    validated = rows[rows["split"] == "validation"]
    groups = list(validated.groupby(others, sort=False, dropna=False))[:MOST_LINES]
    looks = zip(cycle(COLORS), cycle(LINES), cycle(MARKERS), strict=False)
    return [
        _draw_line(
            axes, group, x, places, style.Look(describe(group.iloc[0], others, words), *look)
        )
        for (_, group), look in zip(groups, looks, strict=False)
    ]


def _draw_line(
    axes: Axes, rows: pd.DataFrame, x: str, places: dict[object, float], look: style.Look
) -> Line2D:
    rows = rows.assign(place=rows[x].map(places)).sort_values("place")
    style.draw_band(axes, rows["place"], rows["ci_low"], rows["ci_high"], look.color)
    return style.draw_line(axes, look, rows["place"], rows["mean"])


def _limits(rows: pd.DataFrame) -> tuple[float, float]:
    """Show all means, and the near part of intervals, which are wide with two replicates."""
    if rows["mean"].isna().all():  # every point has diverged
        return 0.0, 1.0
    least, greatest = rows["mean"].min(), rows["mean"].max()
    room = (greatest - least) or abs(greatest) or 1.0
    low = np.nanmax([rows["ci_low"].min(), least - room])
    high = np.nanmin([rows["ci_high"].max(), greatest + room])
    return low - 0.05 * room, high + 0.05 * room


def _name_axis(axes: Axes, x: str, places: dict[object, float], words: Words) -> None:
    found = [*places.values()]
    if min(found) > 0 and max(found) >= WIDE * min(found):
        axes.set_xscale("log")
        axes.minorticks_off()
    axes.set_xticks(found, [_text(value) for value in places])
    axes.set_xlabel(words.name(x))
