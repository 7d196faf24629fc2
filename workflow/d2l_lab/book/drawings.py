"""Figures as the site has them: the same drawings in fewer bytes."""

import re
from collections import Counter

PATH = re.compile(r'\bd="([^"]*)"')
PLACE = re.compile(r'\b[xy]="[^"]*"|\btranslate\([^)]*\)')  # but not by how much it is scaled
DIGITS = re.compile(r"(\.\d\d)\d+")  # beyond hundredths of a point, which nobody sees
INDENT = re.compile(r"\n +(?=<)")
STYLE = re.compile(r' style="([^"]*)"')


def compact(svg: str) -> str:
    """Write a drawing of Matplotlib in fewer bytes.

    Coordinates have two decimals, and styles that several elements share are rules of a style
    sheet.
    """
    svg = PATH.sub(lambda found: shortened(found[0]).replace("\n", ""), svg)
    svg = PLACE.sub(lambda found: shortened(found[0]), svg)
    return with_sheet(INDENT.sub("\n", svg))


def shortened(coordinates: str) -> str:
    """Cut the digits of coordinates."""
    return DIGITS.sub(r"\g<1>", coordinates)


def with_sheet(svg: str) -> str:
    """Make rules of the styles that several elements share, after the rules that it has."""
    head, end, rest = svg.partition("</style>")
    if not end:
        return svg
    shared = [style for style, count in Counter(STYLE.findall(rest)).items() if count > 1]
    names = {style: f"s{number}" for number, style in enumerate(shared)}
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())
    rest = STYLE.sub(
        lambda found: f' class="{names[found[1]]}"' if found[1] in names else found[0], rest
    )
    return f"{head}{rules}{end}{rest}"
