"""The words of the book that are not written in its pages, in each of its languages."""

from collections.abc import Iterable

import yaml

from d2l_lab.book.sources import WORDS_FOLDER

WORDS = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted(WORDS_FOLDER.glob("*.yaml"))
}


def heads(columns: Iterable[str], language: str) -> list[str]:
    """Name the columns of a table as in a language; those that it does not know keep their name."""
    known = WORDS[language]["columns"]
    return [known.get(column, column) for column in columns]
