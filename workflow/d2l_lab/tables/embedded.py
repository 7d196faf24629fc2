"""The marks of a figure within its SVG, which no viewer shows: how they get there, and out."""

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
    """Take the marks out of an SVG: what is left of it, and the marks as JSON, or nothing."""
    found = ELEMENT.search(svg)
    return (ELEMENT.sub("", svg), unescape(found[1])) if found else (svg, "")
