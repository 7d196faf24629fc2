"""Read which commit of this project is checked out."""

import os
import subprocess
from typing import TypedDict

from d2l_lab.store.code import ROOT


class Commit(TypedDict):
    """A commit with its full hash, and whether a tracked file has changed since."""

    hash: str
    changed: bool


def commit() -> Commit | None:
    """Read the commit; None without git, or if the project is not in its own checkout."""
    try:
        known = _git("ls-files", "--error-unmatch", "d2l_lab")
        return Commit(hash=_git("rev-parse", "HEAD"), changed=_is_changed()) if known else None
    except (OSError, subprocess.CalledProcessError):
        return None


def _is_changed() -> bool:
    # Without optional locks, git does not write the index.
    status = ("status", "--porcelain", "--untracked-files=no", "..")
    return bool(_git("--no-optional-locks", "-c", "core.fsmonitor=false", *status))


def _git(*arguments: str) -> str:
    """Run git in this project, even if the environment points to another repository."""
    answer = subprocess.run(
        ["git", *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return answer.stdout.strip()
