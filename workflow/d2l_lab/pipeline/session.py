"""What must be so before a run starts its first job, and stay so until it ends."""

import json
import os
import socket
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import chain
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan, Result
from d2l_lab.store import keys, layout, locks, provenance

RESULTS = Path("results")
REPORT = RESULTS / "book" / "report.html"  # part of what is published
SHOWN = RESULTS / ".shown"
RUN_LOCK = RESULTS / ".run"
STORE_LOCK = layout.STORE / ".run"
SEVERAL = 2  # jobs: for one alone, a module is not worth loading in a process of its own


# One run at a time


def be_the_only_one() -> None:
    """Take the lock of this folder's results for as long as this process lives.

    Raises
    ------
    LabError
        If another run has it.
    """
    RESULTS.mkdir(exist_ok=True)
    RUN_LOCK.touch()
    if _taken(RUN_LOCK) is None:
        raise LabError(
            f"{RESULTS}: another run is at work in this folder ({RUN_LOCK.read_text().strip()}); "
            "wait until it has ended, or stop it with Ctrl-C"
        )
    now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    RUN_LOCK.write_text(f"process {os.getpid()} on {socket.gethostname()} since {now}\n")


def use_the_store() -> None:
    """Keep others from deleting results of the store for as long as this process lives.

    Raises
    ------
    LabError
        If somebody deletes some right now.
    """
    with suppress(OSError):  # a store that this user may only read
        layout.STORE.mkdir(parents=True, exist_ok=True)
        STORE_LOCK.touch()
    if STORE_LOCK.exists() and _taken(STORE_LOCK, shared=True) is None:
        raise LabError(f"{layout.STORE}: results are being deleted; run again when that is done")


def have_the_store_alone() -> None:
    """Take the store for this process alone.

    Raises
    ------
    LabError
        If a run is on that uses it, from this checkout or another one.
    """
    if STORE_LOCK.exists() and _taken(STORE_LOCK) is None:
        raise LabError(
            f"{layout.STORE}: a run is on that uses it; wait until it has ended, then run this again"
        )


def _taken(path: Path, *, shared: bool = False) -> int | None:
    """Take a lock until the process ends; where there are no locks, there is no one to fear."""
    try:
        return locks.take(path, shared=shared)
    except OSError:
        return -1


# What there is already


class Standing:
    """What a run finds as it starts, and what it therefore has to make. Nothing is changed.

    Of all results, files that are missing or of another size are noticed. Of those that the coming
    jobs are going to read, and of what is shown, every byte is looked at.

    Parameters
    ----------
    plan : Plan
    view : Path
        The mark of what is shown; see `view_of`.

    Attributes
    ----------
    altered : dict from results to names of files
        The results that are not as they were made, and have to be made again if they are needed.
    is_shown : bool
        Whether all that people read is there, as it should be. Then nothing is needed.
    to_make : list of Result
        What the view needs, and what that needs, in an order that works.
    """

    def __init__(self, plan: Plan, view: Path):
        self.plan = plan
        self.altered: dict[Result, list[str]] = {}
        self.is_shown = is_shown(view)
        made = filter(is_made, plan.results.values())
        self._look_at(one for one in made if not provenance.is_whole(folder_of(one)))
        checked: set[Result] = set()
        while unknown := {*self._read()} - checked:
            self._look_at(unknown)
            checked |= unknown
        self.to_make = self._missing()

    def has(self, result: Result) -> bool:
        """Tell whether a run finds a result, and takes it as it is."""
        return is_made(result) and result not in self.altered

    def _look_at(self, results: Iterable[Result]) -> None:
        for result in results:
            if names := provenance.modified_files(folder_of(result)):
                self.altered[result] = names

    def _missing(self) -> list[Result]:
        return [] if self.is_shown else self.plan.missing(self.has)

    def _read(self) -> Iterator[Result]:
        """Give the results that the coming jobs read."""
        if not self.is_shown:
            inputs = (one.needs for one in self._missing())
            yield from filter(self.has, chain(self.plan.shown, *inputs))


def forget_what_was_altered(standing: Standing, view: Path) -> None:
    """Take the mark from what is not as it was made, or not as it was shown: it is made again.

    Raises
    ------
    LabError
        If that is not allowed.
    """
    for result in standing.altered:
        try:
            Path(result.mark).unlink()
        except OSError as error:
            raise LabError(
                f"{folder_of(result)}: altered since it was made, and cannot be made again: "
                f"{error.strerror}; ask who may write this folder to delete it"
            ) from None
    if not standing.is_shown:
        view.unlink(missing_ok=True)


def view_of(plan: Plan) -> Path:
    """Give the mark that says that what people read is this plan's."""
    return SHOWN / plan.view_key


def modules_of(results: Iterable[Result]) -> list[list[str]]:
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
    for one in results:
        code = keys.code_for(one.stage, one.settings)
        needed.setdefault(one.stage, Counter()).update([*code.imported, *code.modules])
    jobs = sum(needed.values(), Counter())
    groups, listed = [], set()
    for names in needed.values():
        groups.append([name for name in names if jobs[name] >= SEVERAL and name not in listed])
        listed.update(groups[-1])
    return [group for group in groups if group]


def is_made(result: Result) -> bool:
    """Tell whether the store has a result."""
    return Path(result.mark).exists()


def folder_of(result: Result) -> Path:
    """Give the folder of a result."""
    return Path(result.mark).parent


def is_shown(view: Path) -> bool:
    """Tell whether all that people read is there, byte by byte as it was shown."""
    return not not_as_shown(view)


def not_as_shown(view: Path) -> list[Path]:
    """List what people read that is missing, or not as it was shown.

    Parameters
    ----------
    view : Path
        The mark, which lists the files with their checksums; it stands for them if it cannot be
        read.
    """
    lost = [] if REPORT.exists() else [REPORT]
    try:
        files = {RESULTS / name: file for name, file in json.loads(view.read_text("utf-8")).items()}
        return [path for path in files if not provenance.is_as_written(path, files[path])] + lost
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return lost or [view]
