"""Small disks, which fill up quickly."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(path: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a small disk; skip the test if that is not allowed."""
    path.mkdir()
    size = f"size={kilobytes}k"
    command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", path]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


def remount(path: Path, options: str) -> None:
    """Give a mounted disk other options, such as another size, or ro."""
    subprocess.run(["mount", "-o", f"remount,{options}", path], check=True)
