"""Locks between processes are released however a process ends."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from d2l_lab.store import locks
from d2l_lab.store.code import ROOT

HOLDER = """
import sys, time
from pathlib import Path
from d2l_lab.store import locks
lock = locks.take(Path(sys.argv[1]), shared=sys.argv[2] == "shared")
print(lock is not None, flush=True)
time.sleep(60)
"""
WAITER = """
import sys
from pathlib import Path
from d2l_lab.store import locks
with locks.alone(Path(sys.argv[1])) as certain:
    print(certain, flush=True)
"""


def start(program, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def held(path, kind="alone"):
    """Make another process hold the lock."""
    process = start(HOLDER, path, kind)
    assert process.stdout.readline() == "True\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def free(descriptor):
    """Release a lock; return whether it was held."""
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is not None


def test_a_lock_has_one_holder(tmp_path):
    with held(tmp_path):
        assert not free(locks.take(tmp_path))
        assert not free(locks.take(tmp_path, shared=True))


def test_a_shared_lock_has_many_holders_and_then_no_exclusive_one(tmp_path):
    with held(tmp_path, "shared"):
        assert free(locks.take(tmp_path, shared=True))
        assert not free(locks.take(tmp_path))


def test_a_killed_holder_loses_its_lock(tmp_path):
    with held(tmp_path) as process:
        process.kill()
        process.wait()
        assert free(locks.take(tmp_path))


def test_an_exclusive_lock_waits_for_the_other_holder(tmp_path):
    with held(tmp_path) as process:
        waiter = start(WAITER, tmp_path)
        with pytest.raises(subprocess.TimeoutExpired):
            waiter.wait(timeout=0.7)
        process.kill()
        assert waiter.communicate(timeout=20)[0] == "True\n"


def test_an_exclusive_lock_ends_with_the_block(tmp_path):
    with locks.alone(tmp_path / "new") as certain:
        assert certain
        assert not free(locks.take(tmp_path / "new"))
    assert free(locks.take(tmp_path / "new"))


def test_a_lock_needs_no_write_permission(tmp_path):
    path = tmp_path / "lock"
    path.touch(mode=0o444)
    before = path.stat().st_mtime_ns
    time.sleep(0.01)
    assert free(locks.take(path))
    assert path.stat().st_mtime_ns == before


def test_nobody_waits_if_the_file_system_has_no_locks(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with locks.alone(tmp_path) as certain:
        assert not certain
    with pytest.raises(OSError, match="No locks available"):
        locks.take(tmp_path)
