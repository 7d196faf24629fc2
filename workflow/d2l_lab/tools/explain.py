"""Tell of each result whether a run would make it, and why; nothing is changed."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan, Result
from d2l_lab.stages import shards
from d2l_lab.store import layout, provenance, results
from d2l_lab.tools import cli
from d2l_lab.tools.differences import differences, joined, some, some_results


class State(Enum):
    """What a run would do about a result."""

    UP_TO_DATE = "up to date"
    TO_MAKE = "to make"
    NOT_NEEDED = "not needed"


class Reason(NamedTuple):
    """What a run would do about one result, and why."""

    stage: str
    name: str
    state: State
    words: str

    def __str__(self) -> str:
        return f"{self.stage} {self.name}: {self.words}"


def explain(plan: Plan, view: Path) -> list[Reason]:
    """Tell of each result of a plan, in its order, and of the view, what a run would do.

    Parameters
    ----------
    plan : Plan
    view : Path
        The mark of what is shown.
    """
    standing = session.Standing(plan, view)
    needed = {*standing.to_make}
    reasons = [_reason(one, standing, one in needed) for one in plan.results.values()]
    return [*reasons, _reason_of_view(view, standing)]


def _reason(result: Result, standing: session.Standing, needed: bool) -> Reason:
    def reason(state: State, words: str) -> Reason:
        return Reason(result.stage, result.name, state, words)

    if standing.has(result):
        return reason(State.UP_TO_DATE, "up to date")
    if needed:
        return reason(State.TO_MAKE, f"will be made: {why(result, standing.altered)}")
    found = faults(session.folder_of(result), standing.altered.get(result, []))
    words = "not needed: what rests on it is there"
    return reason(State.NOT_NEEDED, f"{joined(found) or 'not there'}, and {words}")


def why(result: Result, altered: Mapping[Result, Sequence[str]]) -> str:
    """Say why there is no result at a key.

    Parameters
    ----------
    result : Result
        That a run would make.
    altered : mapping from results to names of files
        See `session.Standing`.
    """
    folder, ingredients = session.folder_of(result), result.ingredients
    known = known_replicates(folder, ingredients)
    kept = f" ({_kept(known, result.settings['replicates'])})" if known else ""
    if found := faults(folder, altered.get(result, _without_mark(folder))):
        return joined(found) + kept
    if known:
        return f"replicates {known} → {result.settings['replicates']}{kept}"
    earlier = newest_beside(folder)
    return joined(differences(earlier, ingredients)) if earlier else "for the first time"


def known_replicates(folder: Path, ingredients: Mapping[str, Any]) -> int:
    """Count the replicates that a training would take from an earlier result."""
    if ingredients["stage"] != "train" or shards.ONLY in ingredients["settings"]:
        return 0
    found = results.relatives(folder, ingredients, apart_from=("replicates",))
    kept = (
        one["ingredients"]["settings"]
        for other, one in found
        if not provenance.modified_files(other)
    )
    return max((one["replicates"] for one in kept), default=0)


def _kept(known: int, wanted: int) -> str:
    if known >= wanted:
        return "all are kept"
    return f"{known} {'is' if known == 1 else 'are'} kept"


def newest_beside(folder: Path) -> dict[str, Any] | None:
    """Give the ingredients of the newest result beside a place, if there is one."""
    others = (mark.parent for mark in folder.parent.glob(f"*/{layout.PROVENANCE}"))
    found = filter(None, (provenance.read_valid(one) for one in others if one != folder))
    newest = max(found, key=lambda one: one["started"], default=None)
    return newest and newest["ingredients"]


def _without_mark(folder: Path) -> list[str]:
    """Name the mark if a result has files and not it; an empty folder is no result."""
    return [layout.PROVENANCE] if folder.is_dir() and any(folder.iterdir()) else []


def faults(folder: Path, names: Iterable[str]) -> list[str]:
    """Say what is wrong with each of these files."""
    return [
        f"{name} was altered" if (folder / name).exists() else f"{name} is missing"
        for name in names
    ]


# The view


def _reason_of_view(view: Path, standing: session.Standing) -> Reason:
    if standing.is_shown:
        return Reason("show", "results", State.UP_TO_DATE, "up to date")
    words = f"will be shown {_why_shown(view, standing)}"
    return Reason("show", "results", State.TO_MAKE, words)


def _why_shown(view: Path, standing: session.Standing) -> str:
    if view.exists():
        return f"again: {some(faults(Path(), map(str, session.not_as_shown(view))))}"
    before = _listed(next(view.parent.glob("*"), view))
    if before is None:
        shown = {session.RESULTS / one.shelf for one in standing.plan.shown}
        again = any(folder.exists() for folder in shown)
        return "again: what is there now may be incomplete" if again else "for the first time"
    changed = [one for one in standing.plan.shown if not _was_shown(one, before, standing)]
    if changed:
        names = [f"{one.stage} {one.name}" for one in changed]
        return f"again: {some_results(names)}: not what is shown now"
    shelved = {one.shelf for one in standing.plan.shown}
    now = {f"{one.shelf}/{file}" for one in standing.plan.shown for file in one.files}
    gone = [
        name
        for name in before
        if name not in now
        and (
            name.partition("/")[0] not in shelved
            or (name.endswith(layout.READ_BY_PEOPLE) and not name.startswith("book/"))
        )
    ]
    if gone:
        return f"again: without {some(gone)}"
    return "again: its results, or how they are shown, changed, though their files did not"


def _was_shown(result: Result, before: Mapping[str, Any], standing: session.Standing) -> bool:
    """Tell whether an earlier view holds the files of a result."""
    if not standing.has(result):
        return False
    files = provenance.read(session.folder_of(result))["files"]
    return all(
        before.get(f"{result.shelf}/{name}") == file
        for name, file in files.items()
        if layout.is_read_by_people(result.stage, name)
    )


def _listed(view: Path) -> dict[str, Any] | None:
    """Read which files a view has, with their checksums; None if that is not known."""
    try:
        files = json.loads(view.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return files if isinstance(files, dict) else None


# The command


def lines(reasons: Sequence[Reason], *, everything: bool) -> Iterator[str]:
    """Write reasons for people to read.

    Parameters
    ----------
    reasons : sequence of Reason
    everything : bool
        Whether each result that is up to date has its line; else each stage has one for them.
    """
    counts = Counter(one.state for one in reasons)
    if counts[State.TO_MAKE]:
        yield f"{counts[State.TO_MAKE]} of {len(reasons)} results will be made"
    elif counts[State.NOT_NEEDED]:
        yield "nothing will be made"
    else:
        yield "everything is up to date"
    yield from (str(one) for one in reasons if everything or one.state is not State.UP_TO_DATE)
    if not everything:
        stages = Counter(one.stage for one in reasons if one.state is State.UP_TO_DATE)
        yield from (f"{stage}: {number} up to date" for stage, number in stages.items())


def main() -> int:
    """Be the command."""
    parser = cli.parser("explain", __doc__)
    parser.add_argument(
        "--all", action="store_true", help="give each result that is up to date a line of its own"
    )
    args = parser.parse_args()

    def tell() -> int:
        plan = cli.plan(args)
        for line in lines(explain(plan, session.view_of(plan)), everything=args.all):
            cli.say(line)
        return 0

    return cli.reported(tell)


if __name__ == "__main__":
    sys.exit(main())
