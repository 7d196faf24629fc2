"""The only module that uses Snakemake's internals. Tried with Snakemake 9.27.

Snakemake has no hook between reading the rules and building the graph of jobs, which is when this
project locks the results, invalidates modified ones and updates the view. `around_graph` adds one,
and `around_deletion` adds one for `--delete-all-output`. Everything else here reads or sets
Snakemake's private state.
"""

import importlib
import logging
import os
import shutil
import signal
import threading
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
    """Call functions just before and after Snakemake builds the graph of jobs.

    The second function gets what the first one returns.
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
    """Call functions just before and after Snakemake deletes all output.

    The second function gets the files that the jobs declare.
    """
    delete = workflow.delete_output

    def delete_between(only_temp: bool = False, dryrun: bool = False) -> None:
        if only_temp or dryrun:  # no output of this project is temporary
            delete(only_temp=only_temp, dryrun=dryrun)
            return
        before()
        delete()
        after([str(path) for job in workflow.dag.jobs for path in job.output])

    workflow.delete_output = delete_between


def makes_results(workflow: Workflow) -> bool:
    """Return whether this is the main process of a real run, not of a dry run or a query."""
    runs = workflow.executor_plugin is not None and not (workflow.dryrun or workflow.touch)
    return workflow.is_main_process and runs


def is_forced(workflow: Workflow) -> bool:
    """Return whether Snakemake is asked to make existing results again."""
    settings = workflow.dag_settings
    return bool(settings.forceall or settings.forcerun or settings.forcetargets)


def is_remote(workflow: Workflow) -> bool:
    """Return whether other machines run the jobs."""
    plugin = workflow.executor_plugin
    return plugin is not None and plugin.common_settings.non_local_exec


def shares_disk(workflow: Workflow) -> bool:
    """Return whether all jobs see this disk; otherwise results go through a storage provider."""
    settings = workflow.storage_settings
    return settings is None or settings.default_storage_provider is None


def forget_killed_runs(workflow: Workflow) -> None:
    """Clear Snakemake's records of a killed run.

    Its locks go, since no other run is active, and so do its unfinished jobs, since a result is
    complete or absent; otherwise `--report` refuses to work.
    """
    workflow.persistence.cleanup_locks()
    for notes in ("locks", "incomplete"):
        shutil.rmtree(Path(workflow.persistence.path, notes), ignore_errors=True)
        Path(workflow.persistence.path, notes).mkdir()


def end_with_the_last_job(workflow: Workflow) -> None:
    """Do not limit how many jobs start in a second, unless other machines run them.

    With a limit, which is meant for the schedulers of clusters, Snakemake looks for further jobs a
    second after each start, and at the end of a run waits for that.
    """
    if not is_remote(workflow):
        workflow.scheduling_settings.max_jobs_per_timespan = None


def count_as_missing(workflow: Workflow, paths: Iterable[str]) -> None:
    """Make Snakemake treat existing files as missing, without changing the disk."""
    workflow.iocache.remaining_wait_time = 0  # otherwise it lists the folders and finds the files
    for path in paths:
        workflow.iocache.exists_local[path] = False


def run_only_missing(workflow: Workflow, is_there: Callable[[str], bool]) -> None:
    """Remove jobs whose result exists, and jobs that only they need, from the jobs to run.

    If an input is missing, Snakemake runs everything that depends on it, even where the input is
    declared `ancient`, which only asks for the order.

    Parameters
    ----------
    workflow : Workflow
    is_there : callable
        Returns for an output of a job whether the result that it belongs to exists.
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
    """Return the outputs of the jobs to run."""
    return [str(path) for job in workflow.dag.needrun_jobs() for path in job.output]


class Interrupts:
    """Raises KeyboardInterrupt for Ctrl-C, once Snakemake has printed what it is printing."""

    def __init__(self):
        self.is_printing = False
        self.is_late = False

    def __call__(self, *_: Any) -> None:
        """Handle the signal, in the main thread."""
        if not self.is_printing:
            raise KeyboardInterrupt
        self.is_late = True

    def after(self, show: Callable[[logging.LogRecord], None]) -> Callable:
        """Return a function that prints a record, and then raises what came meanwhile."""

        def show_and_hear(record: logging.LogRecord) -> None:
            if not _in_main_thread():
                show(record)
                return
            self.is_printing = True
            try:
                show(record)
            finally:
                self.is_printing = False
            if self.is_late:
                self.is_late = False
                raise KeyboardInterrupt

        return show_and_hear


def hear_every_interrupt() -> None:
    """Let Ctrl-C end a run whenever it comes.

    Snakemake ignores it while it prints, or keeps a lock that jobs' threads wait for. So does
    asyncio, in which it starts jobs, when that is about to end: asyncio replaces Python's own
    handler of the signal, but no other one.
    """
    if _in_main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        interrupts = Interrupts()
        signal.signal(signal.SIGINT, interrupts)
        logger.callHandlers = interrupts.after(logger.callHandlers)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def log_anything() -> None:
    """Make Snakemake's log file accept any text; it is opened in the locale's encoding."""
    for handler in logger.handlers:
        if isinstance(handler, logging.FileHandler):
            handler.stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def tell_errors() -> None:
    """Report errors even with ``--quiet all``, since a run that cannot start must say why.

    If a job fails, its stage reports that itself, so the command is not printed.
    """

    def is_told(record: logging.LogRecord) -> bool:
        is_of_job = get_event(record) in OF_A_JOB or "CalledProcessError" in record.getMessage()
        return record.levelno >= logging.ERROR and not is_of_job

    for printer in logger.handlers:
        for quiet in [each for each in printer.filters if hasattr(each, "quiet")]:
            printer.removeFilter(quiet)
            printer.addFilter(lambda record, quiet=quiet: is_told(record) or quiet.filter(record))


class Outliving:
    """A stream that discards output once its reader is gone, as in ``snakemake | head``."""

    def __init__(self, stream: TextIO):
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write text, or discard it if the reader is gone."""
        return self._or_nowhere(lambda: self._stream.write(text)) or 0

    def flush(self) -> None:
        """Flush the stream, unless the reader is gone."""
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
    """Let a run continue and succeed after the reader of its output is gone."""
    for printer in logger.handlers:
        if isinstance(printer, logging.StreamHandler):
            printer.setStream(Outliving(printer.stream))


def show_progress() -> None:
    """Draw a progress bar below what Snakemake prints to a terminal."""
    for printer in [each for each in logger.handlers if getattr(each, "is_tty", False)]:
        # Imported only for a terminal, since its library loads slowly.
        progress = importlib.import_module("d2l_lab.pipeline.progress")
        logger.addHandler(progress.ProgressBar(printer))
