"""Push the book to a branch that a host such as GitHub Pages serves."""

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
REMOTE = "book"  # the remote's name in the scratch repository
TIP = f"refs/remotes/{REMOTE}/tip"  # the branch fetched from it
IDENTITY = re.compile(r"(?P<name>.*) <(?P<email>.*)> \d+ [+-]\d+")
REJECTED = re.compile(r"! \[rejected\]|is at \w+ but expected")
# Settings for reaching a remote. All others, such as hooks, signatures, filters and line endings,
# must not affect what is published.
REACHING = re.compile(
    r"(credential|gitcookies|http|protocol|safe|ssh)\..+|core\.(askpass|gitproxy|sshcommand)"
)
OF_REMOTE = ("proxy", "proxyauthmethod", "receivepack", "serveroption", "uploadpack", "vcs")
PLAIN = {"core.attributesFile": "/dev/null", "core.autocrlf": "false"}


class Target(NamedTuple):
    """The target of a published book: a remote, a branch, and the files to keep there."""

    remote: str  # its name or address
    address: str  # the address to push to
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
                f"{BOOK}: missing, or not up to date with the configuration and code; run "
                "make, then try again"
            )
        message = f"Publish the book of {commit}\n\nResults: {plan['report', 'all'].key}"
        for target in targets:
            yield publish(BOOK, target, message)

    return cli.reported(tell)


def publish_targets(plan: Plan) -> list[Target]:
    """Find where the configuration publishes the book, including where git pushes to.

    Raises
    ------
    LabError
        If the configuration has no book, or the place is unsuitable.
    """
    book = plan.config["book"]
    remote, branch, keep = (book["publish"][key] for key in ("remote", "branch", "keep"))
    if not book["languages"]:
        raise LabError(
            f"{CONFIG}: book.languages: [] means no book; name a language, en or zh, run make, "
            "then try again"
        )
    if branch == git("rev-parse", "--abbrev-ref", "HEAD"):
        raise LabError(
            f"{CONFIG}: book.publish.branch: {branch} is the current branch, with the code; "
            "give another one for the book alone, such as gh-pages"
        )
    return [Target(remote, address, branch, tuple(keep)) for address in push_addresses(remote)]


def push_addresses(remote: str) -> list[str]:
    """Return the addresses that git pushes to for a remote, given its name or address."""
    asked = ("remote", "get-url", "--push", "--all")
    if remote in git("remote").splitlines():
        top = Path(git("rev-parse", "--show-toplevel"))  # git's relative paths start here
        addresses = git(*asked, remote).splitlines()
        relative = {each for each in addresses if not os.path.isabs(each) and (top / each).exists()}
        return [os.path.relpath(top / each) if each in relative else each for each in addresses]
    with scratch_repository() as there:
        git("config", f"remote.{REMOTE}.url", remote, environment=there)
        return git(*asked, REMOTE, environment=there).splitlines()


def publish(book: Path, target: Target, message: str) -> str:
    """Commit a folder on top of a branch, unless the branch already has it.

    The commit is made in a scratch repository, which takes only the settings for reaching the
    remote from this checkout and the user. This checkout's branches and index do not change.

    Parameters
    ----------
    book : Path
    target : Target
    message : str
        The commit message.

    Returns
    -------
    str
        A message about what was done.

    Raises
    ------
    LabError
        If the target cannot be read, or rejects the push. Nothing has changed there then.
    """
    with scratch_repository() as scratch:
        there = scratch | identity() | _only_reaching(target, Path(scratch["GIT_DIR"], "settings"))
        tip = _fetch(target, there)
        tree = _tree(book, target, tip, there)
        if tip and tree == git("rev-parse", f"{tip}^{{tree}}", environment=there):
            return f"{target}: branch {target.branch} already has this book; nothing was published"
        parent = ["-p", tip] if tip else []
        commit = git("commit-tree", tree, *parent, "-m", message, environment=there)
        branch = f"refs/heads/{target.branch}"
        git("update-ref", branch, commit, environment=there)
        try:
            git("push", "--quiet", REMOTE, branch, environment=there)
        except GitError as error:
            moved = REJECTED.search(error.said) and _fetch(target, there) != tip
            why = (
                f"branch {target.branch} has moved meanwhile; run this again to publish on top of "
                "what is there now"
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
    """Create an empty repository, and return the variables that make git work in it."""
    form = git("rev-parse", "--show-object-format")
    with tempfile.TemporaryDirectory(prefix="d2l-lab-publish-") as scratch:
        there = {"GIT_DIR": scratch, "GIT_ATTR_NOSYSTEM": "1"}
        plain = ["--template=", "--initial-branch=main", f"--object-format={form}"]
        git("init", "--quiet", "--bare", *plain, environment=there)
        yield there


def _only_reaching(target: Target, path: Path) -> dict[str, str]:
    """Write git's settings for reaching a target; return the variables that select only them.

    They are read in the checkout, because some may apply only there (`includeIf`).
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
            f"{target}: cannot be read: {error.gist}; check that the remote exists and that you "
            f"can read it, or change book.publish in {CONFIG}"
        ) from None
    return git("rev-parse", TIP, environment=there)


def _tree(book: Path, target: Target, tip: str, there: Mapping[str, str]) -> str:
    """Write the tree of the book, with the files to keep from the branch; return its hash."""
    kept: Sequence[str] = ()
    if tip:
        if git("ls-tree", tip, str(CONFIG), environment=there):
            raise LabError(
                f"{CONFIG}: book.publish.branch: {target.branch} at {target} has the code of "
                "this project; give a branch for the book alone, such as gh-pages"
            )
        git("read-tree", tip, environment=there)
        kept = [f":(exclude,literal){path}" for path in target.keep]
    within = {**there, "GIT_WORK_TREE": str(book.absolute())}
    git("-C", str(book), "add", "--all", "--force", "--", ".", *kept, environment=within)
    return git("write-tree", environment=there)


def identity() -> dict[str, str]:
    """Return the variables with the name and email that git uses in this checkout."""
    found = {}
    for role in ("AUTHOR", "COMMITTER"):
        try:
            known = IDENTITY.fullmatch(git("var", f"GIT_{role}_IDENT"))
        except GitError:
            raise LabError(
                "git: no name or email is set; set them with git config user.name <name> and "
                "git config user.email <address>"
            ) from None
        found |= {f"GIT_{role}_{key.upper()}": value for key, value in known.groupdict().items()}
    return found


if __name__ == "__main__":
    sys.exit(main())
