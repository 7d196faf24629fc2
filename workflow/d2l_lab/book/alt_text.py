"""Describe figures in words for readers who cannot see them, from the figures' own SVG."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from xml.etree import ElementTree

from d2l_lab.book.sentences import joined

GROUP, TEXT = "{http://www.w3.org/2000/svg}g", "{http://www.w3.org/2000/svg}text"
TICK = re.compile(r"[xy]tick")
PANELS = 6  # the most panels described; a figure with more is a grid of images
TEXTS = 12  # the most texts described in a panel
NUMBER = re.compile(r"[\d\s.,%+\-−–×]*")
# As Matplotlib notes a power of ten beside its shape.
POWER = re.compile(r"\$\\mathdefault\{[^$]*\}\$")
NAMED = re.compile(r".+[:：].+")  # a line that says what it is, such as ``true: bag``


def describe(svg: str, words: Mapping[str, str]) -> str:
    """Describe a figure: its title, the axes and texts of each panel, and the legend.

    Parameters
    ----------
    svg : str
        An SVG by Matplotlib, with text as text, or as shapes with the text in a comment.
    words : mapping
        Templates under the keys ``alt …``.
    """
    builder = ElementTree.TreeBuilder(insert_comments=True)
    parser = ElementTree.XMLParser(target=builder)  # noqa: S314 -- it is the project's own figure
    root = ElementTree.fromstring(svg, parser)  # noqa: S314
    figure = next((group for group in root.iter(GROUP) if _is(group, "figure")), root)
    told = [*_own_texts(figure, words)]
    panels = [group for group in figure.iter(GROUP) if _is(group, "axes")]
    for number, panel in enumerate(panels[:PANELS], 1):
        parts = [*_panel(panel, words)]
        if parts:
            begin = words["alt panel"].format(number=number) if len(panels) > 1 else ""
            told.append(begin + words["alt comma"].join(parts))
    if len(panels) > PANELS:
        told.append(words["alt more"].format(number=len(panels) - PANELS))
    legends = [group for group in figure.iter(GROUP) if _is(group, "legend")]
    if shown := [text for legend in legends for text in _texts(legend)]:
        told.append(words["alt legend"].format(entries=words["alt comma"].join(shown)))
    return words["alt stop"].join([*dict.fromkeys(told), ""]).strip()


def _panel(panel: ElementTree.Element, words: Mapping[str, str]) -> Iterator[str]:
    """Describe the texts of a panel: its title, its axes, and the texts inside it."""
    yield from list(dict.fromkeys(_own_texts(panel, words)))[:TEXTS]
    for name, axis in zip(("alt x", "alt y"), _groups(panel, "matplotlib.axis"), strict=False):
        label = " ".join(_own_texts(axis, words))
        ticks = [joined(" ".join(_texts(tick))) for tick in axis if TICK.match(tick.get("id", ""))]
        named = [text for text in ticks if not NUMBER.fullmatch(POWER.sub("", text))]
        if text := label or words["alt comma"].join(named[:TEXTS]):
            yield words[name].format(label=text)


def _own_texts(group: ElementTree.Element, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the texts of a group that are outside of its panels, axes and legends.

    The lines of a text are joined.
    """
    for child in _groups(group, "text"):
        lines = [*_lines(child)]
        between = words["alt comma"] if all(map(NAMED.fullmatch, lines)) else " "
        text = joined(between.join(lines))
        if not NUMBER.fullmatch(text):
            yield text


def _groups(group: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [child for child in group.findall(GROUP) if _is(child, kind)]


def _is(group: ElementTree.Element, kind: str) -> bool:
    """Return whether a group is of a kind, from its identifier such as ``axes_1``."""
    return group.get("id", "").rpartition("_")[0] == kind


def _texts(group: ElementTree.Element) -> Iterator[str]:
    """Yield the texts of a group: those of elements, or the comments above shapes."""
    for element in group.iter(TEXT):
        if said := " ".join("".join(element.itertext()).split()):
            yield said
    for comment in group.iter(ElementTree.Comment):
        yield " ".join(unescape(comment.text).split())


def _lines(group: ElementTree.Element) -> Iterator[str]:
    """Yield the lines of a group's texts, as `_texts` finds them."""
    yield from (said for element in group.iter(TEXT) if (said := "".join(element.itertext())))
    for comment in group.iter(ElementTree.Comment):
        yield from filter(None, map(str.strip, unescape(comment.text).splitlines()))
