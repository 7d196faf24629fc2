"""A run of the workflow, watched from outside: when each job's process was there, and how large."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from d2l_lab.errors import LabError

INTERVAL = 0.2  # seconds between two looks, of which each costs some milliseconds
STAGE = re.compile(r"d2l_lab\.stages\.(\w+)")
RESULT = re.compile(r"/store/\w+/(?P<name>[^/]+)/\w+/provenance\.json$")


class Process(NamedTuple):
    """The process of one job, with all that it started.

    Parameters
    ----------
    stage, name : str
        What it made; the stage `show` has no name.
    started, seconds : float
        Since the run began, and how long it was there.
    cpu_seconds : float
        Of all cores.
    peak_mebibytes : float
        What it and the processes that it started had in memory at one time, at the most.
    """

    stage: str
    name: str
    started: float
    seconds: float
    cpu_seconds: float
    peak_mebibytes: float


class Run(NamedTuple):
    """A run that has ended well.

    Parameters
    ----------
    seconds : float
    peak_mebibytes : float
        Of the process itself, without its jobs.
    processes : list of Process
        Its jobs, in the order in which they began.
    """

    seconds: float
    peak_mebibytes: float
    processes: list[Process]


def watch(command: Sequence[str], folder: Path) -> Run:
    """Run a command in a folder, and look at the jobs below it until it ends.

    Raises
    ------
    LabError
        If it fails.
    """
    found: dict[int, Process] = {}
    peak = 0.0
    with tempfile.TemporaryFile("w+") as output:
        began, clock = time.time(), time.perf_counter()
        with subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=plain()
        ) as running:
            while running.poll() is None:
                look(running.pid, began, found)
                peak = max(peak, mebibytes([psutil.Process(running.pid)]))
                with suppress(subprocess.TimeoutExpired):
                    running.wait(INTERVAL)
            seconds = time.perf_counter() - clock
        if running.returncode:
            output.seek(0)
            *_, last = ["no word of why", *output.read().strip().splitlines()]
            raise LabError(f"{' '.join(command)} in {folder}: {last}")
    return Run(seconds, peak, sorted(found.values(), key=lambda one: one.started))


def look(pid: int, began: float, found: dict[int, Process]) -> None:
    """Note of each job's process below another one what there is to be seen now."""
    now = time.time()
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                arguments = process.cmdline()
                stage = STAGE.search(" ".join(arguments[1:3]))
                if stage and "python" in Path(arguments[0]).name:
                    before = found.get(process.pid)
                    found[process.pid] = seen(process, stage[1], arguments, began, now, before)


def seen(
    process: psutil.Process,
    stage: str,
    arguments: Sequence[str],
    began: float,
    now: float,
    before: Process | None,
) -> Process:
    """Bring what is known of a job's process up to date."""
    named = next((RESULT.search(one) for one in reversed(arguments) if RESULT.search(one)), None)
    times, below = process.cpu_times(), process.children(recursive=True)
    cpu = times.user + times.system + times.children_user + times.children_system
    for one in below:
        with suppress(psutil.NoSuchProcess):
            cpu += sum(one.cpu_times()[:2])
    return Process(
        stage,
        named["name"] if named and stage != "show" else "",
        process.create_time() - began,
        now - process.create_time(),
        cpu,
        max(mebibytes([process, *below]), before.peak_mebibytes if before else 0),
    )


def mebibytes(processes: Sequence[psutil.Process]) -> float:
    """Add up what processes have in memory; what they share counts once, where that is known."""
    size = 0
    for process in processes:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            alone = len(processes) == 1
            known = process.memory_info() if alone else process.memory_full_info()
            size += getattr(known, "pss", known.rss)
    return size / 2**20


def plain() -> dict[str, str]:
    """Give the environment of a user's shell: without what this benchmark was started with."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
