"""Sentences that tell what was measured: templates of Jinja, filled in from the tables.

What a page says of the data is no plain text: its numbers, and which of two things it says, come
from the tables of the run. If what a sentence depends on was not run, the sentence is left out.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from d2l_lab.book import numbers
from d2l_lab.book.finding_tables import TABLES, findings_of
from d2l_lab.book.findings import FINDINGS, NotMeasuredError
from d2l_lab.tables import files

# A line break between Chinese characters would become a space between them.
CHINESE = r"[\u3000-\u9fff\uff00-\uffef]"
CHINESE_BREAK = re.compile(rf"(?<={CHINESE})\n *(?={CHINESE})")
# So would one behind punctuation that has its own width; but a list or a formula stays apart.
PUNCTUATED_BREAK = re.compile(
    r"(?<=[\u3001-\u303f\uff01-\uff5e])\n *(?!- |\* |\d+\. |[#>|]|\$\$|```)(?=[^\s])"
)
BLANKS = re.compile(r"[ \n]+")  # but no space at which no line may break
CHINESE_SPACE = re.compile(rf"(?<={CHINESE}) (?={CHINESE})")
FULL_WIDTH = re.compile(
    r" ?([\u3001-\u303f\uff01-\uff5e]) ?"
)  # punctuation, without spaces about it
PERCENT = "\u202f%"  # with a narrow space, in Chinese without
PLAIN_DIGITS = (1e-3, 1e4)  # the sizes of numbers that are written without a power of ten


def number(value: float, digits: int = 3) -> str:
    """Write a number with a few digits, and a power of ten if it is very large or small."""
    if not math.isfinite(value) or value == 0:
        return f"{value + 0.0:g}"
    smallest, greatest = PLAIN_DIGITS
    if smallest <= abs(value) < greatest:
        places = digits - 1 - math.floor(math.log10(abs(value)))
        return f"{round(value, places):.{max(places, 0)}f}"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa}{numbers.power_of_ten(int(exponent))}"


def plain(value: float) -> str:
    """Write a setting: 0.1, 3."""
    return f"{value:g}"


def percent(share: float, digits: int = 1) -> str:
    """Write a share in percent."""
    return f"{100 * share:.{digits}f}{PERCENT}"


def points(difference: float) -> str:
    """Write a difference of two shares in percentage points."""
    return f"{100 * difference:.1f}"


def interval(row: Mapping[str, float]) -> str:
    """Write a mean with half the width of its interval."""
    return numbers.with_interval(row["mean"], row["low"], row["high"])


ENVIRONMENT = Environment(
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 -- it is Markdown
)
ENVIRONMENT.filters |= {
    "number": number,
    "plain": plain,
    "percent": percent,
    "points": points,
    "interval": interval,
}


def fill_in(text: str, folder: Path, names: Mapping[str, str] | None = None) -> str:
    """Fill in a text from tables.

    Parameters
    ----------
    text : str
        A template of Markdown, indented or not.
    folder : Path
        Holds the tables, as CSV.
    names : mapping of str, optional
        What names of the data are called in the language of the text: ``name_of(best.name)``.

    Returns
    -------
    str
        Empty if it depends on what was not run.
    """
    try:
        found = {name: _find(name, folder) for name in findings_of(text)}
    except NotMeasuredError:
        return ""
    known = names or {}
    return joined(
        ENVIRONMENT.from_string(text).render(found, name_of=lambda name: known.get(name, name))
    )


def joined(text: str) -> str:
    """Write a paragraph on one line, with spaces as each language sets them."""
    text = CHINESE_SPACE.sub("", BLANKS.sub(" ", text.strip()))
    text = FULL_WIDTH.sub(r"\1", text)
    if re.search(CHINESE, text):
        text = text.replace(PERCENT, "%")
    return re.sub(r" ([.,;:)])", r"\1", text)


def _find(name: str, folder: Path) -> Any:
    paths = [folder / f"{table}.csv" for table in TABLES[name]]
    if not all(path.exists() for path in paths):
        raise NotMeasuredError(name)
    return FINDINGS[name](*map(files.read, paths))
