"""Exercises of the book that the notes are about, in our own words, and their answers.

Each section has a file of them in each language: ``book/exercises/en/3.1.md``. A heading has an
exercise's number and what it asks; below it stands the answer, of paragraphs that are templates
as of `d2l_lab.book.sentences`. An answer that names no finding is an argument, not an experiment.
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
        In its section, such as ``2`` or, of its third part, ``2.3``.
    asks : str
    answer : tuple of str
        Its paragraphs: templates.
    """

    section: str
    number: str
    asks: str
    answer: tuple[str, ...]

    @property
    def findings(self) -> list[str]:
        """The findings that the answer names."""
        return findings_of(" ".join(self.answer))

    @property
    def tables(self) -> list[str]:
        """The tables that the answer rests on."""
        return required_tables(" ".join(self.answer))

    @property
    def templates(self) -> list[str]:
        """The paragraphs that are filled in from tables."""
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
    """List the studies that make some tables; a table that none makes, by its own name."""
    makers = {
        table: path.stem
        for path in sorted(STUDIES.glob("[a-z]*.py"))
        for declared in TABLES.findall(path.read_text("utf-8"))
        for table in ast.literal_eval(declared)
    }
    return list(dict.fromkeys(makers.get(table, table) for table in tables))
