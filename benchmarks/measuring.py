"""Measure one way after another, each in its own process, in rounds of alternating order."""

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
        Its columns in the table; they differ between any two cases of a part.
    module : str
        A module of `benchmarks.ways`.
    settings : mapping
        The settings of the module.
    python : str
        An interpreter with its libraries.
    variables : mapping
        Environment variables besides those of the shell, such as a job of this project gets.
    jobs : int
        How many processes do this work at the same time, like the jobs of a run.
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
        The measurements of the first process; but ``seconds`` is the mean of all processes, divided
        by their number: the time that the machine needs for the work of one process.

    Raises
    ------
    LabError
        If it fails.
    """
    command = [case.python, "-m", f"benchmarks.ways.{case.module}", json.dumps(case.settings)]
    environment = {**os.environ, **MODULES, **case.variables}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    running = [
        subprocess.Popen(command, env=environment, cwd=ROOT, **streams) for _ in range(case.jobs)
    ]
    said = [process.communicate() for process in running]
    if failed := [
        errors for process, (_, errors) in zip(running, said, strict=True) if process.returncode
    ]:
        *_, why = ["no message", *failed[0].strip().splitlines()]
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
    """Measure every case once per round, in every second round in reverse order."""
    for number in range(rounds):
        for case in cases[:: -1 if number % 2 else 1]:
            yield case, measure(case)


def summarise(rows: pd.DataFrame, by: Sequence[str], value: str) -> pd.DataFrame:
    """Return the median of a column, its least and greatest value, and the number of values.

    The other numeric columns become their medians. The order of the cases is kept.
    """
    groups = rows.groupby([*by], sort=False, dropna=False)
    others = groups.median(numeric_only=True).drop(columns=value)
    spread = groups[value].agg(
        **{value: "median", "least": "min", "greatest": "max", "measurements": "size"}
    )
    return spread.join(others).reset_index()
