"""Locks that the operating system releases when a process ends, however it ends."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


def take(path: Path, *, shared: bool = False) -> int | None:
    """Take the lock of a file or folder, if it is free.

    Parameters
    ----------
    path : Path
        It must exist; it is not changed.
    shared : bool
        Whether other processes may hold shared locks at the same time.

    Returns
    -------
    int or None
        A descriptor that releases the lock when closed; None if another process holds the lock.

    Raises
    ------
    OSError
        If the path cannot be read, or its file system does not support locks.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return descriptor


def hold(path: Path, *, shared: bool = False) -> bool:
    """Take a lock until this process ends; return False if another process holds it.

    If the file system does not support locks, continue without.
    """
    try:
        return take(path, shared=shared) is not None
    except OSError:
        return True


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Wait until no other process works on a folder.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.

    Yields
    ------
    bool
        Whether this is certain; without support for locks, there is no waiting.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield _wait(descriptor, folder)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, folder: Path) -> bool:
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("another process is working on %s; waiting for it", folder)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        return False
    return True
