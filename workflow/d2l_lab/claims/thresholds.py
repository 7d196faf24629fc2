"""The thresholds of the claims, set before the evidence was measured.

The thresholds are in a separate file, `thresholds.csv`, so that anyone can check that they are
older than the results: `registered.csv` lists the SHA-256 of each version of that file with the
first commit that contained it. A commit cannot contain its own hash, so each version is registered
by a later commit. To check an entry::

    git show <commit>:workflow/d2l_lab/claims/thresholds.csv | sha256sum
"""

import csv
import hashlib
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("thresholds.csv")
REGISTERED = FILE.with_name("registered.csv")
UNREGISTERED = "not registered"
AT_MOST, AT_LEAST = "<=", ">="
# Kinds of claims. An exact one is an identity, or a fact in which chance plays no part. One about
# all cases can be refuted by a single case, but not proved by any number of them. What the notes do
# not say is a finding of ours, and does not count against them.
EXACT, ESTIMATED, NOT_REFUTED, OURS = "exact", "estimated", "not refuted", "finding of ours"
KINDS = (EXACT, ESTIMATED, NOT_REFUTED, OURS)


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
    """Read the thresholds of all claims, by the id of each."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {
            row["id"]: Threshold(
                row["kind"], row["relation"], float(row["threshold"]), row["predicted"]
            )
            for row in csv.DictReader(lines)
        }


def digest() -> str:
    """Return the SHA-256 of the file of thresholds."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()


def first_commit() -> str:
    """Return the first commit with these thresholds, or say that none is registered."""
    with REGISTERED.open(encoding="utf-8", newline="") as lines:
        known = {row["sha256"]: row["commit"] for row in csv.DictReader(lines)}
    return known.get(digest(), UNREGISTERED)


THRESHOLDS = read()
