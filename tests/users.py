"""Run commands as another user, who may read everything and owns nothing."""

import os
import shutil
from pathlib import Path

import pytest

NOBODY = 65534


def as_nobody() -> list[str]:
    """Return the prefix of a command that runs as nobody; skip the test if that is not allowed.

    The user may read what other users may not, such as a Python in another user's home.
    """
    if os.geteuid() or not shutil.which("setpriv"):
        pytest.skip("needs root, and setpriv, to be another user")
    rights = [f"--{kind}-caps=+dac_read_search" for kind in ("inh", "ambient")]
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *rights]


def give(path: Path) -> None:
    """Make nobody the owner of a file or folder with everything in it."""
    for each in (path, *path.rglob("*")):
        os.chown(each, NOBODY, NOBODY, follow_symlinks=False)
