"""Read curves, bands, points and bars from a figure, in units of their axes.

The figures of the book respond to pointer and keyboard. The values for that are read from the drawn
figure, so figures' modules need no code for it: everything that Matplotlib draws by `plot`,
`fill_between`, `errorbar`, `scatter`, `bar` and `axhline` can be read.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import FillBetweenPolyCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, FuncFormatter
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

SCALES = ("linear", "log")  # scales of axes; panels with others cannot be read
DIGITS = 5  # significant digits of a value
PLACES = 2  # decimals of a position on the page, in points
POINTS = 72  # points per inch
AROUND = [(-6, -6), (4, 3)]  # margins of a panel in points: left and below, right and above
WIDER = 3  # points by which a browser may draw a number wider, on either side
COLUMNS = {"x", "y", "low", "high"}  # the parts of a mark with values
NO_MARKER = ("None", "none", " ", "", None)


def read(figure: Figure) -> dict[str, Any]:
    """Read the marks of a figure after its layout.

    Returns
    -------
    dict
        size : list of 2 floats
            Width and height, in points. Every position on the page is in points, from the top left.
        columns : list of lists
            Values, or None for missing ones. Panels refer to columns by number, so that curves
            can share them.
        panels : list of dict
            The panels with marks; see `_read_panel`.
    """
    size = figure.get_size_inches() * POINTS
    panels = [
        _read_panel(axes, size)
        for axes in figure.axes
        if {axes.get_xscale(), axes.get_yscale()} <= {*SCALES} and axes.axison
    ]
    shown = [panel for panel in panels if panel["series"]]
    columns: list[list] = []
    for panel in shown:
        for mark in (*panel["series"], *panel["bands"]):
            for name in sorted(COLUMNS & mark.keys()):
                if mark[name] not in columns:
                    columns.append(mark[name])
                mark[name] = columns.index(mark[name])
    extent = [round(float(length), PLACES) for length in size]
    return {"size": extent, "columns": columns, "panels": shown}


def _read_panel(axes: Axes, size: np.ndarray) -> dict[str, Any]:
    """Read one panel.

    Returns
    -------
    dict
        title : str
        box : list of 4 floats
            Left, top, right and bottom.
        hole : list of 4 floats
            The box with the numbers at its axes, which change when the panel is enlarged.
        x, y : dict
            See `_read_axis`.
        above : list of dict
            Further axes above the panel: the `limits` of each, of which what lies between changes
            evenly with x.
        series : list of dict
            Values and style of each curve, or set of points or bars: x and y, and low and high of
            a band or an interval along `along`. Without x or y it is a line across the panel.
        bands : list of dict
            The shaded areas: x, low and high.
        texts : list of dict
            The texts within the panel.
        whole : bool
            Whether the panel has nothing else, so that it can be redrawn from these.
    """
    reader = _Reader(axes)
    reader.read()
    inner = Bbox(axes.get_position().get_points() * size)
    around = Bbox(inner.get_points() + np.array(AROUND))  # ticks, and markers on the edge
    extents = [
        Bbox(label.get_window_extent().get_points() / axes.figure.dpi * POINTS).padded(WIDER)
        for axis in (axes.xaxis, axes.yaxis, *(child.xaxis for child in axes.child_axes))
        if not _has_names(axis)
        for label in _numbers(axis)
    ]
    return {
        "title": _one_line(axes.get_title(loc="left") or axes.get_title()),
        "box": _from_top(inner, size),
        "hole": _from_top(Bbox.union([around, *extents]), size),
        "x": _read_axis(axes, "x"),
        "y": _read_axis(axes, "y"),
        "above": [{"limits": [*map(float, child.get_xlim())]} for child in axes.child_axes],
        "series": reader.series,
        "bands": reader.bands,
        "texts": reader.texts,
        "whole": reader.whole,
    }


def _read_axis(axes: Axes, name: str) -> dict[str, Any]:
    """Read one axis: its label, scale, limits, names, and the number of those that share it."""
    siblings = axes._shared_axes[name].get_siblings(axes)  # -- one name for both directions
    together = [each for each in axes.figure.axes if each in siblings]
    beside = [each for each in axes.figure.axes if _extent(each, name) == _extent(axes, name)]
    axis: Axis = axes._axis_map[name]
    labels = (each._axis_map[name].get_label_text() for each in (axes, *together, *beside))
    limits = [float(limit) for limit in axis.get_view_interval()]
    found = {
        "label": _one_line(next(filter(None, labels), "")),
        "scale": axis.get_scale(),
        "limits": limits[::-1] if axis.get_inverted() else limits,
        "share": axes.figure.axes.index(together[0]),
        "numbered": any(_numbers(axis)),
        "grid": axis.get_tick_params()["gridOn"],
    }
    if _has_names(axis):
        places = axis.get_majorticklocs()
        names = map(_one_line, axis.get_major_formatter().format_ticks(places))
        found["names"] = [*zip(_rounded(places), names, strict=True)]
    return found


def _extent(axes: Axes, name: str) -> tuple[float, float]:
    """Return the ends of an axis; they are equal for panels in a row or column."""
    box = axes.get_position()
    return tuple(np.round(box.intervalx if name == "x" else box.intervaly, 4).tolist())


def _has_names(axis: Axis) -> bool:
    """Return whether an axis has named rows or columns."""
    formatter = axis.get_major_formatter()
    return axis.get_scale() == "linear" and isinstance(formatter, (FuncFormatter, FixedFormatter))


def _numbers(axis: Axis) -> Iterator[Text]:
    """Yield the texts at an axis."""
    lowest, highest = sorted(axis.get_view_interval())
    for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
        for label in (tick.label1, tick.label2):
            if label.get_visible() and label.get_text() and lowest <= tick.get_loc() <= highest:
                yield label


class _Reader:
    """Reads the artists of one panel."""

    def __init__(self, axes: Axes):
        self.axes = axes
        self.series: list[dict[str, Any]] = []
        self.bands: list[dict[str, Any]] = []
        self.texts: list[dict[str, Any]] = []
        self.whole = True
        self._done: set[Artist] = set()

    def read(self) -> None:
        for container in self.axes.containers:
            if isinstance(container, ErrorbarContainer):
                self._read_errorbar(container)
            elif isinstance(container, BarContainer):
                self._read_bars(container)
        for band in self._left(self.axes.collections, FillBetweenPolyCollection):
            self._read_band(band)
        for line in self._left(self.axes.lines, Line2D):
            self._read_line(line)
        for points in self._left(self.axes.collections, PathCollection):
            self._read_points(points)
        for text in self._left(self.axes.texts, Text):
            self._read_text(text)
        drawn = (*self.axes.lines, *self.axes.collections, *self.axes.patches, *self.axes.images)
        self.whole = {*drawn} <= self._done

    def _left(self, artists: Iterable[Artist], kind: type) -> Iterator[Any]:
        """Yield the artists of a kind that have not been read yet, and mark them as read."""
        for artist in artists:
            if isinstance(artist, kind) and artist not in self._done:
                self._done.add(artist)
                if artist.get_visible():
                    yield artist

    def _read_line(self, line: Line2D) -> None:
        across = line.get_transform() != self.axes.transData
        x, y = (np.asarray(values, float) for values in line.get_data(orig=False))
        look = _look_of_line(line)
        if across:  # by axvline or axhline
            place = {"x": _rounded(x[:1])} if x[0] == x[-1] else {"y": _rounded(y[:1])}
            self.series.append(look | place)
            return
        band = self._band_of(line, x)
        self.series.append(look | {"x": _rounded(x), "y": _rounded(y)} | band)

    def _band_of(self, line: Line2D, x: np.ndarray) -> dict[str, Any]:
        """Return the ends of the band around a line, if there is one."""
        if line.get_linestyle() == "None":
            return {}
        for band in self.bands:
            if band["color"] == to_hex(line.get_color()) and band["x"] == _rounded(x):
                return {"low": band["low"], "high": band["high"], "along": "y"}
        return {}

    def _read_band(self, band: FillBetweenPolyCollection) -> None:
        (path,) = band.get_paths()
        count = (len(path.vertices) - 3) // 2  # forward and back; plus start, turn and end
        there, back = path.vertices[1 : count + 1], path.vertices[count + 2 : -1][::-1]
        x, ends = there[:, 0], np.sort([there[:, 1], back[:, 1]], axis=0)
        found = {"color": to_hex(band.get_facecolor()[0]), "alpha": band.get_alpha()}
        found |= {"x": _rounded(x), "low": _rounded(ends[0]), "high": _rounded(ends[1])}
        self.bands.append(found)

    def _read_points(self, points: PathCollection) -> None:
        x, y = np.ma.filled(points.get_offsets().astype(float), np.nan).T
        radius = round(float(np.sqrt(points.get_sizes()[0])) / 2, PLACES)
        color = to_hex(points.get_facecolor()[0])
        found = {"label": _label(points), "color": color, "alpha": points.get_alpha()}
        found |= {"x": _rounded(x), "y": _rounded(y)}
        self.series.append(found | {"marker": {"radius": radius, "fill": color}})

    def _read_errorbar(self, container: ErrorbarContainer) -> None:
        line, caps, bars = container.lines
        self._done.update([*caps, *bars, *([line] if line else [])])
        missing = np.full((2, 2), np.nan)  # an unknown interval is a segment without points
        drawn = bars[0].get_segments()
        segments = np.array([each if np.shape(each) == (2, 2) else missing for each in drawn])
        along = "x" if container.has_xerr else "y"
        ends = segments[:, :, "xy".index(along)]
        middle = segments.mean(axis=1)
        x, y = line.get_data(orig=False) if line else middle.T
        color = to_hex(bars[0].get_color()[0])
        look = _look_of_line(line) if line else {}
        look |= {"label": _label(container), "color": color, "width": bars[0].get_linewidth()[0]}
        look |= {"x": _rounded(x), "y": _rounded(y), "along": along}
        look |= {"low": _rounded(ends.min(axis=1)), "high": _rounded(ends.max(axis=1))}
        self.series.append(look | {"bars": "interval", "dash": None, "line": False})

    def _read_bars(self, container: BarContainer) -> None:
        self._done.update(container.patches)
        boxes = [patch.get_bbox() for patch in container.patches if isinstance(patch, Rectangle)]
        if not boxes:
            return
        corners = np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes])
        middle = (corners[:, :2] + corners[:, 2:]) / 2
        is_upright = container.orientation == "vertical"
        x, y = (middle[:, 0], corners[:, 3]) if is_upright else (corners[:, 2], middle[:, 1])
        first = container.patches[0]
        color, hatch = to_hex(first.get_facecolor()), first.get_hatch()
        found = {"label": _label(container), "color": color, "hatch": hatch, "line": False}
        found |= {"x": _rounded(x), "y": _rounded(y), "bars": [_rounded(box) for box in corners]}
        self.series.append(found)

    def _read_text(self, text: Text) -> None:
        shift = (0.0, 0.0)
        if isinstance(text, Annotation):
            place, shift = text.xy, text.get_position()
        elif text.get_transform() == self.axes.transData:
            place = text.get_position()
        else:
            return
        found = {"text": text.get_text().split("\n"), "at": _rounded(place), "shift": [*shift]}
        found |= {"color": to_hex(text.get_color()), "size": text.get_fontsize()}
        self.texts.append(found | {"ha": text.get_ha(), "va": text.get_va()})


def _look_of_line(line: Line2D) -> dict[str, Any]:
    """Return the style of a line: colour, width, dashes and markers."""
    is_drawn = line.get_linestyle() not in ("None", "none", " ", "")
    look = {"label": _label(line), "color": to_hex(line.get_color()), "alpha": line.get_alpha()}
    look |= {"line": is_drawn, "width": line.get_linewidth(), "dash": None}
    if is_drawn and line.is_dashed():
        look["dash"] = [round(float(each), PLACES) for each in line._dash_pattern[1]]
    if line.get_marker() not in NO_MARKER:
        look["marker"] = _marker(line)
    return look


def _marker(line: Line2D) -> dict[str, Any]:
    """Return the shape of a line's markers, in points around their middle, and their colours."""
    every, fill = line.get_markevery(), line.get_markerfacecolor()
    found = {
        "fill": None if isinstance(fill, str) and fill == "none" else to_hex(fill),
        "edge": to_hex(line.get_markeredgecolor()),
        "width": line.get_markeredgewidth(),
        "every": int(every) if every else 1,
    }
    size = line.get_markersize()
    if line.get_marker() == "o":
        return found | {"radius": size / 2}
    style = line._marker
    shape = style.get_path().transformed(style.get_transform().scale(size, -size))
    return found | {"path": _as_svg(shape)}


def _as_svg(path: Path) -> str:
    """Write a path of straight lines as SVG does."""
    parts = []
    for points, code in path.iter_segments(curves=False):
        if code == Path.CLOSEPOLY:
            parts.append("Z")
        else:
            parts.append(
                ("M" if code == Path.MOVETO else "L") + " ".join(f"{each:.2f}" for each in points)
            )
    return "".join(parts)


def _label(artist: Any) -> str:
    """Return the legend's label of an artist, if it has one."""
    label = str(artist.get_label() or "")
    return "" if label.startswith("_") else _one_line(label)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _from_top(box: Bbox, size: np.ndarray) -> list[float]:
    """Return left, top, right and bottom of a box whose origin is at the bottom."""
    edges = (box.x0, size[1] - box.y1, box.x1, size[1] - box.y0)
    return [round(float(edge), PLACES) for edge in edges]


def _rounded(values: ArrayLike) -> list[float | None]:
    """Round to the digits that are shown; values that are not finite become missing."""
    return [
        float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None
        for value in np.asarray(values, float).tolist()
    ]
