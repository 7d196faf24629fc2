"""The thresholds of the claims, set before the evidence was measured.

The thresholds are in a separate file, `thresholds.csv`, so that anyone can check that they are
older than the results: `registered.csv` lists the SHA-256 of each version of that file with the
first commit that contained it. A commit cannot contain its own hash, so each version is registered
by a later commit. To check an entry::

    git show <commit>:workflow/d2l_lab/claims/thresholds.csv | sha256sum
"""

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from d2l_lab.errors import LabError
from d2l_lab.tables.claims import KINDS

FILE = Path(__file__).with_name("thresholds.csv")
REGISTERED = FILE.with_name("registered.csv")
UNREGISTERED = "not registered"
COLUMNS = ["id", "kind", "relation", "threshold", "predicted"]
RELATIONS = AT_MOST, AT_LEAST = "<=", ">="


class Threshold(NamedTuple):
    """The threshold that the evidence of a claim is compared with.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    relation : str
        `AT_MOST` or `AT_LEAST`.
    value : float
    predicted : str
        The verdict expected when the threshold was set.
    """

    kind: str
    relation: str
    value: float
    predicted: str


def read() -> dict[str, Threshold]:
    """Read the thresholds of all claims, by the id of each.

    Raises
    ------
    LabError
        If a value is missing or not allowed.
    """
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        if rows.fieldnames != COLUMNS:
            raise LabError(f"{FILE}: line 1: the columns must be {','.join(COLUMNS)}")
        return {row["id"]: _threshold(row, f"{FILE}: line {rows.line_num}") for row in rows}


def _threshold(row: Mapping[str, str], place: str) -> Threshold:
    for name, allowed in {"kind": KINDS, "relation": RELATIONS}.items():
        if row[name] not in allowed:
            raise LabError(f"{place}: {name}: {row[name]!r}; choose one of {', '.join(allowed)}")
    try:
        value = float(row["threshold"])
    except (TypeError, ValueError):  # TypeError: the row ends before
        found = f"{row['threshold']!r} is not a number"
        raise LabError(f"{place}: threshold: {found}; correct it") from None
    return Threshold(row["kind"], row["relation"], value, row["predicted"])


def digest() -> str:
    """Return the SHA-256 of the file of thresholds."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()


def first_commit() -> str:
    """Return the first commit with these thresholds, or say that none is registered."""
    with REGISTERED.open(encoding="utf-8", newline="") as lines:
        known = {row["sha256"]: row["commit"] for row in csv.DictReader(lines)}
    return known.get(digest(), UNREGISTERED)
