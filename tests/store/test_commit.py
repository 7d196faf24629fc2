"""The commit that is checked out is recorded with the results."""

import subprocess

import pytest

from d2l_lab.store import commit as module


def git(*arguments, at):
    known = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
    answer = subprocess.run(
        ["git", *known, *arguments], cwd=at, check=True, capture_output=True, text=True
    )
    return answer.stdout.strip()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    root = tmp_path / "workflow"
    (root / "d2l_lab").mkdir(parents=True)
    (root / "d2l_lab/a.py").write_text("a = 1")
    git("init", "--quiet", at=tmp_path)
    git("add", ".", at=tmp_path)
    git("commit", "--quiet", "--message", "First", at=tmp_path)
    monkeypatch.setattr(module, "ROOT", root)
    return tmp_path


def test_the_commit_is_noted_with_whether_a_tracked_file_has_changed_since(checkout):
    known = git("rev-parse", "HEAD", at=checkout)
    (checkout / "results.txt").write_text("not tracked")
    assert module.commit() == {"hash": known, "changed": False}
    (checkout / "workflow/d2l_lab/a.py").write_text("a = 2")
    assert module.commit() == {"hash": known, "changed": True}


def test_a_project_outside_git_has_no_commit(checkout, monkeypatch, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "d2l_lab").mkdir()
    monkeypatch.setattr(module, "ROOT", other)
    assert module.commit() is None
    monkeypatch.setattr(module, "ROOT", checkout / "workflow")
    monkeypatch.setenv("PATH", str(other))
    assert module.commit() is None
