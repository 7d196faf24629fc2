"""Run git without asking for a password, and report its errors in one line."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.tools.differences import some

# Variables that git may see: who commits, how to reach a remote, where settings are. Others could
# point git to another repository, or add to its output.
HEARD = re.compile(
    r"GIT_(AUTHOR|COMMITTER|CONFIG|HTTP|PROXY|SSH|SSL)_.+"
    r"|GIT_(ALLOW_PROTOCOL|ASKPASS|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH|SSH)"
)
OURS = {
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # its messages are parsed, so in English
    **dict.fromkeys(("GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF"), "0"),  # unset
}
LABELS = re.compile(r"^((remote|fatal|error): *| ! )+", re.IGNORECASE)
CHATTER = re.compile(r"(hint:|warning:|To \S+$|failed to push some refs)", re.IGNORECASE)
PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")
NOT_OURS = re.compile(r"dubious ownership in repository at '(.+)'")


class GitError(LabError):
    """A git command failed; `said` is its whole output, and `gist` the line that says why."""

    def __init__(self, said: str):
        self.said = said
        lines = (LABELS.sub("", without_password(line)).strip() for line in said.splitlines())
        self.gist = next((line for line in lines if line and not CHATTER.match(line)), "it failed")
        super().__init__(f"git: {self.gist}")


def git(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run git in the current folder, without a terminal where it could ask for a password.

    Parameters
    ----------
    *arguments : str
    environment : mapping, optional
        Additional environment variables.

    Returns
    -------
    str
        Its output, without the final line break.

    Raises
    ------
    GitError
        If it fails.
    LabError
        If git is not installed.
    """
    theirs = os.environ.items()
    heard = {k: v for k, v in theirs if not k.startswith("GIT_") or HEARD.fullmatch(k)}
    try:
        answer = subprocess.run(
            ["git", *arguments],
            env=heard | OURS | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",  # like Python for file names that are not UTF-8
            start_new_session=True,
            check=False,
        )
    except FileNotFoundError:
        raise LabError("git: not found; install it and try again") from None
    if answer.returncode:
        raise GitError(answer.stderr + answer.stdout)
    return answer.stdout.removesuffix("\n")


def without_password(text: str) -> str:
    """Remove user names and passwords from the addresses in a text."""
    return PASSWORD.sub("", text)


def files(folder: Path) -> list[str]:
    """List the files of a checkout that git tracks or would add, by their relative paths."""
    listed = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    return [name for name in git("-C", str(folder), *listed).split("\0") if name]


def clean_commit(tracked: Path) -> str:
    """Return the short hash of the current commit, if there are no uncommitted changes.

    Parameters
    ----------
    tracked : Path
        A file in the current folder that git must know; otherwise the checkout is another
        project's.

    Raises
    ------
    LabError
        If there is no commit, or there are uncommitted changes.
    """
    try:
        git("ls-files", "--error-unmatch", str(tracked))
    except GitError as error:
        if other := NOT_OURS.search(error.said):
            raise LabError(
                f"{other[1]}: another user owns this checkout, so git does not read it; if you "
                f"trust it, run git config --global --add safe.directory {other[1]}, then try "
                "again"
            ) from None
        raise LabError(
            f"{Path.cwd()}: not a git checkout of this project ({error.gist}); a published book "
            "must belong to a commit, so publish from a clone"
        ) from None
    # Without optional locks, git does not write the index.
    status = ["--no-optional-locks", "status", "--porcelain", "--untracked-files=normal", "."]
    lines = git("-c", "core.quotePath=false", "-c", "core.fsmonitor=false", *status).splitlines()
    if changed := [line[3:] for line in lines]:
        raise LabError(
            f"{some(changed)}: changed, and not committed; a published book must belong to a "
            "commit: git commit, or git stash --include-untracked, then try again"
        )
    return git("rev-parse", "--short", "HEAD")
