"""The book is published to its branch byte by byte, or one line says why not."""

import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

from d2l_lab.book.addresses import pages_address
from d2l_lab.pipeline import session
from d2l_lab.store import locks, provenance
from d2l_lab.tools import publish as tool
from shown import make_results, run_tool, show_all, sign

CONFIG = {
    "models": {"line": {"module": "linear_regression.scratch", "dataset": "linear"}},
    "studies": {},
    "claims": False,
    "book": {"languages": ["en"], "publish": {"remote": "origin", "branch": "gh-pages"}},
}
WHO = ["-c", "user.name=Other", "-c", "user.email=other@example.org"]
GH_PAGES = "refs/heads/gh-pages"


def git(*arguments, at="."):
    """Run git, which must succeed; return its output."""
    command = ["git", "-C", at, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit_config(changes=None):
    Path("config.yaml").write_text(yaml.safe_dump(CONFIG | (changes or {})), encoding="utf-8")
    git("add", ".")
    git("commit", "--quiet", "--message", "Configure")


def configure(**publish):
    commit_config({"book": {"languages": ["en"], "publish": publish}})


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A checkout with all results, a bare repository as its remote, and a configuration of git."""
    base = tmp_path_factory.mktemp("template")
    (base / "gitconfig").write_text(
        "[user]\nname = Ada Löwe\nemail = ada@example.org\n[init]\ntemplateDir =\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", str(base / "gitconfig"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        git("init", "--quiet", "--bare", base / "remote.git")
        git("init", "--quiet", "--initial-branch", "main", base / "checkout")
        patch.chdir(base / "checkout")
        git("remote", "add", "origin", "../remote.git")
        Path(".gitignore").write_text("/results/\n", encoding="utf-8")
        commit_config()
        plan = make_results(CONFIG)
        more = plan["book", "en"].folder / "en/_static"
        more.mkdir()
        (more / "平均 loss.png").write_bytes(bytes(range(256)) * 9)
        (more / ".nojekyll").touch()
        files = provenance.read(more.parents[1])["files"]
        files |= dict.fromkeys(["en/_static/平均 loss.png", "en/_static/.nojekyll"])
        sign(more.parents[1], files=files)
        show_all(plan)
    return base


@pytest.fixture
def remote(template, tmp_path, monkeypatch):
    """The bare repository of the current folder, a checkout with all results."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.chdir(tmp_path / "checkout")
    return tmp_path / "remote.git"


@pytest.fixture
def publish(monkeypatch, capsys):
    """Return a function that runs the tool and returns its exit code and output."""

    def publish(*arguments):
        session.RUN_LOCK.unlink(missing_ok=True)  # this process keeps the lock until it ends
        monkeypatch.setattr(sys, "argv", ["publish", *map(str, arguments)])
        code = tool.main()
        answer = capsys.readouterr()
        return code, answer.out + answer.err

    return publish


@pytest.fixture
def complaint(publish, remote):
    """Return a function that runs the tool, which must print one line and change nothing."""

    def complaint(*arguments):
        before = state(remote), state(".")
        code, said = publish(*arguments)
        assert (state(remote), state(".")) == before
        assert code == 1
        (line,) = said.splitlines()
        return line

    return complaint


def state(repository):
    """Return everything in a repository that a tool could change, except fetched objects."""
    if not Path(repository).is_dir() or not git("rev-parse", "--git-dir", at=repository):
        return None
    refs = git("for-each-ref", at=repository).splitlines()
    index = Path(repository, ".git/index")
    return (
        [ref for ref in refs if "refs/remotes/" not in ref],
        git("rev-parse", "--symbolic-full-name", "HEAD", at=repository),
        index.exists() and index.read_bytes(),
    )


def files(folder):
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def published(remote, tmp_path, branch="gh-pages"):
    """Check the branch out as a host does; return the bytes of each file."""
    clone = tmp_path / "clone"
    shutil.rmtree(clone, ignore_errors=True)
    git("clone", "--quiet", "--branch", branch, remote, clone)
    shutil.rmtree(clone / ".git")
    return files(clone)


def another_book():
    """Make and commit another configuration's book."""
    commit_config({"seed": 1})
    make_results(CONFIG | {"seed": 1})


def push_by_hand(remote, clone, written):
    """Put files on the branch as somebody else."""
    git("clone", "--quiet", "--branch", "gh-pages", remote, clone)
    for name, text in written.items():
        (clone / name).parent.mkdir(exist_ok=True)
        (clone / name).write_text(text)
    git("add", ".", at=clone)
    git(*WHO, "commit", "--quiet", "-m", "By hand", at=clone)
    git("push", "--quiet", at=clone)


# Published files


def test_the_branch_has_the_book_byte_by_byte_and_names_its_commit(remote, publish, tmp_path):
    before = state(".")
    code, said = publish()
    assert (code, said.count("\n")) == (0, 1)
    assert said.startswith("results/book: published on branch gh-pages of origin (../remote.git)")
    assert published(remote, tmp_path) == files(tool.BOOK)
    assert {"en/index.html", "report.html", "en/_static/.nojekyll"} <= {*files(tool.BOOK)}
    assert state(".") == before
    assert git("fsck", "--strict") == git("fsck", "--strict", at=remote) == ""
    (report,) = Path("results/store/report/all").iterdir()
    assert git("log", "--format=%an <%ae>%n%B", GH_PAGES, at=remote).splitlines() == [
        "Ada Löwe <ada@example.org>",
        f"Publish the book of {git('rev-parse', '--short', 'HEAD')}",
        "",
        f"Results: {report.name}",
    ]


def test_the_same_book_is_not_published_twice(remote, publish):
    publish()
    before = state(remote)
    words = "origin (../remote.git): branch gh-pages already has this book; nothing was published\n"
    assert publish() == (0, words)
    assert state(remote) == before


def test_another_book_is_one_commit_on_top_and_removes_files_that_it_lacks(
    remote, publish, tmp_path
):
    publish()
    push_by_hand(remote, tmp_path / "other", {"by hand.html": ""})
    by_hand = git("rev-parse", GH_PAGES, at=remote)
    another_book()
    assert publish()[0] == 0
    assert "en/_static/.nojekyll" not in files(tool.BOOK)
    assert git("rev-parse", f"{GH_PAGES}^", at=remote) == by_hand
    assert published(remote, tmp_path) == files(tool.BOOK)


@pytest.mark.parametrize("place", ["../remote.git", "file://{remote}"])
def test_the_remote_may_be_a_path_or_an_address(remote, publish, tmp_path, place):
    place = place.format(remote=remote)
    configure(remote=place, branch="a/b")
    code, said = publish()
    assert (code, f"on branch a/b of {place}\n" in said) == (0, True)
    assert published(remote, tmp_path, "a/b") == files(tool.BOOK)


def test_a_shallow_clone_without_a_branch_can_publish_as_in_ci(remote, publish, tmp_path):
    publish()
    another_book()
    git("push", "--quiet", "origin", "main")
    shutil.rmtree(".git")
    git("clone", "--quiet", "--depth", "1", "--branch", "main", f"file://{remote}", "../shallow")
    shutil.move("../shallow/.git", ".git")
    git("checkout", "--quiet", "--detach")
    assert publish()[0] == 0
    assert published(remote, tmp_path) == files(tool.BOOK)
    assert git("rev-list", "--count", GH_PAGES, at=remote) == "2"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://github.com/Ada/d2l-lab.git", "https://ada.github.io/d2l-lab/"),
        ("https://github.com/ada/d2l-lab/", "https://ada.github.io/d2l-lab/"),
        ("git@github.com:ada/d2l-lab.git", "https://ada.github.io/d2l-lab/"),
        ("ssh://git@github.com/ada/Ada.github.io", "https://ada.github.io/"),
        ("https://example.org/ada/d2l-lab.git", None),
        ("../github.com", None),
    ],
)
def test_the_address_of_github_pages_is_printed(address, site):
    assert pages_address(address) == site


# Faults of the checkout


@pytest.mark.parametrize(
    ("around", "words"),
    [(False, "not a git repository"), (True, "pathspec 'config.yaml' did not match")],
)
def test_a_folder_outside_git_is_reported(remote, publish, around, words):
    shutil.rmtree(".git")
    if around:  # the checkout of another project
        git("init", "--quiet", "..")
        Path("../.gitignore").write_text("*", encoding="utf-8")
    code, said = publish()
    assert (code, said.count("\n")) == (1, 1)
    assert f"checkout: not a git checkout of this project ({words}" in said
    assert state(remote)[0] == []


@pytest.mark.parametrize(
    ("paths", "names", "staged"),
    [
        ([".gitignore"], ".gitignore", False),
        (["Grüße.md"], "Grüße.md", True),
        ([*"abcdefg"], "a, b, c, d and 3 others", False),
    ],
)
def test_uncommitted_files_are_named(complaint, paths, names, staged):
    for path in paths:
        Path(path).write_text("/results/\n/data/\n", encoding="utf-8")
    if staged:
        git("add", ".")
    assert complaint().startswith(f"{names}: changed, and not committed; ")


@pytest.mark.parametrize("why", ["configured", "laid over", "altered"])
def test_results_that_are_not_up_to_date_are_reported(complaint, tmp_path, why):
    arguments = []
    if why == "configured":
        commit_config({"seed": 1})
    elif why == "laid over":
        (tmp_path / "more.yaml").write_text("seed: 1")
        arguments = ["--configfile", tmp_path / "more.yaml"]
    else:
        page = tool.BOOK / "en/index.html"
        page.write_bytes(page.read_bytes()[::-1])
    line = complaint(*arguments)
    assert line.startswith("results/book: missing, or not up to date with the configuration and ")
    assert line.endswith("; run make, then try again")


def test_nothing_is_published_during_a_run(remote):
    session.RUN_LOCK.write_text("process 7")
    descriptor = locks.take(session.RUN_LOCK)
    answer = run_tool("publish")
    os.close(descriptor)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("results: another run is using this folder (process 7)")
    assert state(remote)[0] == []


def test_publishing_needs_a_name_and_an_email(complaint, tmp_path):
    (tmp_path / "gitconfig").write_text("[user]\nuseConfigOnly = true\n")
    line = complaint()
    assert line.startswith("git: no name or email is set; set them with git config user.name ")


# Faults of the remote


CANNOT = "cannot be read: "
NONE = "does not appear to be a git repository; check that the remote exists and "


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (
            {"branch": "main"},
            "config.yaml: book.publish.branch: main is the current branch, with the",
        ),
        ({"branch": "a..b"}, f"origin (../remote.git): {CANNOT}invalid refspec '+refs/heads/a..b:"),
        ({"remote": "none"}, f"none: {CANNOT}'none' {NONE}"),
        ({"remote": "../none.git"}, f"../none.git: {CANNOT}'../none.git' {NONE}"),
        (
            {"remote": "http://127.0.0.1:1/book.git"},
            f"http://127.0.0.1:1/book.git: {CANNOT}unable to access ",
        ),
    ],
)
def test_an_invalid_branch_or_remote_is_reported(complaint, place, words):
    configure(**place)
    assert complaint().startswith(words)


def test_a_missing_book_is_reported(complaint):
    commit_config({"book": {"languages": []}})
    assert complaint().startswith("config.yaml: book.languages: [] means no book; name a language")


def test_a_branch_that_holds_the_code_is_refused(complaint):
    configure(branch="main")
    git("push", "--quiet", "origin", "main")
    git("checkout", "--quiet", "-b", "feature")
    line = complaint()
    assert line.startswith("config.yaml: book.publish.branch: main at origin (../remote.git) has")


class Locked(http.server.BaseHTTPRequestHandler):
    """A server that requires a password."""

    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="books"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def locked():
    """The host of a server that requires a password."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Locked) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_no_password_is_asked_for_or_shown(complaint, locked):
    configure(remote=f"http://{locked}/book.git")
    assert "cannot be read: could not read Username for" in complaint()
    configure(remote=f"http://ada:secret@{locked}/book.git")
    line = complaint()
    assert line.startswith(f"http://{locked}/book.git: cannot be read: Authentication failed for")
    assert "secret" not in line


def hook(repository, name, text):
    path = repository / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("echo 'ada may not write here' >&2; exit 1", "ada may not write here"),
        ("exit 1", "[remote rejected] gh-pages -> gh-pages (pre-receive hook declined)"),
    ],
)
def test_a_remote_that_refuses_the_book_is_reported(complaint, remote, said, words):
    hook(remote, "pre-receive", said)
    told = f"origin (../remote.git): refuses the book: {words}; ask its owner for permission to "
    assert complaint().startswith(f"{told}push to branch gh-pages, or change book.publish in ")


def test_a_branch_that_moves_during_the_push_is_reported(publish, remote, tmp_path):
    publish()
    first = git("rev-parse", GH_PAGES, at=remote)
    other = git(*WHO, "commit-tree", f"{first}^{{tree}}", "-p", first, "-m", "Other", at=remote)
    hook(tmp_path, "receive", f"git -C {remote} update-ref {GH_PAGES} {other}; git-receive-pack $1")
    git("config", "remote.origin.receivepack", tmp_path / "hooks/receive")
    another_book()
    code, said = publish()
    assert (code, said.count("\n")) == (1, 1)
    assert "branch gh-pages has moved meanwhile; run this again" in said
    assert git("rev-parse", GH_PAGES, at=remote) == other


def test_a_rejected_push_to_an_unmoved_branch_is_reported_as_refused(
    complaint, publish, remote, tmp_path
):
    publish()
    words = " ! [rejected] gh-pages -> gh-pages (fetch first)"
    hook(tmp_path, "receive", f"echo '{words}' >&2; exit 1")
    git("config", "remote.origin.receivepack", tmp_path / "hooks/receive")
    another_book()
    assert "refuses the book: [rejected] gh-pages -> gh-pages (fetch first)" in complaint()


# Push addresses


def test_a_remote_with_separate_push_addresses_gets_the_book_there(publish, remote, tmp_path):
    shutil.copytree(remote, tmp_path / "read.git")
    for place in ("../remote.git", "file:///mirrors/remote.git"):
        git("remote", "set-url", "--add", "--push", "origin", place)
    shutil.copytree(remote, tmp_path / "mirror.git")
    git("config", f"url.{tmp_path}/mirror.git.insteadOf", "file:///mirrors/remote.git")
    git("remote", "set-url", "origin", "../read.git")
    push = "origin ({}): branch gh-pages already has this book; nothing was published\n"
    code, said = publish()
    assert (code, said.count("\n")) == (0, 2)
    assert published(remote, tmp_path) == published(tmp_path / "mirror.git", tmp_path)
    assert state(tmp_path / "read.git")[0] == []
    assert publish() == (0, push.format("../remote.git") + push.format(tmp_path / "mirror.git"))
    another_book()
    assert publish()[0] == 0


def test_an_address_that_git_rewrites_for_pushing_is_followed(publish, remote, tmp_path):
    git("config", "--global", f"url.{tmp_path}/.pushInsteadOf", "https://example.org/")
    configure(remote="https://example.org/remote.git")
    assert publish()[0] == 0
    assert published(remote, tmp_path) == files(tool.BOOK)


def test_a_project_within_another_checkout_publishes_to_its_remote(
    publish, remote, tmp_path, monkeypatch
):
    Path.cwd().rename(tmp_path / "inner")
    (tmp_path / "outer").mkdir()
    (tmp_path / "inner").rename(tmp_path / "outer/inner")
    monkeypatch.chdir(tmp_path / "outer/inner")
    Path(".git").rename("../.git")
    git("add", ".", at="..")
    git("commit", "--quiet", "--message", "Move", at="..")
    assert publish()[0] == 0
    assert published(remote, tmp_path) == files(tool.BOOK)


@pytest.mark.parametrize("without", ["blob:none", "tree:0"])
def test_a_partial_clone_publishes(remote, publish, tmp_path, without):
    publish()
    another_book()
    git("push", "--quiet", "origin", "main")
    git("config", "uploadpack.allowFilter", "true", at=remote)
    shutil.rmtree(".git")
    git("clone", "--quiet", f"--filter={without}", f"file://{remote}", "../part", "--branch=main")
    shutil.move("../part/.git", ".git")
    assert publish()[0] == 0
    assert published(remote, tmp_path) == files(tool.BOOK)


# Kept files


def test_only_files_that_are_to_be_kept_stay_on_the_branch(publish, remote, tmp_path):
    publish()
    theirs = {"CNAME": "d2l.example.org", ".well-known/a b": "§", "old.html": "", "CNAME2": ""}
    push_by_hand(remote, tmp_path / "other", theirs)
    configure(keep=[".well-known", "CNAME", "none"])
    assert publish()[0] == 0
    kept = {name: theirs[name].encode() for name in ("CNAME", ".well-known/a b")}
    assert published(remote, tmp_path) == files(tool.BOOK) | kept
    assert "nothing was published" in publish()[1]
    configure(keep=[])
    assert publish()[0] == 0
    assert published(remote, tmp_path) == files(tool.BOOK)


# The user's environment


def test_a_users_git_settings_change_neither_the_book_nor_the_messages(
    remote, publish, tmp_path, monkeypatch
):
    hook(tmp_path, "pre-push", "exit 1")
    hook(tmp_path, "reference-transaction", "exit 1")
    attributes, settings = tmp_path / "attributes", tmp_path / "gitconfig"
    attributes.write_text("*.html text eol=crlf ident filter=none\n")
    ours = Path("config.yaml").read_text()
    settings.write_text(
        settings.read_text()
        + f"""\
[core]
autocrlf = true
attributesFile = {attributes}
quotePath = false
[commit]
gpgSign = true
[push]
gpgSign = true
followTags = true
pushOption = ci.skip
[filter "none"]
clean = false
required = true
[fetch]
fsckObjects = true
[init]
defaultBranch = bad..name
[status]
showUntrackedFiles = no
[trace2]
normalTarget = 1
[color]
ui = always
"""
    )
    git("config", "remote.origin.mirror", "true")
    git("config", "remote.origin.tagOpt", "--tags")
    for name, value in {
        **dict.fromkeys(("TRACE", "TRACE2", "TRACE_SETUP", "CURL_VERBOSE", "FLUSH"), "1"),
        **dict.fromkeys(("DIR", "WORK_TREE", "OBJECT_DIRECTORY", "COMMON_DIR"), str(tmp_path)),
        **dict.fromkeys(("INDEX_FILE", "CONFIG", "QUARANTINE_PATH"), str(tmp_path / "none")),
        "DEFAULT_HASH": "sha256",
        "NAMESPACE": "other",
        "LITERAL_PATHSPECS": "1",
        "CONFIG_COUNT": "1",
        "CONFIG_KEY_0": "core.hooksPath",
        "CONFIG_VALUE_0": str(tmp_path / "hooks"),
        "AUTHOR_NAME": "Grete",
        "AUTHOR_EMAIL": "grete@example.org",
    }.items():
        monkeypatch.setenv(f"GIT_{name}", value)
    code, said = publish()
    assert (code, said.count("\n")) == (0, 1)
    Path("new").touch()
    assert publish()[1].startswith("new: changed, and not committed")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    assert ours == Path("config.yaml").read_text()
    assert published(remote, tmp_path) == files(tool.BOOK)
    told = git("log", "-1", "--format=%an %ae %cn %GK", GH_PAGES, at=remote)
    assert told == "Grete grete@example.org Ada Löwe"


def test_this_checkouts_own_settings_for_reaching_the_remote_are_read(remote, publish, tmp_path):
    configure(remote="ssh://host/remote.git")
    hook(tmp_path, "ssh", f'shift; eval "$(echo $* | sed s=/remote.git={remote}=)"')
    (tmp_path / "here").write_text(f"[core]\nsshCommand = {tmp_path}/hooks/ssh\n")
    git("config", "--global", f"includeIf.gitdir:{Path.cwd()}/.path", tmp_path / "here")
    git("config", "ssh.variant", "simple")
    assert publish()[0] == 0
    assert published(remote, tmp_path) == files(tool.BOOK)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_the_checkout_of_another_user_is_reported(remote, publish):
    os.chown(".", 1234, 1234)
    os.chown(".git", 1234, 1234)
    code, said = publish()
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith(f"{Path.cwd()}: another user owns this checkout, so git does not read ")
    git("config", "--global", "--add", "safe.directory", Path.cwd())
    assert publish()[0] == 0


def test_a_machine_without_git_is_reported(remote, publish, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert publish() == (1, "git: not found; install it and try again\n")


def test_the_command_prints_one_line(remote):
    answer = run_tool("publish")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("results/book: published on branch gh-pages of origin")
    git("remote", "remove", "origin")
    answer = run_tool("publish")
    assert (answer.returncode, answer.stdout) == (1, "")
    (line,) = answer.stderr.splitlines()
    assert line.startswith("origin: cannot be read: 'origin' does not appear to be ")
