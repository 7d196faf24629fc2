"""List what the current configuration does not use of the store, and delete it on request."""

import shutil
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from d2l_lab.config.messages import count
from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import layout, results, view
from d2l_lab.tools import cli
from d2l_lab.tools.inventory import Stored, is_at_work, stored

LOGS = view.RESULTS / "logs"
PATIENCE = timedelta(days=1)  # other machines' processes may be alive


def unused(plan: Plan) -> list[Stored]:
    """List results that the plan does not need, then leftovers of killed processes.

    Results being made are left out.
    """
    used = {result.reference for result in (*plan.results.values(), *plan.borrowed)}
    found = [each for each in stored() if not is_at_work(each.place)]
    kept = (each for each in found if not each.is_result or each.reference not in used)
    return sorted(kept, key=lambda each: (each.is_result, each.date), reverse=True)


def is_foreign(found: Stored) -> bool:
    """Return whether a process of another machine left it."""
    return found.host not in (None, socket.gethostname())


def is_kept(found: Stored) -> bool:
    """Return whether it is too early to delete it, since its process may be alive elsewhere."""
    return is_foreign(found) and datetime.now(UTC) - found.date < PATIENCE


def _remark(found: Stored) -> str:
    if found.is_result:
        return "" if found.record else f"without a valid {layout.PROVENANCE}"
    whose = f"process of {found.host}" if is_foreign(found) else "killed process"
    return f"left by a {whose}" + (", kept: less than a day old" if is_kept(found) else "")


def _logs(doomed: Iterable[Stored], plan: Plan) -> list[Path]:
    """List the logs of the results to delete, except those that belong to the plan's results."""
    used = {result.reference for result in plan.results.values()}
    gone = {each.reference: each for each in doomed if each.reference not in used}
    logs = (LOGS / x.stage / f"{x.name}.{x.place.name}.log" for x in gone.values())
    return [log for log in logs if log.is_file()]


def _delete(doomed: Iterable[Stored], logs: Iterable[Path]) -> None:
    """Delete folders and logs, and folders that this leaves empty.

    A result is first renamed as a leftover, so that it does not look complete if this process is
    killed halfway.
    """
    try:
        for log in logs:
            log.unlink(missing_ok=True)
        for each in doomed:
            shutil.rmtree(each.folder.rename(results.beside(each.place, ".damaged")))
            with suppress(OSError):  # they are not empty
                each.folder.parent.rmdir()
                each.folder.parent.parent.rmdir()
    except OSError as error:
        raise LabError(
            f"{error.filename}: cannot be deleted: {error.strerror}; "
            "ask someone who can write to its folder to delete it, then run this again for the rest"
        ) from None


def _listing(found: Sequence[Stored]) -> Iterator[str]:
    """List what was found, results before leftovers, newest first."""
    table = {
        "stage": [each.stage for each in found],
        "name": [each.name for each in found],
        "key": [each.place.name for each in found],
        "made": [f"{each.date.astimezone():%Y-%m-%d %H:%M}" for each in found],
        "size": [f"{readable(each.size):>8}" for each in found],
        "remark": [_remark(each) for each in found],
    }
    yield from cli.columns(table)


def _total(doomed: Sequence[Stored], logs: Sequence[Path]) -> str:
    """Summarise what will be deleted."""
    results = sum(each.is_result for each in doomed)
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
    """List what the plan does not use, and delete it on request.

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
        yield f"{layout.STORE}: nothing that the current configuration does not use"
        return
    doomed = [each for each in found if not is_kept(each)]
    logs = _logs(doomed, plan)
    yield f"{layout.STORE}: not used by the current configuration"
    yield from _listing(found)
    real = layout.STORE.resolve()
    if real != Path.cwd().resolve() / layout.STORE:
        yield f"{layout.STORE} is {real}: other checkouts may use what this one does not"
    summary = _total(doomed, logs)
    if not doomed:
        yield "nothing that can be deleted yet"
    elif deleting:
        _delete(doomed, logs)
        yield f"deleted {summary}"
    else:
        yield f"{summary}; to delete: make prune DELETE=yes"


def main() -> int:
    """Run the command."""
    parser = cli.parser("prune", __doc__)
    parser.add_argument(
        "--delete", action="store_true", help="delete what is listed; no run may be active"
    )
    args = parser.parse_args()
    return cli.reported(lambda: prune(cli.plan(args), deleting=args.delete))


if __name__ == "__main__":
    sys.exit(main())
