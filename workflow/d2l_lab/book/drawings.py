"""Write figures for the site: the same drawings in fewer bytes."""

import re
from collections import Counter

PATH = re.compile(r'\bd="([^"]*)"')
PLACE = re.compile(r'\b[xy]="[^"]*"|\btranslate\([^)]*\)')  # except in scale factors
DIGITS = re.compile(r"(\.\d\d)\d+")  # digits beyond hundredths of a point, which are invisible
INDENT = re.compile(r"\n +(?=<)")
STYLE = re.compile(r' style="([^"]*)"')


def compact(svg: str) -> str:
    """Write a drawing by Matplotlib in fewer bytes.

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
    """Turn styles that several elements share into rules, after the existing rules."""
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
