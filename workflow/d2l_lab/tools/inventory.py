"""List everything in the store: results of any configuration, and killed processes' leftovers."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from d2l_lab.store import layout, locks, provenance, results

# The name of a stage or a result.
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9]+(\.[0-9]+-[0-9]+)?)?")
FOLDER = re.compile(r"([0-9a-f]{16})(?:\.(.+)-[0-9]+-[0-9a-f]{8}\.(?:part|damaged))?")


class Stored:
    """A folder of the store: a result, or the leftover of a process that was making one.

    Parameters
    ----------
    folder : Path

    Attributes
    ----------
    stage, name, place : str, str, Path
        The result that it is, or was to become.
    host : str or None
        The machine of the process that left it; None for a result.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.stage, self.name = folder.parts[-3:-1]
        key, self.host = FOLDER.fullmatch(folder.name).groups()
        self.place = folder.with_name(key)
        self.reference = layout.reference(self.place)

    @cached_property
    def files(self) -> list[Path]:
        """All files in it, without following links."""
        return [file for file in self.folder.rglob("*") if file.is_symlink() or not file.is_dir()]

    @property
    def is_result(self) -> bool:
        """Whether it is a result, not a leftover or the empty folder of one being made."""
        return self.host is None and bool(self.files)

    @property
    def is_shard(self) -> bool:
        """Whether it is a shard."""
        return self.name != results.whole_name(self.name)

    @cached_property
    def record(self) -> dict[str, Any] | None:
        """Its provenance; None if that is missing or was modified."""
        return provenance.read_valid(self.folder)

    @property
    def date(self) -> datetime:
        """When it was made, or, without a valid provenance, last changed."""
        if self.is_result and self.record:
            return datetime.fromisoformat(self.record["started"])
        times = [path.lstat().st_mtime for path in (self.folder, *self.files)]
        return datetime.fromtimestamp(max(times), UTC)

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return sum(file.lstat().st_size for file in self.files)


def stored(stage: str = "*", name: str = "*") -> Iterator[Stored]:
    """Yield the folders of results and leftovers, of all or one stage and name; skip links."""
    for folder in sorted(layout.STORE.glob(f"{stage}/{name}/*")):
        *above, key = folder.parts[-3:]
        is_named = FOLDER.fullmatch(key) and all(map(NAME.fullmatch, above))
        is_link = any(path.is_symlink() for path in (folder, *folder.parents[:2]))
        if is_named and folder.is_dir() and not is_link:
            yield Stored(folder)


def is_at_work(place: Path) -> bool:
    """Return whether a process is making this result now."""
    try:
        descriptor = locks.take(place, shared=True)
    except OSError:  # no such folder, or no support for locks
        return False
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None
