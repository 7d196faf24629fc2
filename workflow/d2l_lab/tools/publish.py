"""Put the book on a branch from which a host such as GitHub Pages serves it."""

import re
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.planning import CONFIG
from d2l_lab.tools import cli
from d2l_lab.tools.git import GitError, ask, clean_commit, git, without_password

BOOK = session.REPORT.parent
IDENTITY = re.compile(r"(?P<name>.*) <(?P<email>.*)> \d+ [+-]\d+")
MOVED = re.compile(r"\t\[rejected\]|is at \w+ but expected")
GITHUB = re.compile(r"github\.com[:/](?P<owner>[^/]+)/(?P<name>[^/]+?)(\.git)?/?$")


class Place(NamedTuple):
    """Where a book is published.

    Parameters
    ----------
    remote : str
        The name of a remote, or an address.
    address : str
        Without a password.
    branch : str
    """

    remote: str
    address: str
    branch: str

    def __str__(self) -> str:
        name = without_password(self.remote)
        return name if name == self.address else f"{name} ({self.address})"


def main() -> int:
    """Be the command."""
    args = cli.parser("publish", __doc__).parse_args()

    def tell() -> int:
        plan = cli.plan(args)
        commit = clean_commit(CONFIG)
        place = place_of(plan)
        session.be_the_only_one()
        require_book(plan)
        message = f"Publish the book of {commit}\n\nResults: {plan.view_key}"
        cli.say(publish(BOOK, place, message))
        return 0

    return cli.reported(tell)


def place_of(plan: Plan) -> Place:
    """Find where the configuration wants the book.

    Raises
    ------
    LabError
        If that is nowhere, or no place for a book.
    """
    book = plan.config["book"]
    remote, branch = book["publish"]["remote"], book["publish"]["branch"]
    if not book["languages"]:
        raise LabError(
            f"{CONFIG}: book.languages: [] means no book; name a language, en or zh, run make, "
            "then this again"
        )
    try:
        git("check-ref-format", f"refs/heads/{branch}")
    except GitError:
        raise LabError(
            f"{CONFIG}: book.publish.branch: {branch}: no branch can be called so; give a name "
            "such as gh-pages"
        ) from None
    if branch == checked_out():
        raise LabError(
            f"{CONFIG}: book.publish.branch: {branch} is the branch that is checked out, with the "
            "code; name one for the book alone, such as gh-pages"
        )
    return Place(remote, address_of(remote), branch)


def checked_out() -> str | None:
    """Name the branch that is checked out, if any is."""
    try:
        return git("symbolic-ref", "--quiet", "--short", "HEAD")
    except GitError as error:
        if error.said:
            raise
        return None


def address_of(remote: str) -> str:
    """Give the address of a remote, which may be one itself."""
    try:
        return without_password(git("remote", "get-url", "--push", remote))
    except GitError:
        if re.search("[/:]", remote) or Path(remote).exists():
            return without_password(remote)
    raise LabError(
        f"{CONFIG}: book.publish.remote: {remote}: git has no such remote here; add it with "
        f"git remote add {remote} <address>, or name another one, or an address"
    )


def require_book(plan: Plan) -> None:
    """Raise `LabError` unless the book that is there is that of the present configuration."""
    if not session.is_shown(session.view_of(plan)):
        raise LabError(
            f"{BOOK}: not there, or not what the present configuration and code make; run make, "
            "then this again"
        )


def publish(book: Path, place: Place, message: str) -> str:
    """Put a folder on a branch, on top of what is there, unless it is there already.

    Parameters
    ----------
    book : Path
    place : Place
    message : str
        Of the commit.

    Returns
    -------
    str
        What was done, in words.

    Raises
    ------
    LabError
        If the place cannot be read, or does not take it. Then nothing has changed there.
    """
    tip = tip_of(place)
    commit = committed(book, place.branch, tip, message)
    if commit is None:
        return f"{place}: branch {place.branch} has this very book; nothing was published"
    push(commit, place)
    done = f"{book}: published on branch {place.branch} of {place}"
    if site := pages_of(place.address):
        done += f"; GitHub Pages, once they serve that branch: {site}"
    return done


def tip_of(place: Place) -> str | None:
    """Fetch the commit that the branch is at, if there is such a branch yet.

    Raises
    ------
    LabError
        If the remote cannot be read, or the branch holds the project itself.
    """
    ref = f"refs/heads/{place.branch}"
    try:
        tip = git("ls-remote", place.remote, ref).partition("\t")[0]
        if not tip:
            return None
        fetch(place.remote, ref)
    except GitError as error:
        raise LabError(
            f"{place}: cannot be read: {error.gist}; see that there is a repository that you "
            f"may read, or change book.publish.remote in {CONFIG}"
        ) from None
    if is_akin(tip):
        raise LabError(
            f"{CONFIG}: book.publish.branch: {place.branch} at {place} holds the code of this "
            "project; name a branch for the book alone, such as gh-pages"
        )
    return tip


def is_akin(commit: str) -> bool:
    """Tell whether a commit has an ancestor in common with the one that is checked out."""
    try:
        return bool(git("merge-base", "HEAD", commit))
    except GitError as error:
        if error.said:
            raise
        return False


def committed(folder: Path, branch: str, tip: str | None, message: str) -> str | None:
    """Make a commit of a folder, on top of another one; None if that one holds just the same.

    It is made in a scratch repository: this checkout's branches and index stay as they are.
    """
    ref = f"refs/heads/{branch}"
    with tempfile.TemporaryDirectory() as scratch:
        there = {"GIT_DIR": scratch}
        git("init", "--quiet", "--bare", environment=there)
        objects = Path(git("rev-parse", "--git-path", "objects")).absolute()
        Path(scratch, "objects/info/alternates").write_text(f"{objects}\n", encoding="utf-8")
        if tip:
            git("update-ref", ref, tip, environment=there)
        command = [sys.executable, "-m", "ghp_import", "--branch", branch, "--message", message]
        ask([*command, str(folder)], there | committer())
        commit = git("rev-parse", ref, environment=there)
        if tip and not git("diff-tree", tip, commit, environment=there):
            return None
        fetch(scratch, ref)
    return commit


def fetch(repository: str, ref: str) -> None:
    """Take what a branch holds into this checkout's repository, and no more."""
    git("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", repository, ref)


def committer() -> dict[str, str]:
    """Give who commits, in the variables from which ghp-import takes it."""
    try:
        identity = IDENTITY.fullmatch(git("var", "GIT_COMMITTER_IDENT"))
    except GitError:
        raise LabError(
            "git: does not know who publishes; tell it with git config user.name <name> and "
            "git config user.email <address>"
        ) from None
    return {f"GIT_COMMITTER_{key.upper()}": value for key, value in identity.groupdict().items()}


def push(commit: str, place: Place) -> None:
    """Put the branch at the remote forward to a commit.

    Raises
    ------
    LabError
        If the branch is no longer where it was, or the remote refuses.
    """
    try:
        git("push", "--porcelain", place.remote, f"{commit}:refs/heads/{place.branch}")
    except GitError as error:
        if MOVED.search(error.said):
            raise LabError(
                f"{place}: branch {place.branch} has moved meanwhile; run this again, which "
                "publishes on top of what is there now"
            ) from None
        raise LabError(
            f"{place}: does not take the book: {error.gist}; ask its owner for leave to push to "
            f"branch {place.branch}, or change book.publish in {CONFIG}"
        ) from None


def pages_of(address: str) -> str | None:
    """Give the address of a repository's GitHub Pages; None if it is not one of GitHub's."""
    hosted = GITHUB.search(address)
    if hosted is None:
        return None
    owner, name = hosted["owner"].lower(), hosted["name"]
    site = f"https://{owner}.github.io/"
    return site if name.lower() == f"{owner}.github.io" else f"{site}{name}/"


if __name__ == "__main__":
    sys.exit(main())
