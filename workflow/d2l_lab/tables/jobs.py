"""The jobs of a run: what each made, how long it took, and on what machine."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

MACHINE = ("cpu", "platform", "python")
MEASURING = ("train", "kfold", "sweep", "study")  # stages whose results are new numbers
COLUMNS = ("stage", "name", "key", *MACHINE, "seconds", "peak_mebibytes")


def tabulate(provenances: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """List the jobs that made results.

    Parameters
    ----------
    provenances : mapping from references to provenances
        See `d2l_lab.store.lineage.lineage`.

    Returns
    -------
    DataFrame
        stage, name, key; cpu, platform and python of the machine; seconds of wall time, without the
        start of the process; peak_mebibytes of the job's largest process (missing for results of
        older versions of this project).
    """
    rows = [
        provenance | dict(zip(COLUMNS, reference.split("/"), strict=False))
        for reference, provenance in provenances.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def facts(provenances: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Summarise where results came from.

    Returns
    -------
    dict
        libraries, the sorted versions by name; machines, a list of dicts with cpu, platform and
        python; stages, the number of results by name; days, the first and the
        last on which something was trained or measured, or the only one.
    """
    libraries = defaultdict(set)
    for provenance in provenances.values():
        for name, version in provenance["ingredients"].get("libraries", {}).items():
            libraries[name].add(version)
    machines = [tuple(provenance[key] for key in MACHINE) for provenance in provenances.values()]
    days = sorted(
        provenance["started"].partition("T")[0]
        for reference, provenance in provenances.items()
        if reference.partition("/")[0] in MEASURING
    )
    return {
        "days": [*dict.fromkeys([*days[:1], *days[-1:]])],
        "libraries": {name: ", ".join(sorted(libraries[name])) for name in sorted(libraries)},
        "machines": [dict(zip(MACHINE, values, strict=True)) for values in dict.fromkeys(machines)],
        "stages": dict(Counter(reference.partition("/")[0] for reference in provenances)),
    }
