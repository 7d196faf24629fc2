"""A run checks its results as it starts, makes the modified ones again, and shows them."""

import os
import shutil
from pathlib import Path

import pytest

from by_hand import flip_a_bit
from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.status import Status
from d2l_lab.store import results, view

SHOWN = Path("results/tables/drawn.csv")


class Three(Plan):
    """A plan of three results: data, a result made from them, and its shown figure."""

    def __init__(self):
        self.results = {}
        data = self.add("download", "data", {}, files=["data.csv"])
        inputs = {"data": [data]}
        table = self.add("download", "table", {}, inputs, files=["table.csv"])
        inputs = {"table": [table]}
        self.add("benchmark", "drawn", {}, inputs, files=["drawn.csv"], is_shown=True)


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """A plan whose results are all made and shown."""
    monkeypatch.chdir(tmp_path)
    plan = Three()
    for result in plan.results.values():
        with results.writing(result.folder, {}) as (temporary, _):
            (temporary / result.files[0]).write_text(result.name * 9)
    view.show(plan["benchmark", "drawn"].folder)
    return plan


def folder(plan, name):
    return next(result.folder for result in plan.results.values() if result.name == name)


def file(plan, name):
    return folder(plan, name) / f"{name}.csv"


def modified(plan):
    return sorted(result.name for result in Status(plan).modified)


def to_make(plan):
    return [result.name for result in Status(plan).to_make]


def begun(plan):
    """Do what a run does at its beginning; return the results that it found modified."""
    status = Status(plan)
    session.invalidate_modified(status)
    session.update_view(status)
    return sorted(result.name for result in status.modified)


def test_nothing_is_made_if_everything_is_up_to_date(plan):
    assert Status(plan).is_current
    assert session.paths_to_make(Status(plan)) == []
    assert begun(plan) == []
    assert SHOWN.read_text(encoding="utf-8") == "drawn" * 9


def test_only_what_the_shown_results_need_is_made(plan):
    shutil.rmtree(folder(plan, "data"))
    assert to_make(plan) == []
    shutil.rmtree(folder(plan, "drawn"))
    assert to_make(plan) == ["drawn"]
    shutil.rmtree(folder(plan, "table"))
    assert to_make(plan) == ["data", "table", "drawn"]


@pytest.mark.parametrize("name", ["data", "table", "drawn"])
def test_a_truncated_result_is_invalidated_even_if_no_job_will_read_it(plan, name):
    os.truncate(file(plan, name), 5)
    assert {str(file(plan, name))} <= {*session.paths_to_make(Status(plan))}
    assert begun(plan) == [name]
    assert modified(plan) == []
    assert not (folder(plan, name) / "provenance.json").exists()


def test_every_byte_that_the_next_jobs_read_is_checked(plan):
    for name in ("data", "table"):
        flip_a_bit(file(plan, name))
    assert modified(plan) == []
    shutil.rmtree(folder(plan, "drawn"))
    assert modified(plan) == ["data", "table"]
    assert to_make(plan) == ["data", "table", "drawn"]


def test_a_modified_result_that_is_about_to_be_shown_is_made_again(plan):
    flip_a_bit(file(plan, "drawn"))
    SHOWN.unlink()
    assert begun(plan) == ["drawn"]
    assert not SHOWN.exists()


@pytest.mark.parametrize("damage", [flip_a_bit, Path.unlink, lambda path: os.truncate(path, 0)])
def test_a_view_that_differs_from_the_store_is_corrected(plan, damage):
    damage(SHOWN)
    assert Status(plan).stale == [SHOWN]
    assert begun(plan) == []
    assert SHOWN.read_text(encoding="utf-8") == "drawn" * 9
    assert Status(plan).is_current


def test_files_of_another_plan_are_removed_from_the_view_and_foreign_files_are_left(plan):
    old, mine = Path("results/figures/old.svg"), Path("results/README.md")
    old.parent.mkdir()
    old.touch()
    mine.touch()
    assert session.paths_to_make(Status(plan)) == [str(old)]
    begun(plan)
    assert not old.parent.exists()
    assert mine.exists()


def test_a_result_that_is_not_made_yet_is_not_shown_from_an_earlier_plan(plan):
    shutil.rmtree(folder(plan, "drawn"))
    begun(plan)
    assert not SHOWN.exists()


def test_a_modified_result_that_may_not_be_changed_is_reported(plan, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    os.truncate(file(plan, "data"), 5)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(
        LabError, match=r"cannot be made again: Permission denied; ask someone who can"
    ):
        begun(plan)
