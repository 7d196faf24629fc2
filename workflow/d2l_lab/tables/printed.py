"""The published numbers as they were printed; loads no more than YAML, as every run reads it."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("published.yaml")
STUDY = "redrawn"  # draws a dataset for each replicate
TABLES = ("published", "published_sources")

Document = Mapping[str, Any]


def read(file: Path = FILE) -> Document:
    """Read the published numbers."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(file.read_bytes(), loader)  # noqa: S506 -- it is a safe one


def digest(file: Path = FILE) -> str:
    """Return the SHA-256 of the published numbers."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def contradictions(document: Document) -> Iterator[tuple[str, str]]:
    """Find what no schema can: names that nothing has, and numbers that no quotation holds."""
    for index, run in enumerate(document["runs"]):
        for key, known in (("source", document["sources"]), ("data", document["data"])):
            if run[key] not in known:
                names = ", ".join(known)
                yield f"runs[{index}].{key}", f"{run[key]} is none of {names}; give one of these"
        for number, printed in enumerate(run["numbers"]):
            if quotation(run, printed["value"]) is None:
                place = f"runs[{index}].numbers[{number}].value"
                yield place, f"{printed['value']} stands in no quotation; quote what was printed"


def quotation(run: Document, value: str) -> str | None:
    """Find the first quotation of a run that holds a number as it was printed."""
    return next((text for text in run["quotes"] if value in text), None)
