"""Another user than the one who runs the tests, who may read everything and owns nothing."""

import os
import shutil
from pathlib import Path

import pytest

NOBODY = 65534


def as_nobody() -> list[str]:
    """Give what a command begins with to run as nobody; skip the test where that is not allowed.

    Nobody may read what others may not, such as a Python in another user's home.
    """
    if os.geteuid() or not shutil.which("setpriv"):
        pytest.skip("needs root, and setpriv, to be another user")
    rights = [f"--{kind}-caps=+dac_read_search" for kind in ("inh", "ambient")]
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *rights]


def give(path: Path) -> None:
    """Let a file or folder, with all in it, belong to nobody."""
    for each in (path, *path.rglob("*")):
        os.chown(each, NOBODY, NOBODY, follow_symlinks=False)
