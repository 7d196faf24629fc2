"""Collect everything that a result depends on by following provenances."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from d2l_lab.store import layout, provenance


def lineage(folders: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Read the provenances of results, of their inputs, and so on down to the data.

    Parameters
    ----------
    folders : iterable of Path
        Folders of results in the store.

    Returns
    -------
    dict
        The provenances by reference, sorted. Results that are no longer in the store are left out.
    """
    found: dict[str, dict[str, Any]] = {}
    waiting = [layout.reference(folder) for folder in folders]
    while waiting:
        reference = waiting.pop()
        record = provenance.read_valid(layout.result_folder(reference))
        if reference not in found and record is not None:
            found[reference] = record
            waiting += chain(*record["ingredients"]["inputs"].values())
    return dict(sorted(found.items()))
