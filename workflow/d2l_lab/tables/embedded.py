"""Write the marks of a figure into its SVG, invisibly, and read them from it."""

import json
import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

ELEMENT = re.compile(r'<metadata id="marks">(.*?)</metadata>\n', re.DOTALL)


def embed(svg: str, marks: Mapping[str, Any]) -> str:
    """Write the marks of a figure, if it has any, into its SVG."""
    if not marks["panels"]:
        return svg
    text = json.dumps(
        marks, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=float
    )
    drawn, end, rest = svg.rpartition("</svg>")
    return f'{drawn}<metadata id="marks">{escape(text, quote=False)}</metadata>\n{end}{rest}'


def split(svg: str) -> tuple[str, str]:
    """Return an SVG without its marks, and the marks as JSON, or an empty text if it has none."""
    found = ELEMENT.search(svg)
    return (ELEMENT.sub("", svg), unescape(found[1])) if found else (svg, "")
