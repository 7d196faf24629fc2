"""A run of the workflow: how long it takes, and what its jobs record about themselves."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from d2l_lab.errors import LabError
from d2l_lab.store import layout, provenance

INTERVAL = 0.1  # seconds between two looks at the memory
TRAININGS = ("train", "kfold")


class Job(NamedTuple):
    """A job of a run.

    Parameters
    ----------
    stage, name : str
    started : float
        Seconds since the run began.
    seconds : float
        Without the start of its process.
    useful_seconds : float
        Time in the training loop, or in a study.
    peak_mebibytes : float
        Peak memory of its largest process.
    """

    stage: str
    name: str
    started: float
    seconds: float
    useful_seconds: float
    peak_mebibytes: float


class Run(NamedTuple):
    """A run that has succeeded.

    Parameters
    ----------
    seconds : float
    peak_mebibytes : float
        Peak memory of Snakemake's own process, without its jobs.
    jobs : list of Job
        In the order in which they started.
    """

    seconds: float
    peak_mebibytes: float
    jobs: list[Job]


def watch(command: Sequence[str], folder: Path) -> Run:
    """Run the workflow in a checkout.

    Raises
    ------
    LabError
        If it fails.
    """
    peak = 0.0
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        began, clock = time.time(), time.perf_counter()
        with subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=environment
        ) as running:
            while running.poll() is None:
                with suppress(psutil.NoSuchProcess):
                    peak = max(peak, psutil.Process(running.pid).memory_info().rss / 2**20)
                with suppress(subprocess.TimeoutExpired):
                    running.wait(INTERVAL)
            seconds = time.perf_counter() - clock
        if running.returncode:
            output.seek(0)
            *_, last = ["no message", *output.read().strip().splitlines()]
            raise LabError(f"{' '.join(command)} in {folder}: {last}")
    made = jobs(folder / layout.STORE, began)
    return Run(seconds, peak, sorted(made, key=lambda job: job.started))


def jobs(folder: Path, began: float) -> Iterator[Job]:
    """Read the jobs of a run from the results that were made since it began."""
    for mark in folder.glob(f"*/*/*/{layout.PROVENANCE}"):
        record = provenance.read(mark.parent)
        started = datetime.fromisoformat(record["started"]).timestamp() - began
        if started >= 0:
            yield Job(
                record["ingredients"]["stage"],
                record["name"],
                started,
                record["seconds"],
                useful(record),
                record["peak_mebibytes"],
            )


def useful(provenance: dict[str, Any]) -> float:
    """Return the part of a job's time that was spent in training or in a study."""
    ingredients, measured = provenance["ingredients"], provenance["measured"]
    if ingredients["stage"] in TRAININGS:
        replicas = measured.get("trained", measured["replicas"])
        return measured["seconds_per_epoch"] * ingredients["settings"]["epochs"] * replicas
    return provenance["seconds"] if ingredients["stage"] == "study" else 0.0
