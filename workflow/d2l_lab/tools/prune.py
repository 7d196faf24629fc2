"""List what the store has and the present configuration does not use; delete it if asked to."""

import shutil
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from d2l_lab.config.messages import count
from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import layout, results, view
from d2l_lab.tools import cli
from d2l_lab.tools.inventory import Stored, is_at_work, stored

LOGS = view.RESULTS / "logs"
PATIENCE = timedelta(days=1)  # nobody here knows whether another machine's processes are alive


class Unused(NamedTuple):
    """A folder that may be deleted.

    Parameters
    ----------
    stored : Stored
    date : datetime
    size : int
        In bytes.
    remark : str
    is_kept : bool
        Whether it is too early to delete it.
    """

    stored: Stored
    date: datetime
    size: int
    remark: str = ""
    is_kept: bool = False


# What there is


def unused(plan: Plan) -> list[Unused]:
    """List what no result of the plan needs: other results, and what killed processes left.

    What a process is at work on is left out.
    """
    used = {result.reference for result in plan.results.values()}
    found = [_unused(each) for each in stored() if not is_at_work(each.place)]
    kept = (
        each for each in found if not each.stored.is_result or each.stored.reference not in used
    )
    return sorted(kept, key=lambda each: (each.stored.is_result, each.date), reverse=True)


def _unused(found: Stored) -> Unused:
    states = [path.lstat() for path in (found.folder, *found.files)]
    date = datetime.fromtimestamp(max(state.st_mtime for state in states), UTC)
    size = sum(state.st_size for state in states[1:])
    if found.is_result:
        if found.record:
            return Unused(found, found.started, size)
        return Unused(found, date, size, f"without a valid {layout.PROVENANCE}")
    if found.host in (None, socket.gethostname()):
        return Unused(found, date, size, "left by a killed process")
    is_young = datetime.now(UTC) - date < PATIENCE
    remark = f"left by a process of {found.host}" + (", kept: less than a day old" * is_young)
    return Unused(found, date, size, remark, is_young)


def _logs_of(found: Iterable[Unused], plan: Plan) -> list[Path]:
    """List the logs of what is to be deleted, but for those of results that the plan has."""
    used = {result.reference for result in plan.results.values()}
    doomed = {each.stored.reference: each.stored for each in found if not each.is_kept}
    logs = (
        LOGS / each.stage / f"{each.name}.{each.place.name}.log"
        for reference, each in doomed.items()
        if reference not in used
    )
    return [log for log in logs if log.is_file()]


# What is done to it


def _delete(found: Iterable[Unused], logs: Iterable[Path]) -> None:
    """Delete folders and logs, and the folders that are empty then.

    A result gets a leftover's name first: if this process is killed, no half of it looks whole.
    """
    doomed = [(each.stored.folder, each.stored.place) for each in found if not each.is_kept]
    try:
        for log in logs:
            log.unlink(missing_ok=True)
        for folder, place in doomed:
            shutil.rmtree(folder.rename(results.beside(place, ".damaged")))
            with suppress(OSError):  # they are not empty
                folder.parent.rmdir()
                folder.parent.parent.rmdir()
    except OSError as error:
        raise LabError(
            f"{error.filename}: cannot be deleted: {error.strerror}; "
            "ask who may write its folder to delete it, then run this again for the rest"
        ) from None


# What is said of it


def _listing(found: Sequence[Unused]) -> Iterator[str]:
    """Write what was found, results before leftovers, the newest first."""
    table = {
        "stage": [each.stored.stage for each in found],
        "name": [each.stored.name for each in found],
        "key": [each.stored.place.name for each in found],
        "made": [f"{each.date.astimezone():%Y-%m-%d %H:%M}" for each in found],
        "size": [f"{readable(each.size):>8}" for each in found],
        "remark": [each.remark for each in found],
    }
    yield from cli.columns(table)


def total(found: Iterable[Unused], logs: Sequence[Path]) -> str:
    """Sum up what is to be deleted."""
    doomed = [each for each in found if not each.is_kept]
    results = sum(each.stored.is_result for each in doomed)
    kinds = {"result": results, "leftover": len(doomed) - results, "log": len(logs)}
    parts = [count(number, kind) for kind, number in kinds.items() if number]
    size = sum(each.size for each in doomed) + sum(log.stat().st_size for log in logs)
    return f"{', '.join(parts)}: {readable(size)}"


def readable(size: float) -> str:
    """Write a number of bytes for people."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


def prune(plan: Plan, *, deleting: bool) -> Iterator[str]:
    """Tell what the plan does not use, and delete it if that is asked for.

    Parameters
    ----------
    plan : Plan
    deleting : bool

    Yields
    ------
    str
        Lines for people to read.
    """
    if deleting:
        session.claim_store()
    found = unused(plan)
    if not found:
        yield f"{layout.STORE}: nothing that the present configuration does not use"
        return
    logs = _logs_of(found, plan)
    yield f"{layout.STORE}: what the present configuration does not use"
    yield from _listing(found)
    real = layout.STORE.resolve()
    if real != Path.cwd().resolve() / layout.STORE:
        yield f"{layout.STORE} is {real}: other checkouts may use what this one does not"
    summary = total(found, logs)
    if all(each.is_kept for each in found):
        yield "nothing that can be deleted yet"
    elif deleting:
        _delete(found, logs)
        yield f"deleted {summary}"
    else:
        yield f"{summary}; to delete: make prune DELETE=yes"


def main() -> int:
    """Be the command."""
    parser = cli.parser("prune", __doc__)
    parser.add_argument(
        "--delete", action="store_true", help="delete what is listed; no run may be on"
    )
    args = parser.parse_args()
    return cli.reported(lambda: prune(cli.plan(args), deleting=args.delete))


if __name__ == "__main__":
    sys.exit(main())
