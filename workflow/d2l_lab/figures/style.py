"""The common style of all figures: sizes, names, meanings of colours, and saving.

The colours are those of Okabe and Ito, which are distinct in all common forms of colour blindness.
A split of the data has the same colour, line and marker in every figure, so that nothing depends on
colour alone.
"""

from collections.abc import Callable, Iterator, Sequence, Sized
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import LogFormatterSciNotation
from numpy.typing import ArrayLike

from d2l_lab.figures import _marks
from d2l_lab.figures.words import ENGLISH, Words, term
from d2l_lab.tables import embedded
from d2l_lab.training.metrics import METRICS

BLACK = "#000000"
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"

GREY = "#666666"

WIDTH = 7.2  # inches; the width of a web page's text at 100 %
PANEL_HEIGHT = 3.6  # inches, legend included
MOST_BESIDE = 3  # panels
BAND_ALPHA = 0.2
DOTTED, DASHED, DASH_DOTTED = (0, (1, 1.2)), (0, (4, 1.5)), (0, (6, 1.5, 1, 1.5))  # styles of lines
PLAIN = (5e-4, 2e5)  # between these limits, the numbers of a logarithmic axis are short
CROSS = "✗"  # marks what is wrong, in addition to colour

RC = {
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "figure.facecolor": "none",  # pages show figures on a light or dark background
    "figure.titlesize": 12,
    "figure.titleweight": "bold",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 10,
    "axes.facecolor": "none",
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": BLACK,
    "ytick.labelcolor": BLACK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "legend.title_fontsize": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "d2l-lab",
}


@contextmanager
def _style() -> Iterator[None]:
    """Set the project's style on top of matplotlib's defaults, whatever a user has set.

    Setting only what differs takes a hundredth of the time.
    """
    shipped, present = matplotlib.rcParamsDefault, matplotlib.rcParams
    names = present.keys() - {"backend"}  # reading it would load pyplot
    users = {name: shipped[name] for name in names if present[name] != shipped[name]}
    with matplotlib.rc_context(users | RC):
        yield


styled = _style()
"""Make a function draw in the project's style, without changing matplotlib's settings."""


def of_rows(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Make a function `styled`, and refuse to draw empty data.

    It raises ValueError with the argument's name if a table or another collection is empty.
    """

    @styled
    @wraps(draw)
    def checked(*args: Any, **kwargs: Any) -> Figure:
        for name, given in signature(draw).bind(*args, **kwargs).arguments.items():
            if isinstance(given, Sized) and not isinstance(given, str):
                require_rows(given, name)
        return draw(*args, **kwargs)

    return checked


def require_rows(table: Sized, name: str) -> None:
    """Raise ValueError with the table's name if it is empty."""
    if len(table) == 0:
        raise ValueError(f"{name} is empty: there is nothing to draw")


class Look(NamedTuple):
    """The look of one kind of data in all figures."""

    label: str
    color: str
    linestyle: str | tuple[int, tuple[float, ...]]
    marker: str


SPLITS = {
    "train_running": Look("train, during the epoch", SKY_BLUE, DOTTED, "v"),
    "train": Look("train, after the epoch", BLUE, "-", "o"),
    "validation": Look("validation", GREEN, DASH_DOTTED, "D"),
    "test": Look("test", VERMILLION, DASHED, "s"),
}

HALVES = {"train": term("train"), "validation": term("validation"), "test": term("test")}


def new_figure(title: str = "", height: float = PANEL_HEIGHT) -> Figure:
    """Make an empty figure, as wide as the text; `height` is in inches."""
    figure = Figure(figsize=(WIDTH, height))
    if title:
        figure.suptitle(title)
    return figure


def new_panels(
    title: str, metrics: Sequence[str], words: Words = ENGLISH, **options: Any
) -> tuple[Figure, list[Axes]]:
    """Make a figure with a panel for each metric, a few in each row, the first on the left.

    `options` are those of `Figure.subplots`.
    """
    columns = min(len(metrics), MOST_BESIDE)
    rows = -(-len(metrics) // columns)
    figure = new_figure(title, PANEL_HEIGHT * rows)
    panels = [*figure.subplots(rows, columns, squeeze=False, **options).flat]
    for axes, metric in zip(panels, metrics, strict=False):
        axes.set_ylabel(METRICS[metric].labelled(words.language))
    for axes in panels[len(metrics) :]:
        axes.remove()
    return figure, panels[: len(metrics)]


def empty_figure(text: str) -> Figure:
    """Make a figure that says why there is nothing to draw."""
    figure = new_figure(height=1)
    figure.text(0.5, 0.5, text, ha="center", va="center")
    return figure


def draw_line(axes: Axes, look: Look, *points: ArrayLike, **changes: Any) -> Line2D:
    """Draw one line with a look, except for `changes`."""
    (line,) = axes.plot(*points, **look._asdict() | changes)
    return line


def hollow(look: Look) -> dict[str, Any]:
    """Return the arguments for single, hollow marks of a look, which hide nothing."""
    hollow = {"linestyle": "", "markerfacecolor": "none", "markeredgecolor": look.color}
    return hollow | {"label": look.label, "marker": look.marker}


def draw_band(
    axes: Axes, x: ArrayLike, low: ArrayLike, high: ArrayLike, color: str, label: str = ""
) -> None:
    """Shade between two curves."""
    axes.fill_between(x, low, high, label=label, color=color, alpha=BAND_ALPHA, linewidth=0)


def draw_range(axes: Axes, values: pd.DataFrame, color: str, label: str = "") -> None:
    """Shade, over the index, from the lowest to the highest of several columns."""
    if values.shape[1] > 1:
        lowest, highest = values.min(axis="columns"), values.max(axis="columns")
        draw_band(axes, values.index, lowest, highest, color, label)


def draw_intervals(
    axes: Axes,
    summary: pd.DataFrame,
    names: Sequence[str],
    words: Words,
    *,
    label: str = "",
    separator: str,
) -> Any:
    """Draw a row for each mean accuracy with its 95 % interval, and both as numbers.

    The columns of `summary` are mean, ci_low, ci_high and n. Without an interval (NaN), only the
    dot is drawn. Without a mean, the number of diverged replicates from the column diverged is
    shown instead. `separator` separates the numbers of the mean and the interval.
    """
    mean, low, high = (summary[column] for column in ("mean", "ci_low", "ci_high"))
    look = Look(label, SPLITS["test"].color, "", "o")._asdict()
    span, rows = [mean - low, high - mean], np.arange(len(mean))
    drawn = axes.errorbar(mean, rows, xerr=span, markersize=6, capsize=4, **look)
    name_rows(axes, names)
    axes.margins(x=0.1)
    axes.grid(visible=False, axis="y")
    accuracy = METRICS["accuracy"].labelled(words.language)
    axes.set_xlabel(words("test {metric}", metric=accuracy))
    for position, row in enumerate(summary.itertuples()):
        interval = f"{separator}[{row.ci_low:.4f}, {row.ci_high:.4f}]"
        known = "" if np.isnan(row.ci_low) else interval
        said = f"{row.mean:.4f}{known}, n = {row.n:g}"
        if np.isnan(row.mean):
            lost, n = f"{row.diverged:g}", f"{row.n:g}"
            said = words("{lost} of {all} diverged", lost=lost, all=n)
        write_beside(axes, position, said)
    return drawn


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows at y = 0, 1, …, the first on top."""
    axes.set_yticks(np.arange(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)


def write_beside(axes: Axes, row: float, text: str, **look: Any) -> None:
    """Write text to the right of a row."""
    right = axes.get_yaxis_transform()
    axes.text(1.02, row, text, transform=right, va="center", fontsize=9, **look)


def write_at(
    axes: Axes, text: str, point: tuple[float, float], offset: tuple[float, float], **look: Any
) -> None:
    """Write text at a distance, in points, from a point of the data."""
    look = {"fontsize": 9} | look
    axes.annotate(text, point, xytext=offset, textcoords="offset points", **look)


def legend_below(figure: Figure, handles: list, title: str = "", columns: int = 3) -> None:
    """Explain the marks below the panels, where the legend hides no data."""
    figure.legend(
        handles=handles, title=title, ncols=columns, loc="outside lower center", handlelength=3
    )


@styled
def save(figure: Figure, folder: Path, stem: str, dpi: int) -> list[Path]:
    """Write a figure as SVG, with a transparent background and text as text, and as PNG on white.

    The same figure always gives the same bytes: no date, no random identifiers, and a layout that
    is computed once, at the first saving, and then kept.

    Parameters
    ----------
    folder, stem : Path, str
        An existing folder, and the name of the files without suffix.
    dpi : int
        Dots per inch of the PNG.
    """
    svg, png = folder / f"{stem}.svg", folder / f"{stem}.png"
    _lay_out(figure)
    # Use the canvases, since `savefig` would draw each twice.
    _print_svg(figure, svg)
    ground, usual = figure.get_facecolor(), figure.dpi
    figure.set(facecolor="white", dpi=dpi)
    FigureCanvasAgg(figure).print_png(png, metadata={"Software": None})
    figure.set(facecolor=ground, dpi=usual)
    return [svg, png]


def save_as_shapes(figure: Figure, path: Path, font: Path) -> None:
    """Write a figure as SVG with text as shapes, which needs no font.

    Parameters
    ----------
    font : Path
        A font for the letters that the usual one lacks; it has no bold face.
    """
    added = FontProperties(fname=font).get_name()
    if all(known.name != added for known in fontManager.ttflist):
        fontManager.addfont(font)
    families = [RC["font.sans-serif"][0], added]
    for text in figure.findobj(Text):
        text.set(fontfamily=families, fontweight="normal")
    with _style(), matplotlib.rc_context({"font.family": families, "svg.fonttype": "path"}):
        _lay_out(figure)
        _print_svg(figure, path)


def _print_svg(figure: Figure, path: Path) -> None:
    """Write a figure as SVG, with the values of its marks in it.

    They are read once, as the layout is made once: drawn with another resolution, texts are of
    another width.
    """
    if not hasattr(figure, "marks"):
        figure.marks = _marks.read(figure)
    drawn = StringIO()
    FigureCanvasSVG(figure).print_svg(drawn, metadata={"Date": None})
    path.write_text(embedded.embed(drawn.getvalue(), figure.marks), "utf-8")


class _LogNumbers(LogFormatterSciNotation):
    """The numbers of a logarithmic axis: 0.2 where all are short, else powers of ten."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        text = super().__call__(x, pos)
        low, high = sorted(self.axis.get_view_interval())
        return f"{x:g}" if text and PLAIN[0] <= low and high <= PLAIN[1] else text


def _lay_out(figure: Figure) -> None:
    """Compute the layout once, since another would start from this one and differ."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        if type(axis.get_major_formatter()) is LogFormatterSciNotation:
            axis.set_major_formatter(_LogNumbers())
            axis.set_minor_formatter(_LogNumbers())
    if figure.axes:
        figure.get_layout_engine().execute(figure)
    figure.set_layout_engine("none")
