"""What must be so before a run starts its first job, and stay so until it ends."""

import os
import shutil
import socket
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from d2l_lab.book.page_requests import NOTEBOOKS, imported_modules
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.result import Result
from d2l_lab.pipeline.status import Status
from d2l_lab.store import keys, layout, locks, view
from d2l_lab.tables.divergences import COUNTED, Diverged

RUN_LOCK = view.RESULTS / ".run"
STORE_LOCK = layout.STORE / ".run"
SEVERAL = 2  # jobs: for one alone, a module is not worth loading in a process of its own
RUNNER = "d2l_lab.stages.runner"


def claim_results() -> None:
    """Take the lock of this folder's results for as long as this process lives.

    Raises
    ------
    LabError
        If another run has it, or this user may not take it.
    """
    view.RESULTS.mkdir(exist_ok=True)
    try:
        RUN_LOCK.touch()
    except OSError as error:
        raise LabError(
            f"{RUN_LOCK}: {error.strerror}; a run writes this file: make it writable, or delete it"
        ) from None
    if not locks.hold(RUN_LOCK):
        other = RUN_LOCK.read_text("utf-8").strip()
        raise LabError(
            f"{view.RESULTS}: another run is at work in this folder ({other}); wait until it has "
            "ended, or stop it with Ctrl-C"
        )
    now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    RUN_LOCK.write_text(f"process {os.getpid()} on {socket.gethostname()} since {now}\n", "utf-8")


def share_store() -> None:
    """Keep others from deleting results of the store for as long as this process lives.

    Raises
    ------
    LabError
        If somebody deletes some right now.
    """
    with suppress(OSError):  # a store that this user may only read
        layout.STORE.mkdir(parents=True, exist_ok=True)
        STORE_LOCK.touch()
    if STORE_LOCK.exists() and not locks.hold(STORE_LOCK, shared=True):
        raise LabError(f"{layout.STORE}: results are being deleted; run again when that is done")


def claim_store() -> None:
    """Take the store for this process alone.

    Raises
    ------
    LabError
        If a run is on that uses it, from this checkout or another one.
    """
    if STORE_LOCK.exists() and not locks.hold(STORE_LOCK):
        raise LabError(
            f"{layout.STORE}: a run is using it; wait until it has ended, then run this again"
        )


def begin(plan: Plan) -> Status:
    """Be the only run in this folder, invalidate what was modified, and put the view in order.

    Returns
    -------
    Status
        As it was found.

    Raises
    ------
    LabError
        If another run is at work, or a modified result cannot be made again.
    """
    claim_results()
    share_store()
    status = Status(plan)
    invalidate_modified(status)
    update_view(status)
    return status


def invalidate_modified(status: Status) -> None:
    """Take its provenance from each modified result, so that it is made again.

    Raises
    ------
    LabError
        If that is not allowed.
    """
    for result in status.modified:
        try:
            result.provenance.unlink()
        except OSError as error:
            raise LabError(
                f"{result.folder}: altered since it was made, and cannot be made again: "
                f"{error.strerror}; ask who may write this folder to delete it"
            ) from None


def update_view(status: Status) -> None:
    """Show what the store has, and delete every other file of the view: it is of another plan."""
    for path in status.stale:
        if path not in status.expected:
            view.remove(path)
    for result in dict.fromkeys(status.expected[p] for p in status.stale if p in status.expected):
        view.show(result.folder)


def delete_rest(plan: Plan, paths: Iterable[str]) -> None:
    """Delete what is left of the results of which Snakemake has deleted files, and what shows them.

    It knows no more of a book than its front page, and nothing of the plain names.
    """
    for result in results_at(plan, paths):
        shutil.rmtree(result.folder, ignore_errors=True)
        with suppress(OSError):  # they are not empty
            result.folder.parent.rmdir()
            result.folder.parent.parent.rmdir()
    update_view(Status(plan))


def paths_to_make(status: Status) -> list[str]:
    """List the files that are there, but that a run would make again."""
    modified = [path for result in status.modified for path in result.paths]
    return modified + [str(path) for path in status.stale if path not in status.expected]


def results_at(plan: Plan, paths: Iterable[str]) -> list[Result]:
    """List the results to which files in the store belong, in the plan's order."""
    folders = {layout.folder_of(Path(path)) for path in paths}
    return [result for result in plan.results.values() if result.folder in folders]


def is_there(status: Status, path: str) -> bool:
    """Return whether a file is one of a result that a run takes as it is."""
    result = status.plan.by_folder.get(layout.folder_of(Path(path)))
    return result is not None and status.has(result)


def modules_to_load(results: Iterable[Result]) -> list[list[str]]:
    """List the modules, of libraries and of the project, that several jobs would load.

    Parameters
    ----------
    results : iterable of Result
        In the order in which they are made.

    Returns
    -------
    list of lists
        What the jobs of the first stage need, what those of the next need besides, and so on.
    """
    needed: dict[str, Counter[str]] = {}
    for result in results:
        code = keys.science_code(result.stage, result.settings)
        modules = [*code.imported, RUNNER, *code.modules]
        if result.stage == "notebook":
            modules += imported_modules(NOTEBOOKS / f"{result.name}.py")
        needed.setdefault(result.stage, Counter()).update(modules)
    jobs = sum(needed.values(), Counter())
    groups, listed = [], set()
    for names in needed.values():
        groups.append([name for name in names if jobs[name] >= SEVERAL and name not in listed])
        listed.update(groups[-1])
    return [group for group in groups if group]


def divergence_of(result: Result) -> Diverged | None:
    """Read which replicas of a result have diverged; None if it has none, or is not there."""
    if result.stage not in COUNTED or result.is_shard:
        return None
    model = result.name.partition(".")[0]
    return Diverged.of(model, result.stage, result.settings, result.folder)


def diverged(plan: Plan) -> list[Diverged]:
    """List the trainings of a plan that are there and of which a replica has diverged."""
    return [each for each in map(divergence_of, plan.results.values()) if each]
