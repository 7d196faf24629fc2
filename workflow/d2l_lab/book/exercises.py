"""The exercises of the book behind the notes, in our own words, and their answers.

Each section has a file in each language: ``book/exercises/en/3.1.md``. A heading has an exercise's
number and question; below it is the answer, in paragraphs that are templates of
`d2l_lab.book.sentences`. An answer that uses no finding is an argument, not an experiment.
"""

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from d2l_lab.book.finding_tables import findings_of, required_tables
from d2l_lab.book.sources import BOOK
from d2l_lab.store.code import ROOT

FOLDER = BOOK / "exercises"
STUDIES = ROOT / "d2l_lab" / "studies"
TABLES = re.compile(r"^TABLES = (\(.+?\))$", re.MULTILINE)
LANGUAGES = ("en", "zh")
HEADING = re.compile(r"^## (?P<number>\S+): (?P<asks>.+)\n", re.MULTILINE)


class Exercise(NamedTuple):
    """An exercise and its answer.

    Parameters
    ----------
    section : str
    number : str
        Its number in the section, such as ``2``, or ``2.3`` for its third part.
    asks : str
    answer : tuple of str
        Its paragraphs, which are templates.
    """

    section: str
    number: str
    asks: str
    answer: tuple[str, ...]

    @property
    def findings(self) -> list[str]:
        """The findings that the answer uses."""
        return findings_of(" ".join(self.answer))

    @property
    def tables(self) -> list[str]:
        """The tables that the answer uses."""
        return required_tables(" ".join(self.answer))

    @property
    def templates(self) -> list[str]:
        """The paragraphs that use tables."""
        return [paragraph for paragraph in self.answer if findings_of(paragraph)]


def exercises_file(section: str, language: str) -> Path:
    """Return the file with the exercises of a section."""
    return FOLDER / language / f"{section}.md"


def exercises(section: str, language: str) -> list[Exercise]:
    """Read the exercises of a section in a language."""
    text = exercises_file(section, language).read_text("utf-8")
    found = [*HEADING.finditer(text)]
    ends = [heading.start() for heading in found[1:]] + [len(text)]
    return [
        Exercise(section, heading["number"], heading["asks"], tuple(paragraphs))
        for heading, end in zip(found, ends, strict=True)
        for paragraphs in [text[heading.end() : end].strip().split("\n\n")]
    ]


def studies_of(tables: Iterable[str]) -> list[str]:
    """List the studies that make some tables; a table from no study is listed by its own name."""
    makers = {
        table: path.stem
        for path in sorted(STUDIES.glob("[a-z]*.py"))
        for declared in TABLES.findall(path.read_text("utf-8"))
        for table in ast.literal_eval(declared)
    }
    return list(dict.fromkeys(makers.get(table, table) for table in tables))
