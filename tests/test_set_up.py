"""`make` sets up what it promises, whatever the user's settings, and notices what is broken.

These tests use the real Makefile and envs/*.py, and locks of one tiny package that they make.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from checkout import ROOT

PROGRAMS = ("Makefile", "envs/check.py", "envs/set_up.py")


def make_wheel(folder, name):
    """Make a package of one module; return the line of a lock that requires it."""
    files = {
        f"{name}/__init__.py": "",
        f"{name}/part.py": "VALUE = 1\n",
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
    }
    listed = f"{name}-1.0.dist-info/RECORD"
    digests = {path: hashlib.sha256(text.encode()).digest() for path, text in files.items()}
    files[listed] = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')},\n"
        for path, digest in digests.items()
    )
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


class Reader:
    """A checkout of the set-up files with tiny locks, and a user with a home folder."""

    def __init__(self, base):
        self.path, self.home, self.wheels = base / "checkout", base / "home", base / "wheels"
        for folder in (self.path / "envs", self.home, self.wheels):
            folder.mkdir(parents=True)
        for name in PROGRAMS:
            shutil.copy(ROOT / name, self.path / name)
        for lock, name in (("requirements", "tiny"), ("benchmarks", "peer")):
            (self.path / f"envs/{lock}.in").write_text(f"{name}==1.0\n")
            (self.path / f"envs/{lock}.txt").write_text(make_wheel(self.wheels, name))
        # The user's pip.conf says where packages are; its other settings are wrong on purpose.
        settings = self.home / ".config/pip/pip.conf"
        settings.parent.mkdir(parents=True)
        settings.write_text(
            f"[global]\nfind-links = {self.wheels}\nno-index = true\nprefix = {base}/astray\n"
            f"[install]\nuser = true\nconstraint = {base}/none\n"
        )

    def make(self, *arguments, **variables):
        """Run make in this user's environment; `stdout` of the result has both streams."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return subprocess.run(
            ["make", *arguments],
            cwd=self.path,
            env=kept | {"HOME": str(self.home)} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )

    def check(self):
        """Return the faults that `make` finds in .venv."""
        command = [".venv/bin/python", "-E", "-s", "-S", "envs/check.py"]
        return subprocess.run(
            [*command, ".venv", "envs/requirements.txt"],
            cwd=self.path,
            capture_output=True,
            text=True,
            check=False,
        ).stderr.strip()


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A user with misleading settings, who has run `make peers`."""
    base = tmp_path_factory.mktemp("reader")
    reader = Reader(base)
    (base / "shadow").mkdir()
    (base / "shadow/tiny.py").write_text("raise SystemExit('not the package of .venv')\n")
    astray = str(base / "astray")
    reader.astray = {
        "PIP_USER": "1",
        "PIP_TARGET": astray,
        "PIP_PREFIX": astray,
        "PIP_ROOT": astray,
        "PIP_CONSTRAINT": f"{base}/none",
        "PIP_PYTHON": "/nowhere/python",
        "PIP_VERSION": "23.0",
        "PIP_DRY_RUN": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BINARY": ":all:",
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PYTHONPATH": f"{base}/shadow",
        "PYTHONHOME": "/nowhere",
        "PYTHONUSERBASE": astray,
        "VIRTUAL_ENV": astray,
    }
    answer = reader.make("peers", **reader.astray)
    assert answer.returncode == 0, answer.stdout
    reader.said = answer.stdout
    return reader


def test_no_user_setting_changes_where_packages_go(reader):
    assert reader.said == (
        ".venv is set up: this takes some minutes\n.venv-bench is set up: this takes some minutes\n"
    )
    assert [*packages(reader).glob("tiny/__pycache__/part.*.pyc")]  # so the first import is quick
    for environment, name in ((".venv", "tiny"), (".venv-bench", "peer"), (".venv-bench", "tiny")):
        command = [reader.path / environment / "bin/python", "-c", f"import {name}.part"]
        subprocess.run(command, check=True)
    assert not (reader.path.parent / "astray").exists()
    assert reader.make("peers", **reader.astray).stdout == ""  # nothing is made again


def packages(reader):
    (folder,) = (reader.path / ".venv/lib").glob("python*/site-packages")
    return folder


def remove_a_package(reader):
    shutil.rmtree(packages(reader) / "tiny")


def replace_a_package(reader):
    (packages(reader) / "tiny-1.0.dist-info").rename(packages(reader) / "tiny-1.1.dist-info")


def cut_a_module(reader):
    os.truncate(packages(reader) / "tiny/part.py", 3)


def change_the_lock(reader):
    with (reader.path / "envs/requirements.txt").open("a") as lock:
        lock.write("# another\n")


def stop_half_way(reader):
    path = reader.path / ".venv/made.json"
    record = json.loads(path.read_text())
    del record["contents"]
    path.write_text(json.dumps(record))


def take_another_python(reader):
    path = reader.path / ".venv/made.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"python": "3.10"}))


FAULTS = {
    remove_a_package: r"lib/python3\.\d+/site-packages/tiny is missing",
    replace_a_package: r"lib/python3\.\d+/site-packages/tiny-1\.0\.dist-info is missing",
    cut_a_module: r"lib/python3\.\d+/site-packages/tiny/part\.py is not as it was",
    change_the_lock: "the lock has changed",
    stop_half_way: "it is not complete",
    take_another_python: r"it was made with Python 3\.10, and this is 3\.\d+",
}


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda spoil: spoil.__name__)
def test_each_fault_of_the_environment_is_named(reader, spoil):
    tiny = [*packages(reader).glob("tiny*/*")]
    kept = [*tiny, reader.path / ".venv/made.json", reader.path / "envs/requirements.txt"]
    before = {path: path.read_bytes() for path in kept if path.is_file()}
    assert reader.check() == ""
    spoil(reader)
    found = reader.check()
    for path, data in before.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert re.fullmatch(FAULTS[spoil], found)
    assert reader.check() == ""


def test_harmless_changes_are_not_faults(reader):
    (packages(reader) / "own.pth").touch()
    (packages(reader) / "tiny/__pycache__").mkdir(exist_ok=True)
    (packages(reader) / "tiny/__pycache__/new.pyc").touch()
    linked = reader.path.with_name("linked")
    linked.symlink_to(reader.path)
    command = [".venv/bin/python", "envs/check.py", ".venv", "envs/requirements.txt"]
    assert subprocess.run(command, cwd=linked, check=False).returncode == 0


def test_a_checkout_under_another_name_needs_another_environment(reader):
    before = reader.path
    reader.path = before.rename(before.with_name("renamed"))
    try:
        assert reader.check() == f"it was made as {before}/.venv"
    finally:
        reader.path = reader.path.rename(before)


def test_the_environment_of_another_checkout_is_left_alone(reader, tmp_path):
    other = Reader(tmp_path)
    change_the_lock(other)
    (other.path / ".venv").symlink_to(reader.path / ".venv")
    answer = other.make("setup")
    assert answer.returncode != 0
    assert answer.stdout.startswith(f".venv is a link to {reader.path}/.venv, which was made for")
    assert reader.check() == ""


def test_a_missing_python_is_named(tmp_path):
    answer = Reader(tmp_path).make("setup", "PYTHON=python9")
    assert answer.stdout.startswith("python9: not found; name a Python, 3.11 or newer")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("tiny==1.0", ""),
        ("absent==1.0", "absent is not installed"),
        ('absent==1.0; sys_platform == "other"', ""),
        ("tiny==1.1", "tiny has version 1.0, not 1.1"),
        ("broken==1.0", "broken cannot be imported: ImportError: libtiny.so: no such file"),
    ],
)
def test_set_up_is_done_when_everything_it_promised_can_be_imported(tmp_path, wanted, said):
    for name in ("tiny", "broken"):
        make_wheel(tmp_path, name)
        zipfile.ZipFile(tmp_path / f"{name}-1.0-py3-none-any.whl").extractall(tmp_path)
    (tmp_path / "broken/__init__.py").write_text("raise ImportError('libtiny.so: no such file')\n")
    (tmp_path / "wanted.in").write_text(wanted + "\n")
    path = os.pathsep.join([str(ROOT / "envs"), str(tmp_path)])
    answer = subprocess.run(
        [sys.executable, "-c", "import set_up; set_up.import_all('wanted.in')"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stderr.strip() == said
    assert (answer.returncode == 0) == (said == "")


def test_clean_removes_what_was_made_and_nothing_else(tmp_path):
    reader = Reader(tmp_path)
    made = [".venv/bin", "results/store", "workflow/__pycache__", ".snakemake", "envs/__pycache__"]
    for name in (*made, "benchmarks", "tests", "data"):
        (reader.path / name).mkdir(parents=True)
    (reader.path / "results/README.md").touch()
    assert reader.make("clean").stdout == ""
    left = {path.name for path in reader.path.iterdir()}
    assert left == {"Makefile", "envs", "results", "workflow", "benchmarks", "tests", "data"}
    assert [path.name for path in (reader.path / "results").iterdir()] == ["README.md"]
    assert not [*reader.path.rglob("__pycache__")]


@pytest.mark.thorough
def test_a_broken_environment_is_made_again_even_after_pip_failed(tmp_path):
    reader = Reader(tmp_path)
    assert reader.make("setup").returncode == 0
    python = reader.path / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    failed = reader.make("setup", PIP_FIND_LINKS="/nowhere")  # as without a network
    assert failed.stdout.startswith(".venv is set up again, as its Python is gone: this takes")
    last = failed.stdout.splitlines()[-2]  # before make's own
    assert last.startswith(".venv is not complete: pip failed, as it says above. Fix that; the")
    again = reader.make("setup")
    assert again.returncode == 0
    assert again.stdout == ".venv is set up again, as it is not complete: this takes some minutes\n"
    assert Path(python).exists()
    assert reader.check() == ""
