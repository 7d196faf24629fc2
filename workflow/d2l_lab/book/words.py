"""The words of the book outside its pages, in each language."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import yaml

from d2l_lab.book.sources import WORDS_FOLDER

PARTED = "; "  # separates several words of a value
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times as fast


class _Words(dict[str, dict[str, Any]]):
    """The words by language; a file is read when its words are needed, after the run's checks."""

    def __missing__(self, language: str) -> dict[str, Any]:
        self[language] = LOADER((WORDS_FOLDER / f"{language}.yaml").read_bytes()).get_single_data()
        return self[language]


WORDS = _Words()


def heads(columns: Iterable[str], language: str) -> list[str]:
    """Translate the columns of a table; unknown ones keep their names."""
    known = WORDS[language]["columns"]
    return [known.get(column, column) for column in columns]


def translated(table: pd.DataFrame, language: str) -> pd.DataFrame:
    """Translate the values of a table's columns that contain words; leave all others."""
    said, parted = {}, WORDS[language]["parted"]
    for column, words in WORDS[language]["values"].items():
        if column in table and not pd.api.types.is_numeric_dtype(table[column]):
            said[column] = [_translated(value, words, parted) for value in table[column]]
    return table.assign(**said)


def _translated(value: Any, words: Mapping[str, str], parted: str) -> Any:
    """Translate a value, or its parts if all are known."""
    parts = value.split(PARTED) if isinstance(value, str) else [value]
    known = len(parts) > 1 and all(part in words for part in parts)
    return parted.join(map(words.get, parts)) if known else words.get(value, value)
