"""What each claim's evidence is held against, set before it was measured.

The thresholds stand in a file of their own, `thresholds.csv`, so that anyone can see that they
came before the results: `registered.csv` names, for the SHA-256 of each state of that file, the
first commit that held it. A commit cannot hold its own name, so each state is entered by a later
commit. To check an entry::

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
# Kinds of claims. An exact one is an identity, or a fact that chance has no part in. One of every
# case can be refuted by a single one, but not shown by any number of them. What the notes do not
# say is a finding of ours, and no failure of theirs.
EXACT, ESTIMATED, NOT_REFUTED, OURS = "exact", "estimated", "not refuted", "finding of ours"
KINDS = (EXACT, ESTIMATED, NOT_REFUTED, OURS)


class Threshold(NamedTuple):
    """What the evidence of a claim is held against.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    relation : str
        `AT_MOST` or `AT_LEAST`.
    value : float
    predicted : str
        The verdict that was expected when the threshold was set.
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
    """Return the first commit that held these thresholds, or say that none is entered."""
    with REGISTERED.open(encoding="utf-8", newline="") as lines:
        known = {row["sha256"]: row["commit"] for row in csv.DictReader(lines)}
    return known.get(digest(), UNREGISTERED)


THRESHOLDS = read()
