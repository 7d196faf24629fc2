"""List the store, of any configuration: results, and the leftovers of killed processes."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from d2l_lab.store import layout, locks, provenance, results

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9]+(\.[0-9]+-[0-9]+)?)?")  # of a stage, or a result
FOLDER = re.compile(r"([0-9a-f]{16})(?:\.(.+)-[0-9]+-[0-9a-f]{8}\.(?:part|damaged))?")


class Stored:
    """A folder of the store: a result, or the leftover of a process that was to make one.

    Parameters
    ----------
    folder : Path

    Attributes
    ----------
    stage, name, place : str, str, Path
        Of the result that it is, or was to become.
    host : str or None
        The machine whose process left it, if it is no result.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.stage, self.name = folder.parts[-3:-1]
        key, self.host = FOLDER.fullmatch(folder.name).groups()
        self.place = folder.with_name(key)
        self.reference = layout.reference(self.place)

    @cached_property
    def files(self) -> list[Path]:
        """Everything that is in it but folders; links are not followed."""
        return [file for file in self.folder.rglob("*") if file.is_symlink() or not file.is_dir()]

    @property
    def is_result(self) -> bool:
        """Tell a result from a leftover, and from what is being made, which has an empty folder."""
        return self.host is None and bool(self.files)

    @property
    def is_shard(self) -> bool:
        """Tell a shard from the whole."""
        return self.name != results.whole_name(self.name)

    @cached_property
    def record(self) -> dict[str, Any] | None:
        """Its provenance; None if it has none that is as it was written."""
        return provenance.read_valid(self.folder)

    @property
    def date(self) -> datetime:
        """When it was made; of what has no valid provenance, when it was last changed."""
        if self.is_result and self.record:
            return datetime.fromisoformat(self.record["started"])
        times = [path.lstat().st_mtime for path in (self.folder, *self.files)]
        return datetime.fromtimestamp(max(times), UTC)

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return sum(file.lstat().st_size for file in self.files)


def stored(stage: str = "*", name: str = "*") -> Iterator[Stored]:
    """Yield the folders of results and leftovers, of all stages and names or one; but no links."""
    for folder in sorted(layout.STORE.glob(f"{stage}/{name}/*")):
        *above, key = folder.parts[-3:]
        is_named = FOLDER.fullmatch(key) and all(map(NAME.fullmatch, above))
        is_link = any(path.is_symlink() for path in (folder, *folder.parents[:2]))
        if is_named and folder.is_dir() and not is_link:
            yield Stored(folder)


def is_at_work(place: Path) -> bool:
    """Return whether a process makes the result of this place right now."""
    try:
        descriptor = locks.take(place, shared=True)
    except OSError:  # there is no such folder, or there are no locks
        return False
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None
