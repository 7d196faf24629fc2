"""Write published numbers for their page: the printed number, ours, and the verdict."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from d2l_lab.book import numbers
from d2l_lab.book.words import PARTED

TABLES = ("published", "published_sources")
HEADS = ("quantity", "number", "verdict", "single", "ours", "author")
TRUTH = "true - "
JUDGED = ("within", "below", "above")
LONG = 12  # characters: all digits of a double are of no use on the page


def sections(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each section of the notes with its published numbers, in the order of the table."""
    yield from table.groupby("section", sort=False)


def cells(
    row: Any, words: Mapping[str, Any], measure: Callable[[str], str]
) -> tuple[str, str, str, str, str]:
    """Describe a published number: its quantity and value, the verdict, our single run, our mean.

    Parameters
    ----------
    row : named tuple
        The number's row in the table of published numbers.
    words : mapping
        The words of the book.
    measure : callable
        Returns the name of a metric, such as test_accuracy.
    """
    if row.factor != 1:
        name = words["printed averaged"].format(quantity=measure(row.quantity))
    elif row.quantity.startswith(TRUTH):
        name = words["printed error"].format(parameter=row.quantity.removeprefix(TRUTH))
    else:
        is_parameter = row.quantity == "b" or row.quantity.startswith("w[")
        name = row.quantity if is_parameter else measure(row.quantity)
    name = words["printed after"].format(quantity=name, epochs=row.epoch)
    ours = numbers.with_interval(row.mean, row.ci_low, row.ci_high)
    _, single = numbers.measured(row.mean, row.low, row.high)
    printed = row.published
    if len(printed) > LONG:
        printed = numbers.rounded(float(printed), 8)
    return name, printed, verdict(row, words), single, ours


def verdict(row: Any, words: Mapping[str, Any]) -> str:
    """Describe the verdict, with its reason if there is one."""
    text = words[f"printed {row.verdict}"]
    if isinstance(row.reason, str) and row.reason:
        reasons = [words["printed reasons"].get(each, each) for each in row.reason.split(PARTED)]
        text += words["colon"] + words["list separator"].join(reasons)
    return text
