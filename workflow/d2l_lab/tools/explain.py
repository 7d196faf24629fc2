"""Say for each result whether a run would make it, and why; change nothing."""

import sys
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from d2l_lab.pipeline.result import Result
from d2l_lab.pipeline.session import divergence_of
from d2l_lab.pipeline.status import Status
from d2l_lab.store import provenance, results
from d2l_lab.tools import cli
from d2l_lab.tools.differences import differences, joined, some
from d2l_lab.tools.inventory import stored

CURRENT = "up to date"


class State(Enum):
    """The actions of a run on a result."""

    UP_TO_DATE = CURRENT
    TO_SHOW = "to show"
    TO_MAKE = "to make"
    NOT_NEEDED = "not needed"


class Reason(NamedTuple):
    """The action of a run on one result, and its reason."""

    result: Result
    state: State
    words: str

    def __str__(self) -> str:
        return f"{self.result.stage} {self.result.name}: {self.words}"


def explain(status: Status) -> list[Reason]:
    """Return for each result of a plan, in its order, what a run would do."""
    needed = {*status.to_make}
    stale: dict[Result, list[str]] = {}
    for path in status.stale:
        if path in status.expected:
            words = "differs" if path.exists() else "is missing"
            stale.setdefault(status.expected[path], []).append(f"{path} {words}")

    def reason(result: Result) -> tuple[State, str]:
        if result in stale:
            return State.TO_SHOW, f"will be shown again: {some(stale[result])}"
        if status.has(result):
            lost = divergence_of(result)
            return State.UP_TO_DATE, f"{CURRENT}; {lost}" if lost else CURRENT
        if result in needed:
            return State.TO_MAKE, f"will be made: {why(result)}"
        words = joined(faults(result.folder)) if result in status.modified else "not there"
        return State.NOT_NEEDED, f"{words}, but not needed: the results that use it exist"

    return [Reason(result, *reason(result)) for result in status.plan.results.values()]


def why(result: Result) -> str:
    """Say why the store has no result under a key, or only a modified one."""
    if renamed := name_before(result):
        return f"renamed: copied from {renamed}, nothing is trained"
    known = known_replicates(result)
    wanted = result.settings.get("replicates", 0)
    verb = "is" if known == 1 else "are"
    kept = f" ({'all' if known >= wanted else known} {verb} kept)" if known else ""
    if found := faults(result.folder):
        return joined(found) + kept
    if known:
        return f"replicates {known} → {wanted}{kept}"
    earlier = newest_beside(result)
    changes = earlier and differences(earlier, result.ingredients)
    return joined(changes) if changes else "for the first time"


def faults(folder: Path) -> list[str]:
    """Say what is wrong with a result's files; nothing if they are all right."""
    is_there = folder.is_dir() and any(folder.iterdir())
    found = provenance.modified_files(folder) if is_there else {}
    return [f"{name} {words}" for name, words in found.items()]


def name_before(result: Result) -> str | None:
    """Return the training with the same key but another name that all replicas are copied from."""
    if result.stage not in {"train", "kfold"}:
        return None
    for folder, _ in results.relatives(result.folder, result.ingredients, apart_from=()):
        if folder.name != result.key:
            return None
        if not provenance.modified_files(folder):
            return folder.parent.name
    return None


def known_replicates(result: Result) -> int:
    """Count the replicates that a training would copy from an earlier result."""
    if result.stage != "train" or result.is_shard:
        return 0
    found = results.relatives(result.folder, result.ingredients, ("replicates",), result.name)
    kept = [record for folder, record in found if not provenance.modified_files(folder)]
    return max((each["ingredients"]["settings"]["replicates"] for each in kept), default=0)


def newest_beside(result: Result) -> dict[str, Any] | None:
    """Return the ingredients of the newest other result of this name, if there is one."""
    found = stored(result.stage, result.name)
    others = [each for each in found if each.is_result and each.folder != result.folder]
    known = [each for each in others if each.record]
    newest = max(known, key=lambda each: each.date, default=None)
    return newest and newest.record["ingredients"]


def lines(status: Status, *, everything: bool) -> Iterator[str]:
    """Explain what a run would do, for people to read.

    Parameters
    ----------
    status : Status
    everything : bool
        Whether each up-to-date result has its own line. Otherwise each stage has one line for all,
        and only diverged trainings have their own.
    """
    reasons = explain(status)
    gone = [str(path) for path in status.stale if path not in status.expected]
    counts = Counter(reason.state for reason in reasons)
    if counts[State.TO_MAKE]:
        yield f"{counts[State.TO_MAKE]} of {len(reasons)} results will be made"
    elif counts[State.UP_TO_DATE] < len(reasons) or gone:
        yield "nothing will be made"
    else:
        yield "everything is up to date"
    for reason in reasons:
        if everything or reason.words != CURRENT:
            yield str(reason)
    if gone:
        yield f"removed or replaced, since they are of other results: {some(gone)}"
    if not everything:
        current = [reason for reason in reasons if reason.state is State.UP_TO_DATE]
        stages = Counter(reason.result.stage for reason in current)
        yield from (f"{stage}: {number} up to date" for stage, number in stages.items())


def main() -> int:
    """Run the command."""
    parser = cli.parser("explain", __doc__)
    parser.add_argument(
        "--all", action="store_true", help="list each up-to-date result on a line of its own"
    )
    args = parser.parse_args()
    return cli.reported(lambda: lines(Status(cli.plan(args)), everything=args.all))


if __name__ == "__main__":
    sys.exit(main())
