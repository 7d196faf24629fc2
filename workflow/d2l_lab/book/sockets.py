"""Provide short paths for sockets, whose addresses are limited to about a hundred characters."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DESCRIPTORS = Path("/proc/self/fd")  # exists on Linux


@contextmanager
def short(folder: Path) -> Iterator[Path]:
    """Yield a short path of a folder, valid for this process and its children.

    The paths of clusters' temporary folders are often too long for a socket. If the system has no
    short paths, this is the folder's own path.
    """
    if not DESCRIPTORS.is_dir():
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/{os.getpid()}/fd/{descriptor}")
    finally:
        os.close(descriptor)
