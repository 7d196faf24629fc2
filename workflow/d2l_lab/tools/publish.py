"""Put the book on a branch from which a host such as GitHub Pages serves it."""

import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import CONFIG, Plan
from d2l_lab.pipeline.status import Status
from d2l_lab.store import view
from d2l_lab.tools import cli
from d2l_lab.tools.git import GitError, ask, clean_commit, git, without_password

BOOK = view.RESULTS / "book"
UNNAMED = "d2l-lab-book"  # what a remote that is given by its address is called meanwhile
IDENTITY = re.compile(r"(?P<name>.*) <(?P<email>.*)> \d+ [+-]\d+")
MOVED = re.compile(r"! \[rejected\]|is at \w+ but expected")
GITHUB = re.compile(r"github\.com[:/](?P<owner>[^/]+)/(?P<name>[^/]+?)(\.git)?/?$")


class Target(NamedTuple):
    """Where a book is published: a remote, by its name or address, and a branch of it."""

    remote: str
    address: str  # to which it is pushed, without a password
    branch: str

    def __str__(self) -> str:
        name = without_password(self.remote)
        return name if name == self.address else f"{name} ({self.address})"


def main() -> int:
    """Be the command."""
    args = cli.parser("publish", __doc__).parse_args()

    def tell() -> list[str]:
        plan = cli.plan(args)
        commit = clean_commit(CONFIG)
        target = publish_target(plan)
        session.claim_results()
        if not Status(plan).is_current:
            raise LabError(
                f"{BOOK}: not there, or not what the present configuration and code make; run "
                "make, then this again"
            )
        message = f"Publish the book of {commit}\n\nResults: {plan['report', 'all'].key}"
        return [publish(BOOK, target, message)]

    return cli.reported(tell)


def publish_target(plan: Plan) -> Target:
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
    if branch == git("rev-parse", "--abbrev-ref", "HEAD"):
        raise LabError(
            f"{CONFIG}: book.publish.branch: {branch} is the branch that is checked out, with the "
            "code; name one for the book alone, such as gh-pages"
        )
    is_named = remote in git("remote").splitlines()
    address = git("remote", "get-url", "--push", remote) if is_named else remote
    return Target(remote, without_password(address), branch)


def publish(book: Path, target: Target, message: str) -> str:
    """Put a folder on a branch, on top of what is there, unless it is there already.

    The commit is made in a scratch repository, which has this one's configuration, such as its
    remotes and credentials: this checkout's branches and index stay as they are.

    Parameters
    ----------
    book : Path
    target : Target
    message : str
        Of the commit.

    Returns
    -------
    str
        What was done, in words.

    Raises
    ------
    LabError
        If the target cannot be read, or does not take it. Then nothing has changed there.
    """
    with tempfile.TemporaryDirectory(prefix="d2l-lab-publish-") as scratch:
        there = {"GIT_DIR": scratch, **_committer()}
        git("init", "--quiet", "--bare", environment=there)
        config = Path(git("rev-parse", "--git-path", "config")).absolute()
        git("config", "--add", "include.path", str(config), environment=there)
        remote = target.remote
        if remote not in git("remote").splitlines():
            remote = UNNAMED
            git("config", f"remote.{remote}.url", target.remote, environment=there)
        if _has_book(book, target, remote, there):
            return f"{target}: branch {target.branch} has this very book; nothing was published"
        command = [sys.executable, "-m", "ghp_import", "--push", "--remote", remote]
        command += ["--branch", target.branch, "--message", message, str(book)]
        try:
            ask(command, there)
        except GitError as error:
            why = (
                f"branch {target.branch} has moved meanwhile; run this again, which publishes on "
                "top of what is there now"
                if MOVED.search(error.said)
                else f"does not take the book: {error.gist}; ask its owner for leave to push to "
                f"branch {target.branch}, or change book.publish in {CONFIG}"
            )
            raise LabError(f"{target}: {why}") from None
    done = f"{book}: published on branch {target.branch} of {target}"
    if site := pages_address(target.address):
        done += f"; GitHub Pages, once they serve that branch: {site}"
    return done


def _has_book(book: Path, target: Target, remote: str, there: Mapping[str, str]) -> bool:
    """Fetch the branch, if there is one yet, and tell whether it holds just this folder."""
    tip = f"refs/remotes/{remote}/{target.branch}"
    refs = f"+refs/heads/{target.branch}:{tip}"
    try:
        git("fetch", "--quiet", "--no-tags", "--depth=1", remote, refs, environment=there)
    except GitError as error:
        if "couldn't find remote ref" in error.said:
            return False
        raise LabError(
            f"{target}: cannot be read: {error.gist}; see that there is such a remote, which you "
            f"may read, or change book.publish in {CONFIG}"
        ) from None
    if git("ls-tree", tip, str(CONFIG), environment=there):
        raise LabError(
            f"{CONFIG}: book.publish.branch: {target.branch} at {target} holds the code of this "
            "project; name a branch for the book alone, such as gh-pages"
        )
    git("read-tree", tip, environment=there)
    there = {**there, "GIT_WORK_TREE": str(book.absolute())}
    listed = ["ls-files", "--modified", "--others"]
    return not git("-c", "core.autocrlf=false", *listed, environment=there)


def _committer() -> dict[str, str]:
    """Give who commits, in the variables from which ghp-import takes it."""
    try:
        identity = IDENTITY.fullmatch(git("var", "GIT_COMMITTER_IDENT"))
    except GitError:
        raise LabError(
            "git: does not know who publishes; tell it with git config user.name <name> and "
            "git config user.email <address>"
        ) from None
    return {f"GIT_COMMITTER_{key.upper()}": value for key, value in identity.groupdict().items()}


def pages_address(address: str) -> str | None:
    """Give the address of a repository's GitHub Pages; None if it is not one of GitHub's."""
    hosted = GITHUB.search(address)
    if hosted is None:
        return None
    site = f"{hosted['owner'].lower()}.github.io"
    return f"https://{site}/" + ("" if hosted["name"].lower() == site else f"{hosted['name']}/")


if __name__ == "__main__":
    sys.exit(main())
