"""Git, run as a command: it asks nobody for a password, and says in one line what is wrong."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.tools.differences import some

ASKS_NOBODY = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}  # in English, for its words are read
LABELS = re.compile(r"^((remote|fatal|error): *| ! )+", re.IGNORECASE)
CHATTER = re.compile(r"(hint:|warning:|To \S+$|failed to push some refs)", re.IGNORECASE)
PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")


class GitError(LabError):
    """Git could not do something: all that it `said`, and the `gist`, its line that tells why."""

    def __init__(self, said: str):
        self.said = said
        lines = (LABELS.sub("", without_password(line)).strip() for line in said.splitlines())
        self.gist = next((line for line in lines if line and not CHATTER.match(line)), "it failed")
        super().__init__(f"git: {self.gist}")


def git(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run git in the present folder, with more variables; see `ask`."""
    return ask(["git", *arguments], environment)


def ask(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run git, or what calls it, without a terminal on which it could ask for a password.

    Parameters
    ----------
    command : sequence of str
    environment : mapping, optional
        Variables to set for it.

    Returns
    -------
    str
        What it printed, without the line break at its end.

    Raises
    ------
    GitError
        If it fails.
    """
    answer = subprocess.run(
        command,
        env=os.environ | ASKS_NOBODY | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        check=False,
    )
    if answer.returncode:
        raise GitError(answer.stderr + answer.stdout)
    return answer.stdout.removesuffix("\n")


def without_password(text: str) -> str:
    """Take user names and passwords from the addresses in a text."""
    return PASSWORD.sub("", text)


def clean_commit(tracked: Path) -> str:
    """Give the short hash of the commit that is checked out, if nothing was changed since.

    Parameters
    ----------
    tracked : Path
        A file of the present folder that git must know: its checkout may be that of something else.

    Raises
    ------
    LabError
        If there is none, or something was changed.
    """
    try:
        git("ls-files", "--error-unmatch", str(tracked))
    except GitError as error:
        raise LabError(
            f"{Path.cwd()}: not a git checkout of this project ({error.gist}); only the book of a "
            "commit can be published: do so in a clone"
        ) from None
    # Without optional locks the index is not written.
    status = git("-c", "core.quotePath=false", "--no-optional-locks", "status", "--porcelain", ".")
    if changed := [line[3:] for line in status.splitlines()]:
        raise LabError(
            f"{some(changed)}: changed, and not committed; a published book must be that of a "
            "commit: git commit, or git stash --include-untracked, then run this again"
        )
    return git("rev-parse", "--short", "HEAD")
