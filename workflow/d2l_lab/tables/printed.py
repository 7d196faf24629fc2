"""The published numbers as printed; it imports only YAML, since every run reads it."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from d2l_lab.errors import LabError

FILE = Path(__file__).with_name("published.yaml")
STUDY = "redrawn"  # it draws a dataset for each replicate
TABLES = ("published", "published_sources")

Document = Mapping[str, Any]


def read(file: Path = FILE) -> Document:
    """Read a file of YAML, by default the published numbers; raise `LabError` if it is not YAML."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, if present
    try:
        return loader(file.read_bytes()).get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LabError(f"{file}: line {line}: {error.problem}; fix the YAML there") from None


def digest(file: Path = FILE) -> str:
    """Return the SHA-256 of the published numbers."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def contradictions(document: Document) -> Iterator[tuple[str, str]]:
    """Find what a schema cannot: unknown names, and numbers that are in no quotation."""
    for index, run in enumerate(document["runs"]):
        for key, known in (("source", document["sources"]), ("data", document["data"])):
            if run[key] not in known:
                names = ", ".join(known)
                yield f"runs[{index}].{key}", f"{run[key]} is not one of {names}; give one of these"
        for number, printed in enumerate(run["numbers"]):
            if quotation(run, printed["value"]) is None:
                place = f"runs[{index}].numbers[{number}].value"
                yield place, f"{printed['value']} is in no quotation; quote what was printed"


def quotation(run: Document, value: str) -> str | None:
    """Find the first quotation of a run that contains a number as printed."""
    return next((text for text in run["quotes"] if value in text), None)
