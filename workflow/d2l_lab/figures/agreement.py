"""How far two ways, or two devices, end up from each other (notes 3.3, 3.7 and 4.3)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from d2l_lab.figures import style

ROW_HEIGHT = 0.24  # inches, of a quantity
TITLE_HEIGHT = 0.4  # inches, of a pair's name
PAIR = ["kind", "first", "second", "device"]
KINDS = {
    "ways": style.Look("two ways of one model", style.BLUE, "", "o"),
    "devices": style.Look("two devices", style.VERMILLION, "", "s"),
}
ROUNDING = 2.0**-23  # the relative distance of neighbouring float32 numbers


@style.styled
def draw(agreement: pd.DataFrame) -> Figure:
    """Draw the greatest difference of each quantity of each pair (notes 3.3, 3.7 and 4.3).

    Parameters
    ----------
    agreement : DataFrame
        Columns kind, first, second, device, quantity, greatest_difference and greatest_value.

    Returns
    -------
    Figure
        One panel per pair, one row per quantity: the difference relative to the greatest value, on
        a logarithmic axis; none at all stands at the left edge as 0. Without a pair, one empty
        panel that says so.
    """
    if agreement.empty:
        return _nothing()
    relative = agreement["greatest_difference"] / agreement["greatest_value"].replace(0, 1)
    left, right = _limits(relative)
    table = agreement.assign(relative=relative, shown=relative.replace(0, left))
    pairs = [pair for _, pair in table.groupby(PAIR, sort=False)]
    sizes = [ROW_HEIGHT * len(pair) + TITLE_HEIGHT for pair in pairs]
    figure = Figure(figsize=(style.WIDTH, 1.5 + sum(sizes)))
    figure.suptitle("Greatest difference")
    grid = figure.subplots(len(pairs), 1, sharex=True, squeeze=False, height_ratios=sizes)[:, 0]
    several = agreement["device"].nunique() > 1
    for axes, pair in zip(grid, pairs, strict=True):
        _draw_pair(axes, pair, several)
    grid[-1].set(xscale="log", xlim=(left, right))
    grid[-1].set_xlabel("greatest difference / greatest value")
    kinds = [KINDS[kind] for kind in KINDS if kind in set(agreement["kind"])]
    handles = [_handle(look.label, color=look.color, marker=look.marker) for look in kinds]
    rounding = _handle("spacing of float32 numbers", color=style.BLACK, linestyle=":")
    style.legend_below(figure, [*handles, rounding])
    return figure


def _limits(relative: pd.Series) -> tuple[float, float]:
    """Give the decades around all differences that are not zero, and one more on the left."""
    positive = [*relative[relative > 0], ROUNDING]
    low, high = np.floor(np.log10(min(positive))), np.ceil(np.log10(max(positive)))
    return 10 ** (low - 1), 10 ** (high + 0.2)


def _draw_pair(axes: Axes, pair: pd.DataFrame, several: bool) -> None:
    """Draw one pair's quantities from top to bottom; name the device where there are several."""
    kind, first, second, device = pair[PAIR].iloc[0]
    look = KINDS[kind]
    places = np.arange(len(pair))
    axes.axvline(ROUNDING, color=style.BLACK, linestyle=":", linewidth=1)
    axes.plot(
        pair["shown"],
        places,
        color=look.color,
        linestyle="",
        marker=look.marker,
        markersize=6,
        clip_on=False,
    )
    for place in places[pair["relative"] == 0]:
        axes.annotate(
            "0",
            (pair["shown"].iloc[place], place),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    where = f", on {device}" if several and kind == "ways" else ""
    axes.set_title(f"{style.human(first)} – {style.human(second)}{where}", fontsize=9)
    axes.set_yticks(places, pair["quantity"])
    axes.set_ylim(len(pair) - 0.5, -0.5)


def _handle(label: str, **look: str) -> Line2D:
    return Line2D([], [], label=label, **{"linestyle": "", **look})


def _nothing() -> Figure:
    figure = Figure(figsize=(style.WIDTH, style.PANEL_HEIGHT / 2))
    figure.suptitle("Greatest difference")
    axes = figure.subplots()
    axes.set_axis_off()
    axes.text(
        0.5,
        0.5,
        "No model was trained both from scratch and concisely,\nand none on more than one device.",
        ha="center",
        va="center",
        transform=axes.transAxes,
    )
    return figure
