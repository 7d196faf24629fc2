"""Put the book on a branch from which a host such as GitHub Pages serves it."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from d2l_lab.book.addresses import pages_address
from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import CONFIG, Plan
from d2l_lab.pipeline.status import Status
from d2l_lab.store import view
from d2l_lab.tools import cli
from d2l_lab.tools.git import GitError, clean_commit, git, without_password

BOOK = view.RESULTS / "book"
REMOTE = "book"  # what the scratch repository calls the place of the book
TIP = f"refs/remotes/{REMOTE}/tip"  # and the branch as it is there
IDENTITY = re.compile(r"(?P<name>.*) <(?P<email>.*)> \d+ [+-]\d+")
REJECTED = re.compile(r"! \[rejected\]|is at \w+ but expected")
# The settings that say how to reach a remote. All others, such as hooks, signatures, filters and
# line ends, do not affect what is published.
REACHING = re.compile(
    r"(credential|gitcookies|http|protocol|safe|ssh)\..+|core\.(askpass|gitproxy|sshcommand)"
)
OF_REMOTE = ("proxy", "proxyauthmethod", "receivepack", "serveroption", "uploadpack", "vcs")
PLAIN = {"core.attributesFile": "/dev/null", "core.autocrlf": "false"}


class Target(NamedTuple):
    """Where a book is published: a remote, a branch of it, and what is left there as it is."""

    remote: str  # its name or address
    address: str  # to which it is pushed
    branch: str
    keep: tuple[str, ...] = ()  # files and folders of others

    def __str__(self) -> str:
        name, address = without_password(self.remote), without_password(self.address)
        return name if name == address else f"{name} ({address})"


def main() -> int:
    """Run the command."""
    args = cli.parser("publish", __doc__).parse_args()

    def tell() -> Iterator[str]:
        plan = cli.plan(args)
        commit = clean_commit(CONFIG)
        targets = publish_targets(plan)
        session.claim_results()
        if not Status(plan).is_current:
            raise LabError(
                f"{BOOK}: not there, or not what the present configuration and code make; run "
                "make, then this again"
            )
        message = f"Publish the book of {commit}\n\nResults: {plan['report', 'all'].key}"
        for target in targets:
            yield publish(BOOK, target, message)

    return cli.reported(tell)


def publish_targets(plan: Plan) -> list[Target]:
    """Find where the configuration wants the book: wherever git would push to.

    Raises
    ------
    LabError
        If that is nowhere, or no place for a book.
    """
    book = plan.config["book"]
    remote, branch, keep = (book["publish"][key] for key in ("remote", "branch", "keep"))
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
    return [Target(remote, address, branch, tuple(keep)) for address in push_addresses(remote)]


def push_addresses(remote: str) -> list[str]:
    """Return the addresses to which git pushes what goes to a remote, by its name or address."""
    asked = ("remote", "get-url", "--push", "--all")
    if remote in git("remote").splitlines():
        top = Path(git("rev-parse", "--show-toplevel"))  # from there git takes relative paths
        addresses = git(*asked, remote).splitlines()
        relative = {each for each in addresses if not os.path.isabs(each) and (top / each).exists()}
        return [os.path.relpath(top / each) if each in relative else each for each in addresses]
    with scratch_repository() as there:
        git("config", f"remote.{REMOTE}.url", remote, environment=there)
        return git(*asked, REMOTE, environment=there).splitlines()


def publish(book: Path, target: Target, message: str) -> str:
    """Put a folder on a branch, on top of what is there, unless it is there already.

    The commit is made in a scratch repository, which takes from this one and from the user's
    settings only how to reach the remote. This checkout's branches and index do not change.

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
    with scratch_repository() as scratch:
        there = scratch | identity() | _only_reaching(target, Path(scratch["GIT_DIR"], "settings"))
        tip = _fetch(target, there)
        tree = _tree(book, target, tip, there)
        if tip and tree == git("rev-parse", f"{tip}^{{tree}}", environment=there):
            return f"{target}: branch {target.branch} has this very book; nothing was published"
        parent = ["-p", tip] if tip else []
        commit = git("commit-tree", tree, *parent, "-m", message, environment=there)
        branch = f"refs/heads/{target.branch}"
        git("update-ref", branch, commit, environment=there)
        try:
            git("push", "--quiet", REMOTE, branch, environment=there)
        except GitError as error:
            moved = REJECTED.search(error.said) and _fetch(target, there) != tip
            why = (
                f"branch {target.branch} has moved meanwhile; run this again, which publishes on "
                "top of what is there now"
                if moved
                else f"refuses the book: {error.gist}; ask its owner for permission to push to "
                f"branch {target.branch}, or change book.publish in {CONFIG}"
            )
            raise LabError(f"{target}: {why}") from None
    done = f"{book}: published on branch {target.branch} of {target}"
    if site := pages_address(target.address):
        done += f"; GitHub Pages, once they serve that branch: {site}"
    return done


@contextmanager
def scratch_repository() -> Iterator[dict[str, str]]:
    """Make an empty repository, and give the variables with which git works in it."""
    form = git("rev-parse", "--show-object-format")
    with tempfile.TemporaryDirectory(prefix="d2l-lab-publish-") as scratch:
        there = {"GIT_DIR": scratch, "GIT_ATTR_NOSYSTEM": "1"}
        plain = ["--template=", "--initial-branch=main", f"--object-format={form}"]
        git("init", "--quiet", "--bare", *plain, environment=there)
        yield there


def _only_reaching(target: Target, path: Path) -> dict[str, str]:
    """Write the settings with which git reaches a target; return the variables to use these alone.

    They are listed in the checkout, because some may apply only there (`includeIf`).
    """
    settings = [*PLAIN.items(), (f"remote.{REMOTE}.url", target.address)]
    for setting in git("config", "--list", "--includes", "--null").split("\0"):
        key, separator, value = setting.partition("\n")
        value = value if separator else "true"
        if REACHING.fullmatch(key):
            settings.append((key, value))
        elif key.removeprefix(f"remote.{target.remote}.") in OF_REMOTE:
            settings.append((f"remote.{REMOTE}.{key.rpartition('.')[2]}", value))
    for key, value in settings:
        git("config", "--file", str(path), "--add", key, value)
    nothing = dict.fromkeys(("GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"), "")
    return {"GIT_CONFIG_GLOBAL": str(path), "GIT_CONFIG_NOSYSTEM": "1"} | nothing


def _fetch(target: Target, there: Mapping[str, str]) -> str:
    """Fetch the branch without its history; return its last commit, or "" if there is none."""
    refs = f"+refs/heads/{target.branch}:{TIP}"
    try:
        git("fetch", "--quiet", "--no-tags", "--depth=1", REMOTE, refs, environment=there)
    except GitError as error:
        if "couldn't find remote ref" in error.said:
            return ""
        raise LabError(
            f"{target}: cannot be read: {error.gist}; see that there is such a remote, which you "
            f"may read, or change book.publish in {CONFIG}"
        ) from None
    return git("rev-parse", TIP, environment=there)


def _tree(book: Path, target: Target, tip: str, there: Mapping[str, str]) -> str:
    """Write the tree of the book, with what is kept of the branch's; return its hash."""
    kept: Sequence[str] = ()
    if tip:
        if git("ls-tree", tip, str(CONFIG), environment=there):
            raise LabError(
                f"{CONFIG}: book.publish.branch: {target.branch} at {target} holds the code of "
                "this project; name a branch for the book alone, such as gh-pages"
            )
        git("read-tree", tip, environment=there)
        kept = [f":(exclude,literal){path}" for path in target.keep]
    within = {**there, "GIT_WORK_TREE": str(book.absolute())}
    git("-C", str(book), "add", "--all", "--force", "--", ".", *kept, environment=within)
    return git("write-tree", environment=there)


def identity() -> dict[str, str]:
    """Return who publishes, as git knows in this checkout, in the variables that say so."""
    found = {}
    for role in ("AUTHOR", "COMMITTER"):
        try:
            known = IDENTITY.fullmatch(git("var", f"GIT_{role}_IDENT"))
        except GitError:
            raise LabError(
                "git: does not know who publishes; tell it with git config user.name <name> and "
                "git config user.email <address>"
            ) from None
        found |= {f"GIT_{role}_{key.upper()}": value for key, value in known.groupdict().items()}
    return found


if __name__ == "__main__":
    sys.exit(main())
