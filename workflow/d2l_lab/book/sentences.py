"""Fill in sentences about results, written as Jinja templates, from the tables.

Statements about results are not fixed text: their numbers, and choices between statements, come
from the tables of the run. A sentence that depends on something that was not run is left out.
"""

import math
import re
from collections.abc import Iterable, Mapping
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
# The same holds after full-width punctuation, except before a list or a formula.
PUNCTUATED_BREAK = re.compile(
    r"(?<=[\u3001-\u303f\uff01-\uff5e])\n *(?!- |\* |\d+\. |[#>|]|\$\$|```)(?=[^\s])"
)
BLANKS = re.compile(r"[ \n]+")  # except non-breaking spaces
CHINESE_SPACE = re.compile(rf"(?<={CHINESE}) (?={CHINESE})")
FULL_WIDTH = re.compile(
    r" ?([\u3001-\u303f\uff01-\uff5e]) ?"
)  # punctuation, without spaces around it
PERCENT = "\u202f%"  # with a narrow space, in Chinese without
PLAIN_DIGITS = (1e-3, 1e4)  # the range of numbers written without a power of ten


def number(value: float, digits: int = 3) -> str:
    """Format a number with a few digits, and a power of ten if it is very large or small."""
    if not math.isfinite(value) or value == 0:
        return f"{value + 0.0:g}"
    smallest, greatest = PLAIN_DIGITS
    if smallest <= abs(value) < greatest:
        places = digits - 1 - math.floor(math.log10(abs(value)))
        return f"{round(value, places):.{max(places, 0)}f}"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa}{numbers.power_of_ten(int(exponent))}"


def plain(value: float) -> str:
    """Format a setting, such as 0.1 or 3."""
    return f"{value:g}"


def percent(share: float, digits: int = 1) -> str:
    """Format a share in percent."""
    return f"{100 * share:.{digits}f}{PERCENT}"


def points(difference: float) -> str:
    """Write a difference of two shares in percentage points."""
    return f"{100 * difference:.1f}"


def interval(row: Mapping[str, float]) -> str:
    """Format a mean ± half the width of its interval."""
    return numbers.with_interval(row["mean"], row["low"], row["high"])


def interval_points(row: Mapping[str, float]) -> str:
    """Format a difference of two shares in percentage points ± half the width of its interval."""
    return numbers.with_interval(*(100 * row[end] for end in ("mean", "low", "high")))


def tabled(rows: Iterable[tuple[str, str]], *header: str) -> str:
    """Write a small table of cases and what was measured; a case may fill several columns."""
    head = "".join(f'<th scope="col">{title}</th>' for title in header)
    parts = ((*case.split(", ", len(header) - 2), measured) for case, measured in rows)
    body = "".join(f"<tr>{''.join(f'<td>{part}</td>' for part in row)}</tr>" for row in parts)
    return f'<table class="small"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


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
    "interval_points": interval_points,
    "tabled": tabled,
}


def fill_in(text: str, folder: Path, names: Mapping[str, str] | None = None) -> str:
    """Fill in a text from tables.

    Parameters
    ----------
    text : str
        A Markdown template, indented or not.
    folder : Path
        The folder of the tables, as CSV.
    names : mapping of str, optional
        The names of data in the language of the text: ``name_of(best.name)``.

    Returns
    -------
    str
        The text; empty if it depends on something that was not run.
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
    """Join a paragraph in one line, with spaces according to the language."""
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
