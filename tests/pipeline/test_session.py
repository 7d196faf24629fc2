"""Before a run: one at a time in a folder, and nothing that was altered is used."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from by_hand import flip_a_bit
from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan, Result
from d2l_lab.store import provenance, results
from d2l_lab.store.code import ROOT, Code

HOLDER = """
import time
from d2l_lab.pipeline import session
run.{function}()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def other():
    """Start another process that calls a function of `run` and then lives on."""
    started = []

    def start(function):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER.format(function=function)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


# One at a time


def test_a_second_run_in_a_folder_is_refused_and_told_which_is_the_first(other):
    first = other("be_the_only_one")
    with pytest.raises(
        LabError, match=rf"^results: another run .*\(process {first.pid} on "
    ) as told:
        session.be_the_only_one()
    assert "\n" not in str(told.value)


def test_a_run_that_was_killed_stands_in_nobodys_way(other):
    first = other("be_the_only_one")
    first.kill()
    first.wait()
    session.be_the_only_one()


def test_any_number_of_runs_use_a_store_and_meanwhile_nobody_has_it_alone(other):
    other("use_the_store")
    session.use_the_store()
    with pytest.raises(LabError, match=r"^results/store: a run is on that uses it; wait"):
        session.have_the_store_alone()


def test_no_run_starts_while_results_are_deleted(other):
    other("use_the_store").kill()
    other("have_the_store_alone")
    with pytest.raises(LabError, match=r"^results/store: results are being deleted; run again"):
        session.use_the_store()


def test_a_store_that_is_not_there_yet_is_nobodys():
    session.have_the_store_alone()


# What was altered


class Three(Plan):
    """A plan of three results: data, what is made of them, and what is drawn of that and shown."""

    def __init__(self):
        self.results = {}
        data = self._add("download", "data", {})
        table = self._add("download", "table", {}, {"data": [data]})
        self._add("download", "drawn", {}, {"table": [table]}, ["drawn.csv"])


VIEW = Path("results/.shown/0123")


@pytest.fixture
def plan():
    """A plan of which everything is made, and shown."""
    plan = Three()
    for result in plan.results.values():
        make(result)
    show(plan)
    return plan


def make(result: Result):
    with results.writing(session.folder_of(result), {}) as (temporary, _):
        (temporary / f"{result.name}.csv").write_text(result.name * 9)


def show(plan):
    shown = plan["download", "drawn"]
    target = session.RESULTS / "download" / "drawn.csv"
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(file_of(plan, "drawn"), target)
    VIEW.parent.mkdir(exist_ok=True)
    files = provenance.read(session.folder_of(shown))["files"]
    VIEW.write_text(json.dumps({f"download/{name}": file for name, file in files.items()}))
    session.REPORT.parent.mkdir(exist_ok=True)
    session.REPORT.touch()


def file_of(plan, name):
    return session.folder_of(plan["download", name]) / f"{name}.csv"


def forgotten(plan):
    standing = session.Standing(plan, VIEW)
    session.forget_what_was_altered(standing, VIEW)
    return [result.name for result in standing.altered]


def to_make(plan):
    return [result.name for result in session.Standing(plan, VIEW).to_make]


def test_when_all_is_well_nothing_is_forgotten_and_nothing_made(plan):
    assert forgotten(plan) == []
    assert to_make(plan) == []
    assert VIEW.exists()


def test_what_the_view_needs_is_made_and_no_more(plan):
    VIEW.unlink()
    assert to_make(plan) == []
    shutil.rmtree(session.folder_of(plan["download", "data"]))
    assert to_make(plan) == []
    shutil.rmtree(session.folder_of(plan["download", "drawn"]))
    assert to_make(plan) == ["drawn"]
    shutil.rmtree(session.folder_of(plan["download", "table"]))
    assert to_make(plan) == ["data", "table", "drawn"]


@pytest.mark.parametrize("name", ["data", "table", "drawn"])
def test_a_truncated_result_is_forgotten_even_if_nobody_is_going_to_read_it(plan, name):
    os.truncate(file_of(plan, name), 5)
    assert forgotten(plan) == [name]
    assert forgotten(plan) == []


def test_of_what_the_coming_jobs_read_every_byte_is_looked_at(plan):
    for name in ("data", "table"):
        flip_a_bit(file_of(plan, name))
    assert forgotten(plan) == []
    shutil.rmtree(session.folder_of(plan["download", "drawn"]))
    VIEW.unlink()
    assert sorted(forgotten(plan)) == ["data", "table"]
    assert to_make(plan) == ["data", "table", "drawn"]


def test_an_altered_file_that_is_about_to_be_shown_is_made_again(plan):
    flip_a_bit(file_of(plan, "drawn"))
    VIEW.unlink()
    assert forgotten(plan) == ["drawn"]


@pytest.mark.parametrize("damage", [flip_a_bit, Path.unlink, lambda path: os.truncate(path, 0)])
@pytest.mark.parametrize("path", [session.RESULTS / "download" / "drawn.csv", VIEW])
def test_a_view_that_is_not_as_it_was_shown_is_shown_again(plan, path, damage):
    damage(path)
    assert forgotten(plan) == []
    assert not VIEW.exists()


def test_a_report_that_is_not_there_is_made_again_with_the_view(plan):
    session.REPORT.unlink()
    assert forgotten(plan) == []
    assert not VIEW.exists()


def test_an_altered_result_that_may_not_be_changed_is_told(plan, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    os.truncate(file_of(plan, "data"), 5)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(LabError, match=r"cannot be made again: Permission denied; ask who may"):
        forgotten(plan)


def test_modules_are_listed_in_the_order_in_which_stages_need_them(monkeypatch):
    needed = {"a": ("x", "torch"), "b": ("torch", "pandas"), "c": ("pandas", "x", "alone")}
    own = {"a": {"first": ""}, "b": {"near": ""}, "c": {"near": ""}}
    monkeypatch.setattr(
        session.keys, "code_for", lambda _, module: Code(own[module], {}, imported=needed[module])
    )
    results = [SimpleNamespace(stage=stage, settings=one) for stage, one in ("1a", "2b", "1c")]
    assert session.modules_of(results) == [["x", "torch", "pandas", "near"]]
    results = [SimpleNamespace(stage=stage, settings=one) for stage, one in ("1a", "2b", "3c")]
    assert session.modules_of(results) == [["x", "torch"], ["pandas", "near"]]
