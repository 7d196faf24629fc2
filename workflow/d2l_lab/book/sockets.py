"""A short way to a folder: the address of a socket holds about a hundred characters."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DESCRIPTORS = Path("/proc/self/fd")  # of Linux


@contextmanager
def short(folder: Path) -> Iterator[Path]:
    """Yield a path of a few characters that leads to a folder, for this process and its children.

    Temporary folders of clusters are often too deep for a socket. Where the system has no such
    path, this is the folder's own.
    """
    if not DESCRIPTORS.is_dir():
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/{os.getpid()}/fd/{descriptor}")
    finally:
        os.close(descriptor)
