"""When each part of a benchmark was measured, at which commit, and on which machine."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from benchmarks.bench import Bench
from benchmarks.measuring import ROOT, cores
from d2l_lab.errors import LabError
from d2l_lab.store import provenance
from d2l_lab.tools.git import git

LIBRARIES = ("torch", "snakemake")
OF_PEERS = ("scikit-learn", "skorch")
VERSIONS = """\
import importlib.metadata, json, sys
print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))
"""


def about(part: str, bench: Bench, began: datetime) -> dict[str, Any]:
    """Describe a part that has ended: when, how long, which commit, machine and versions."""
    libraries = versions(sys.executable, LIBRARIES)
    libraries |= versions(bench.peers, OF_PEERS) if bench.peers else dict.fromkeys(OF_PEERS)
    machine = {what: value for what, value in provenance.machine().items() if what != "host"}
    return {
        "part": part,
        "began": began.isoformat(timespec="seconds"),
        "seconds": (datetime.now(UTC) - began).total_seconds(),
        "rounds": bench.rounds,
        "quick": bench.quick,
        "commit": commit(),
        **machine,
        "cores": cores(),
        **libraries,
    }


def versions(python: str, names: tuple[str, ...]) -> dict[str, str]:
    """Ask an interpreter for the versions of libraries."""
    command = [python, "-c", VERSIONS, *names]
    return json.loads(
        subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    )


def commit() -> str:
    """Name the commit that was measured, with "-dirty" if files have changed since."""
    described = ["describe", "--always", "--dirty", "--abbrev=12", "--exclude", "*"]
    try:
        return git("-C", str(ROOT), *described)
    except LabError:
        return ""
