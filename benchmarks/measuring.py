"""One process after another, each measuring one way, in rounds whose order alternates."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from d2l_lab.errors import LabError

ROOT = Path(__file__).parents[1]
MODULES = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "workflow")])}


class Case(NamedTuple):
    """One way to do one piece of work.

    Parameters
    ----------
    about : mapping
        What the table says of it; no two cases of a part say the same.
    module : str
        In `benchmarks.ways`.
    settings : mapping
        What the module is told.
    python : str
        The interpreter that has its libraries.
    variables : mapping
        Of its environment, beside those of the shell: what a job of this project is given, or not.
    jobs : int
        How many processes do this work at the same time, as jobs of a run do.
    """

    about: Mapping[str, Any]
    module: str
    settings: Mapping[str, Any]
    python: str = sys.executable
    variables: Mapping[str, str] = MappingProxyType({})
    jobs: int = 1


def measure(case: Case) -> dict[str, Any]:
    """Run a case in fresh processes, one for each job.

    Returns
    -------
    dict
        What the first one has measured; but ``seconds`` are the mean of all, divided by their
        number: the time in which the machine gets done with the work of one.

    Raises
    ------
    LabError
        If it fails.
    """
    command = [case.python, "-m", f"benchmarks.ways.{case.module}", json.dumps(case.settings)]
    environment = {**os.environ, **MODULES, **case.variables}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [
        subprocess.Popen(command, env=environment, cwd=ROOT, **streams) for _ in range(case.jobs)
    ]
    said = [process.communicate() for process in running]
    if failed := [
        errors for process, (_, errors) in zip(running, said, strict=True) if process.returncode
    ]:
        *_, why = ["no word of why", *failed[0].strip().splitlines()]
        raise LabError(f"benchmarks.ways.{case.module} with {case.settings}: {why}")
    first, *others = (json.loads(output) for output, _ in said)
    if others:
        epochs = zip(first["seconds"], *(other["seconds"] for other in others), strict=True)
        first["seconds"] = [sum(epoch) / case.jobs**2 for epoch in epochs]
    return first


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def in_rounds(cases: Sequence[Case], rounds: int) -> Iterator[tuple[Case, dict[str, Any]]]:
    """Measure every case once a round, every second round in the reverse order."""
    for number in range(rounds):
        for case in cases[:: -1 if number % 2 else 1]:
            yield case, measure(case)


def summarise(rows: pd.DataFrame, by: Sequence[str], value: str) -> pd.DataFrame:
    """Give the median of a column, its least and its greatest value, and how many there were.

    The other columns of numbers become their medians. The order of the cases is kept.
    """
    groups = rows.groupby([*by], sort=False, dropna=False)
    others = groups.median(numeric_only=True).drop(columns=value)
    spread = groups[value].agg(
        **{value: "median", "least": "min", "greatest": "max", "measurements": "size"}
    )
    return spread.join(others).reset_index()
