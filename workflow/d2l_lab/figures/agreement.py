"""Compare the results of two implementations, or of two devices (notes 3.3, 3.7 and 4.3)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words

ROW_HEIGHT = 0.24  # inches, of a quantity
TITLE_HEIGHT = 0.4  # inches, of a pair's name
PAIR = ["kind", "first", "second", "device"]
KINDS = {
    "ways": style.Look("two ways of one model", style.BLUE, "", "o"),
    "devices": style.Look("two devices", style.VERMILLION, "", "s"),
}
ROUNDING = 2.0**-23  # the relative distance of neighbouring float32 numbers
SPACING = style.Look("spacing of float32 numbers", style.BLACK, ":", "")


@style.styled
def draw(agreement: pd.DataFrame, *, words: Words = ENGLISH) -> Figure:
    """Draw the greatest difference of each quantity of each pair (notes 3.3, 3.7 and 4.3).

    One panel per pair, one row per quantity: the difference relative to the greatest value, on a
    logarithmic axis. No difference is shown at the left edge as 0, and an unknown one as
    "diverged". Without pairs, the figure says so.

    Parameters
    ----------
    agreement : DataFrame
        Columns kind, first, second, device, quantity, greatest_difference and greatest_value.
    """
    if agreement.empty:
        return style.empty_figure(
            words(
                "No model was trained both from scratch and concisely,\n"
                "and none on more than one device."
            )
        )
    relative = agreement["greatest_difference"] / agreement["greatest_value"].replace(0, 1)
    positive = [*relative[relative > 0], ROUNDING]  # the axis adds a decade on the left for zeros
    left = 10 ** (np.floor(np.log10(min(positive))) - 1)
    right = 10 ** (np.ceil(np.log10(max(positive))) + 0.2)
    table = agreement.assign(relative=relative, shown=relative.replace(0, left).fillna(left))
    pairs = [pair for _, pair in table.groupby(PAIR, sort=False)]
    sizes = [ROW_HEIGHT * len(pair) + TITLE_HEIGHT for pair in pairs]
    figure = style.new_figure(words("Greatest difference"), 1.5 + sum(sizes))
    grid = figure.subplots(len(pairs), 1, sharex=True, squeeze=False, height_ratios=sizes)[:, 0]
    several = agreement["device"].nunique() > 1
    for axes, pair in zip(grid, pairs, strict=True):
        _draw_pair(axes, pair, several, words)
    grid[-1].set(xscale="log", xlim=(left, right))
    grid[-1].set_xlabel(words("greatest difference / greatest value"))
    looks = [look for kind, look in KINDS.items() if kind in set(agreement["kind"])]
    shown = map(words.look, (*looks, SPACING))
    style.legend_below(figure, [Line2D([], [], **look._asdict()) for look in shown])
    return figure


def _draw_pair(axes: Axes, pair: pd.DataFrame, several: bool, words: Words) -> None:
    """Draw one pair's quantities from top to bottom; name the device if there are several."""
    kind, first, second, device = pair[PAIR].iloc[0]
    look = KINDS[kind]
    positions = np.arange(len(pair))
    axes.axvline(ROUNDING, color=style.BLACK, linestyle=":", linewidth=1)
    shown, is_unknown = pair["shown"], pair["relative"].isna()
    style.draw_line(
        axes, look, shown.mask(is_unknown), positions, label="", markersize=6, clip_on=False
    )
    for text, where in (("0", pair["relative"] == 0), (words("diverged"), is_unknown)):
        for position in positions[where]:
            style.write_at(axes, text, (shown.iloc[position], position), (7, 0), va="center")
    title = f"{words.name(first)} – {words.name(second)}"
    if several and kind == "ways":
        title = words("{pair}, on {device}", pair=title, device=device)
    axes.set_title(title, fontsize=9)
    style.name_rows(axes, [words.label(quantity) for quantity in pair["quantity"]])
