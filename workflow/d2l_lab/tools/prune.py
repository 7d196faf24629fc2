"""List what the store has and the present configuration does not use; delete it if asked to."""

import os
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from d2l_lab.config.messages import count
from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import layout, locks, provenance, results
from d2l_lab.tools import cli

PLACE = re.compile(
    r"[a-z][a-z0-9_]*(\.[a-z0-9]+(\.[0-9]+-[0-9]+)?)?"
)  # of a stage, and of a name within it
RESULT = re.compile(r"[0-9a-f]{16}")
LEFTOVER = re.compile(r"([0-9a-f]{16})\.(?P<host>.+)-[0-9]+-[0-9a-f]{8}\.(part|damaged)")
LOGS = session.RESULTS / "logs"
PATIENCE = timedelta(days=1)  # of another machine's processes nobody here knows if they live


class Found(NamedTuple):
    """A folder that may be deleted.

    Parameters
    ----------
    path : Path
    is_result : bool
        Else it is what a killed process left.
    date : datetime
    size : int
        In bytes.
    remark : str
    is_kept : bool
        Whether it is too early to delete it.
    """

    path: Path
    is_result: bool
    date: datetime
    size: int
    remark: str = ""
    is_kept: bool = False


# What there is


def unused(plan: Plan) -> list[Found]:
    """List what no result of the plan needs: other results, and what killed processes left.

    What a process is at work on is left out.
    """
    used = {layout.result_folder(one.reference) for one in plan.results.values()}
    found = [_found(path, used) for path in entries() if not is_at_work(place_of(path))]
    return sorted(filter(None, found), key=lambda one: one.date, reverse=True)


def entries() -> Iterator[Path]:
    """Give all folders in the store that look like a result or a leftover; links are no folders."""
    for stage in _folders(layout.STORE, PLACE.fullmatch):
        for name in _folders(stage, PLACE.fullmatch):
            yield from _folders(name, lambda one: RESULT.fullmatch(one) or LEFTOVER.fullmatch(one))


def _folders(folder: Path, fits: Callable[[str], object]) -> list[Path]:
    with suppress(FileNotFoundError), os.scandir(folder) as inside:
        return [
            folder / one.name
            for one in sorted(inside, key=lambda one: one.name)
            if one.is_dir(follow_symlinks=False) and fits(one.name)
        ]
    return []


def place_of(path: Path) -> Path:
    """Give the place of the result that a folder is, or was to become."""
    return path.with_name(path.name.partition(".")[0])


def is_at_work(place: Path) -> bool:
    """Tell whether a process makes the result of this place right now."""
    try:
        descriptor = locks.take(place, shared=True)
    except OSError:  # there is no such folder, or there are no locks
        return False
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None


def _found(path: Path, used: set[Path]) -> Found | None:
    files = [file for file in path.rglob("*") if file.is_symlink() or not file.is_dir()]
    size = sum(file.lstat().st_size for file in files)
    times = [file.lstat().st_mtime for file in (path, *files)]
    date = datetime.fromtimestamp(max(times), UTC)
    if leftover := LEFTOVER.fullmatch(path.name):
        host = leftover["host"]
        if host == socket.gethostname():
            return Found(path, False, date, size)
        is_young = datetime.now(UTC) - date < PATIENCE
        remark = f"of {host}" + (", kept: less than a day old" if is_young else "")
        return Found(path, False, date, size, remark, is_young)
    if not files:
        return Found(path, False, date, size, "empty")
    if path in used:
        return None
    try:
        return Found(path, True, datetime.fromisoformat(provenance.read(path)["started"]), size)
    except (OSError, ValueError, KeyError, TypeError):
        return Found(path, True, date, size, f"without a valid {layout.PROVENANCE}")


def logs_of(found: Iterable[Found], plan: Plan) -> list[Path]:
    """List the logs of what is to be deleted, but for those of results that the plan has."""
    used = {one.reference for one in plan.results.values()}
    references = (layout.reference(place_of(one.path)) for one in found if not one.is_kept)
    paths = (_log(reference) for reference in dict.fromkeys(references) if reference not in used)
    return [path for path in paths if path.is_file()]


def _log(reference: str) -> Path:
    stage, name, key = reference.split("/")
    return LOGS / stage / f"{name}.{key}.log"


# What is done to it


def delete(found: Iterable[Found], logs: Iterable[Path]) -> None:
    """Delete folders and logs, and the folders that are empty then.

    A result gets a leftover's name first: if this process is killed, no half of it looks whole.

    Raises
    ------
    LabError
        If something cannot be deleted.
    """
    try:
        for log in logs:
            log.unlink(missing_ok=True)
        for one in found:
            if not one.is_kept:
                shutil.rmtree(_doomed(one.path) if one.is_result else one.path)
    except OSError as error:
        raise LabError(
            f"{error.filename}: cannot be deleted: {error.strerror}; "
            "ask who may write its folder to delete it, then run this again for the rest"
        ) from None
    for stage in _folders(layout.STORE, PLACE.fullmatch):
        for folder in (*_folders(stage, PLACE.fullmatch), stage):
            with suppress(OSError):  # it is not empty
                folder.rmdir()


def _doomed(result: Path) -> Path:
    return result.rename(results.beside(result, ".damaged"))


# What is said of it


def listing(found: Sequence[Found]) -> Iterator[str]:
    """Write what was found: results by stage, then leftovers; the newest first."""
    results = sorted((one for one in found if one.is_result), key=_stage)
    width = max((len(one.path.parent.name) for one in results), default=0)
    for stage, ones in groupby(results, key=_stage):
        yield f"\n{stage}"
        for one in ones:
            yield _line(f"{one.path.parent.name:{width}}  {one.path.name}", one)
    left = [one for one in found if not one.is_result]
    if left:
        yield "\nleft by processes that were killed"
        width = max(len(layout.reference(one.path)) for one in left)
        yield from (_line(f"{layout.reference(one.path):{width}}", one) for one in left)


def _stage(one: Found) -> str:
    return one.path.parts[-3]


def _line(what: str, one: Found) -> str:
    line = f"  {what}  {one.date.astimezone():%Y-%m-%d %H:%M}  {readable(one.size):>8}"
    return f"{line}  {one.remark}".rstrip()


def total(found: Iterable[Found], logs: Sequence[Path]) -> str:
    """Sum up what is to be deleted."""
    doomed = [one for one in found if not one.is_kept]
    results = sum(one.is_result for one in doomed)
    kinds = {"result": results, "leftover": len(doomed) - results, "log": len(logs)}
    parts = [count(number, kind) for kind, number in kinds.items() if number]
    size = sum(one.size for one in doomed) + sum(log.stat().st_size for log in logs)
    return f"{', '.join(parts)}: {readable(size)}"


def readable(size: float) -> str:
    """Write a number of bytes for people."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


def warning() -> Iterator[str]:
    """Say who else may use the store, if it lies elsewhere."""
    real = layout.STORE.resolve()
    if real != Path.cwd().resolve() / layout.STORE:
        yield f"{layout.STORE} is {real}: other checkouts may use what this one does not"


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
        session.have_the_store_alone()
    found = unused(plan)
    if not found:
        yield f"{layout.STORE}: nothing that the present configuration does not use"
        return
    logs = logs_of(found, plan)
    yield f"{layout.STORE}: what the present configuration does not use"
    yield from listing(found)
    yield ""
    yield from warning()
    summary = total(found, logs)
    if all(one.is_kept for one in found):
        yield "nothing that can be deleted yet"
    elif deleting:
        delete(found, logs)
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

    def tell() -> int:
        for line in prune(cli.plan(args), deleting=args.delete):
            cli.say(line)
        return 0

    return cli.reported(tell)


if __name__ == "__main__":
    sys.exit(main())
