"""What reaches into Snakemake's inside; nothing else in the project does. Tried with 9.27.

Snakemake has no hook between reading the rules and drawing up the graph of jobs, where this project
locks the results, invalidates what was modified and puts the plain names in order. `around_graph`
makes one, and `around_deletion` one about what `--delete-all-output` does. All else here reads or
sets what Snakemake keeps for itself.
"""

import importlib
import logging
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO

from snakemake.logging import get_event, logger
from snakemake.workflow import Workflow
from snakemake_interface_logger_plugins.common import LogEvent

OF_A_JOB = (LogEvent.JOB_ERROR, LogEvent.GROUP_ERROR)


def around_graph(
    workflow: Workflow, before: Callable[[], Any], after: Callable[[Any], None]
) -> None:
    """Call functions just before and after the graph of jobs is drawn up.

    What the first one returns is given to the second one.
    """
    build = workflow._build_dag

    def build_between() -> None:
        found = before()
        build()
        after(found)

    workflow._build_dag = build_between


def around_deletion(
    workflow: Workflow, before: Callable[[], Any], after: Callable[[list[str]], Any]
) -> None:
    """Call functions just before and after all output is deleted.

    The second one is given the files that the jobs declare.
    """
    delete = workflow.delete_output

    def delete_between(only_temp: bool = False, dryrun: bool = False) -> None:
        if only_temp or dryrun:  # nothing of this project is temporary
            delete(only_temp=only_temp, dryrun=dryrun)
            return
        before()
        delete()
        after([str(path) for job in workflow.dag.jobs for path in job.output])

    workflow.delete_output = delete_between


def makes_results(workflow: Workflow) -> bool:
    """Return whether this is the main process of a run, neither dry nor one that only looks."""
    runs = workflow.executor_plugin is not None and not (workflow.dryrun or workflow.touch)
    return workflow.is_main_process and runs


def is_forced(workflow: Workflow) -> bool:
    """Return whether Snakemake is asked to make what is there already."""
    settings = workflow.dag_settings
    return bool(settings.forceall or settings.forcerun or settings.forcetargets)


def is_remote(workflow: Workflow) -> bool:
    """Return whether other machines run the jobs."""
    plugin = workflow.executor_plugin
    return plugin is not None and plugin.common_settings.non_local_exec


def shares_disk(workflow: Workflow) -> bool:
    """Return whether all jobs see this disk; if not, results go through a storage provider."""
    settings = workflow.storage_settings
    return settings is None or settings.default_storage_provider is None


def forget_killed_runs(workflow: Workflow) -> None:
    """Clear what Snakemake noted of a run that was killed.

    Its locks, for no other run is alive; and the jobs that it did not end, for a result is whole or
    absent (`--report` would refuse to work).
    """
    workflow.persistence.cleanup_locks()
    for notes in ("locks", "incomplete"):
        shutil.rmtree(Path(workflow.persistence.path, notes), ignore_errors=True)
        Path(workflow.persistence.path, notes).mkdir()


def count_as_missing(workflow: Workflow, paths: Iterable[str]) -> None:
    """Let Snakemake take files that are there for missing, without a change to the disk."""
    workflow.iocache.remaining_wait_time = 0  # or it would list the folders, and find them
    for path in paths:
        workflow.iocache.exists_local[path] = False


def run_only_missing(workflow: Workflow, is_there: Callable[[str], bool]) -> None:
    """Take from the jobs that are to run those whose result is there, and what only they need.

    Where an input is missing, Snakemake would run whatever depends on it, even if that asks for
    nothing else than that its inputs be made before it (`ancient`).

    Parameters
    ----------
    workflow : Workflow
    is_there : callable
        Tells from an output of a job whether the result that it belongs to is there.
    """
    dag = workflow.dag
    needed, waiting = (
        set(),
        [*dag.targetjobs, *filter(lambda job: dag.reason(job).forced, dag.jobs)],
    )
    while waiting:
        job = waiting.pop()
        if job in needed or job not in dag._needrun:
            continue
        is_settled = job.output and all(map(is_there, job.output)) and not dag.reason(job).forced
        if not is_settled:
            needed.add(job)
            waiting += dag.dependencies[job]
    dag._needrun.intersection_update(needed)
    for job in needed:
        dag._n_until_ready[job] = sum(other in needed for other in dag.dependencies[job])
    dag._len = len(dag._finished | needed)


def outputs_to_make(workflow: Workflow) -> list[str]:
    """Return the outputs of the jobs that are to run."""
    return [str(path) for job in workflow.dag.needrun_jobs() for path in job.output]


def log_anything() -> None:
    """Let Snakemake's log file take any text: it was opened in the encoding of the locale."""
    for handler in logger.handlers:
        if isinstance(handler, logging.FileHandler):
            handler.stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def tell_errors() -> None:
    """Let errors be told even with ``--quiet all``: a run that cannot start must say why.

    Of a job that fails its stage says so itself, so its command is not printed.
    """

    def is_told(record: logging.LogRecord) -> bool:
        is_of_job = get_event(record) in OF_A_JOB or "CalledProcessError" in record.getMessage()
        return record.levelno >= logging.ERROR and not is_of_job

    for printer in logger.handlers:
        for quiet in [each for each in printer.filters if hasattr(each, "quiet")]:
            printer.removeFilter(quiet)
            printer.addFilter(lambda record, quiet=quiet: is_told(record) or quiet.filter(record))


class Outliving:
    """A stream that writes to nowhere once its reader is gone, as in ``snakemake | head``."""

    def __init__(self, stream: TextIO):
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text."""
        return self._or_nowhere(lambda: self._stream.write(text)) or 0

    def flush(self) -> None:
        """Hand on what was written."""
        self._or_nowhere(self._stream.flush)

    def _or_nowhere(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
            return None


def outlive_readers() -> None:
    """Let a run continue, and succeed, if nothing reads its output any more."""
    for printer in logger.handlers:
        if isinstance(printer, logging.StreamHandler):
            printer.setStream(Outliving(printer.stream))


def show_progress() -> None:
    """Draw a bar of the run's progress under what Snakemake prints to a terminal."""
    for printer in [each for each in logger.handlers if getattr(each, "is_tty", False)]:
        # Imported for a terminal alone: its library takes a while.
        progress = importlib.import_module("d2l_lab.pipeline.progress")
        logger.addHandler(progress.ProgressBar(printer))
