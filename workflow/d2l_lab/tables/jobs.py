"""The jobs that a run consists of: what each made, how long it took, and where."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

COLUMNS = ("stage", "name", "key", "cpu", "platform", "python", "seconds", "peak_mebibytes")


def of_lineage(provenances: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """List the jobs by which results came about.

    Parameters
    ----------
    provenances : mapping from references to provenances
        See `d2l_lab.store.lineage.lineage`.

    Returns
    -------
    DataFrame
        stage, name, key; cpu, platform and python of the machine; seconds, of wall time without the
        start of the process; peak_mebibytes, of the job's largest process (missing for what an
        older version of this project has made).
    """
    rows = []
    for reference, provenance in provenances.items():
        stage, name, key = reference.split("/")
        machine = (provenance.get(what) for what in COLUMNS[3:])
        rows.append((stage, name, key, *machine))
    return pd.DataFrame(rows, columns=COLUMNS)


def facts(provenances: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Sum up where results came from.

    Returns
    -------
    dict
        libraries, from names to versions, sorted; machines, a list of dict with cpu, platform and
        python; stages, from names to the number of results.
    """
    libraries: dict[str, set[str]] = {}
    machines, stages = {}, {}
    for reference, provenance in provenances.items():
        for name, version in provenance["ingredients"].get("libraries", {}).items():
            libraries.setdefault(name, set()).add(version)
        machine = {what: provenance[what] for what in ("cpu", "platform", "python")}
        machines[tuple(machine.values())] = machine
        stage = reference.partition("/")[0]
        stages[stage] = stages.get(stage, 0) + 1
    return {
        "libraries": {name: ", ".join(sorted(libraries[name])) for name in sorted(libraries)},
        "machines": list(machines.values()),
        "stages": stages,
    }
