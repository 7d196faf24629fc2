"""Runs of the workflow on a cluster, and their jobs there."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import psutil

from checkout import Checkout, hear_signals
from cluster.slurm import PATIENCE, ask, wait_until
from d2l_lab.store import provenance

ONE = "linear_regression_scratch"
LONG = {"epochs": 400, "evaluate_every": 20}  # some seconds, so that a job can be interrupted
PROFILE = ("--profile", "profiles/slurm")
# Snakemake that asks Slurm for its jobs' states every second; normally it waits longer each time.
IMPATIENT = """
import runpy
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor
RemoteExecutor.next_seconds_between_status_checks = property(lambda _: 1, lambda *_: None)
runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
"""
SOON = ("--slurm-init-seconds-before-status-checks", "1")
TABLES = "results/tables/summary.csv"  # needs all trainings, but no figure


class ClusterCheckout(Checkout):
    """A checkout of one model whose training takes some seconds."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.keep_models(ONE)
        self.configure({"models": {ONE: LONG}})
        self.runs: list[Run] = []

    def start(self, *arguments: str) -> "Run":
        """Start a run on the cluster up to the tables, in parallel with the test."""
        self.runs.append(Run(self.path, TABLES, *arguments))
        return self.runs[-1]

    def trainings(self) -> set[psutil.Process]:
        """List the processes that train this checkout's model now."""
        return {process for process in psutil.process_iter() if is_training(process, self.path)}

    def epochs(self) -> int:
        """Count the epochs in the logs of the trainings."""
        return sum(log.read_text().count("epoch") for log in self.path.glob("results/logs/train/*"))

    def training(self, but: Collection[psutil.Process] = ()) -> psutil.Process:
        """Wait for another process than these, suspend it, and let it start to train."""
        logged = self.epochs()

        def is_seen() -> bool:
            assert self.runs[-1].process.poll() is None, self.runs[-1].output
            return bool(self.trainings().difference(but))

        wait_until(is_seen, f"a job of {self.path} trains")
        (process,) = self.trainings().difference(but)
        process.suspend()  # at once, or it could be over before an epoch is seen
        while not but and self.epochs() in (0, logged):
            process.resume()
            time.sleep(0.05)
            process.suspend()
        return process

    def end(self) -> None:
        """End all runs and jobs."""
        for run in self.runs:
            run.kill()
        for process in self.trainings():
            with suppress(psutil.NoSuchProcess):
                process.kill()


class Run:
    """A run of Snakemake on the cluster, whose output goes to a file."""

    def __init__(self, folder: Path, *arguments: str):
        earlier = [*folder.parent.glob("output of run *")]
        self.path = folder.with_name(f"output of run {len(earlier) + 1}")
        with self.path.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", IMPATIENT, *arguments, *PROFILE, *SOON],
                cwd=folder,
                stdout=file,
                stderr=subprocess.STDOUT,
                preexec_fn=hear_signals,  # noqa: PLW1509 -- it sets signals alone
            )

    @property
    def output(self) -> str:
        return self.path.read_text()

    def jobs(self, states: str = "RUNNING", show: str = "%i") -> list[str]:
        """List the numbers (or nodes, %N) of the run's jobs in these states."""
        found = re.search(r"^SLURM run ID: (\S+)$", self.output, re.MULTILINE)
        run = f"--name={found and found[1]}"
        return ask("squeue", "--noheader", f"--format={show}", run, f"--states={states}").split()

    def ends(self) -> int:
        """Wait for the end; return the exit code."""
        return self.process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        """Kill only Snakemake, if it is alive."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=PATIENCE)


def is_training(process: psutil.Process, folder: Path) -> bool:
    """Return whether a process is the stage `train` in a folder, and not the shell around it."""
    try:
        is_stage = {"d2l_lab.stages", "train"} <= {*process.cmdline()[:5]}
        return is_stage and process.cwd() == str(folder)
    except psutil.Error:
        return False


def require_that_it_ended_well(run: Run, checkout: Checkout, local: Checkout) -> None:
    """Check that a run's results equal a local run's byte by byte, and nothing is unfinished."""
    assert run.ends() == 0, run.output
    assert checkout.tables() == local.tables()
    folders = [*checkout.path.glob("results/store/*/*/*")]
    assert len(folders) == len([*local.path.glob("results/store/*/*/*")])
    for folder in folders:
        assert not provenance.modified_files(folder)
