"""Prepare a run before its first job: locks, modified results, the view, and the fork server."""

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
SEVERAL = 2  # jobs: preloading a module for a single one is not worthwhile
LOADED_LATER = {"torch": "torch._dynamo"}  # by the first optimiser
RUNNER = "d2l_lab.stages.runner"


def claim_results() -> None:
    """Lock this folder's results until this process ends.

    Raises
    ------
    LabError
        If another run holds the lock, or this user may not take it.
    """
    view.RESULTS.mkdir(exist_ok=True)
    try:
        RUN_LOCK.touch()
    except OSError as error:
        raise LabError(
            f"{RUN_LOCK}: {error.strerror}; a run must write it: make it writable, or delete it"
        ) from None
    if not locks.hold(RUN_LOCK):
        other = RUN_LOCK.read_text("utf-8").strip()
        raise LabError(
            f"{view.RESULTS}: another run is using this folder ({other}); wait until it ends, "
            "or stop it with Ctrl-C"
        )
    now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    RUN_LOCK.write_text(f"process {os.getpid()} on {socket.gethostname()} since {now}\n", "utf-8")


def share_store() -> None:
    """Keep other processes from deleting results in the store until this process ends.

    Raises
    ------
    LabError
        If another process is deleting some now.
    """
    with suppress(OSError):  # this user can only read the store
        layout.STORE.mkdir(parents=True, exist_ok=True)
        STORE_LOCK.touch()
    if STORE_LOCK.exists() and not locks.hold(STORE_LOCK, shared=True):
        raise LabError(f"{layout.STORE}: results are being deleted; run again when that is done")


def claim_store() -> None:
    """Lock the store for this process alone.

    Raises
    ------
    LabError
        If a run, from this or another checkout, is using it.
    """
    if STORE_LOCK.exists() and not locks.hold(STORE_LOCK):
        raise LabError(f"{layout.STORE}: a run is using it; wait until it ends, then try again")


def begin(plan: Plan) -> Status:
    """Lock this folder, invalidate modified results, and update the view.

    Returns
    -------
    Status
        The status at the start.

    Raises
    ------
    LabError
        If another run is active, or a modified result cannot be deleted.
    """
    claim_results()
    share_store()
    status = Status(plan)
    invalidate_modified(status)
    update_view(status)
    return status


def invalidate_modified(status: Status) -> None:
    """Delete the provenance of each modified result, so that it is made again.

    Raises
    ------
    LabError
        If this user may not delete it.
    """
    for result in status.modified:
        try:
            result.provenance.unlink()
        except OSError as error:
            raise LabError(
                f"{result.folder}: modified since it was made, and cannot be made again: "
                f"{error.strerror}; ask someone who can write to this folder to delete it"
            ) from None


def update_view(status: Status) -> None:
    """Copy what the store has to the view, and delete files of the view from other plans."""
    for path in status.stale:
        if path not in status.expected:
            view.remove(path)
    for result in dict.fromkeys(status.expected[p] for p in status.stale if p in status.expected):
        view.show(result.folder)


def delete_rest(plan: Plan, paths: Iterable[str]) -> None:
    """Delete the rest of results whose files Snakemake has deleted, and their copies in the view.

    Snakemake knows only the front page of a book, and nothing of the view.
    """
    for result in results_at(plan, paths):
        shutil.rmtree(result.folder, ignore_errors=True)
        with suppress(OSError):  # they are not empty
            result.folder.parent.rmdir()
            result.folder.parent.parent.rmdir()
    update_view(Status(plan))


def paths_to_make(status: Status) -> list[str]:
    """List the files that exist but that a run would make again."""
    modified = [path for result in status.modified for path in result.paths]
    return modified + [str(path) for path in status.stale if path not in status.expected]


def results_at(plan: Plan, paths: Iterable[str]) -> list[Result]:
    """List the results that files in the store belong to, in the plan's order."""
    folders = {layout.folder_of(Path(path)) for path in paths}
    return [result for result in plan.results.values() if result.folder in folders]


def is_there(status: Status, path: str) -> bool:
    """Return whether a file belongs to a result that a run takes as it is."""
    result = status.plan.by_folder.get(layout.folder_of(Path(path)))
    return result is not None and status.has(result)


def modules_to_load(results: Iterable[Result]) -> list[list[str]]:
    """List the modules of libraries and the project that several jobs would load.

    Parameters
    ----------
    results : iterable of Result
        In the order in which they are made.

    Returns
    -------
    list of lists
        The modules of the first stage's jobs, those that the next stage's need besides, and so on.
    """
    needed: dict[str, Counter[str]] = {}
    for result in results:
        code = keys.science_code(result.stage, result.settings)
        modules = [*code.imported, RUNNER, *code.modules]
        if result.stage == "notebook":
            imported = imported_modules(NOTEBOOKS / f"{result.name}.py")
            modules += [
                *imported,
                *(LOADED_LATER[name] for name in imported if name in LOADED_LATER),
            ]
        needed.setdefault(result.stage, Counter()).update(modules)
    jobs = sum(needed.values(), Counter())
    groups, listed = [], set()
    for names in needed.values():
        groups.append([name for name in names if jobs[name] >= SEVERAL and name not in listed])
        listed.update(groups[-1])
    return [group for group in groups if group]


def divergence_of(result: Result) -> Diverged | None:
    """Read which replicas of a result have diverged; None if none has, or it does not exist."""
    if result.stage not in COUNTED or result.is_shard:
        return None
    model = result.name.partition(".")[0]
    return Diverged.of(model, result.stage, result.settings, result.folder)


def diverged(plan: Plan) -> list[Diverged]:
    """List the finished trainings of a plan with a diverged replica."""
    return [each for each in map(divergence_of, plan.results.values()) if each]
