"""`prune` lists results that the current configuration does not use; it deletes on request."""

import os
import shutil
import socket
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
import yaml

from checkout import NO_BOOK
from d2l_lab.config import validate
from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import layout, locks, results
from d2l_lab.tools import prune as tool
from d2l_lab.tools.prune import prune, readable
from shown import write

MODEL = {"module": "linear_regression.scratch", "dataset": "linear"}
NAME = "line.cpu"
CONFIG = {"models": {"line": MODEL}, "studies": {}, "claims": False, "book": NO_BOOK}
LEFT = f"{socket.gethostname()}-7-0123abcd"
NOTHING = ["results/store: nothing that the current configuration does not use"]


def planned(**changes):
    return Plan(validate(CONFIG | changes), ["cpu"])


def write_logged(plan):
    for result in plan.results.values():
        write(result, text="x" * 1000)
        log = Path("results/logs", result.stage, f"{result.name}.{result.key}.log")
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("12345", encoding="utf-8")


def files():
    return {path for path in Path("results").rglob("*") if not path.is_dir()}


def said(plan, *, deleting=False):
    return [*prune(plan, deleting=deleting)]


def deleted(plan):
    return said(plan, deleting=True)


def deleted_again(plan):
    """Delete as another process would after the first, which keeps the lock, has ended."""
    session.STORE_LOCK.unlink()
    session.STORE_LOCK.touch()
    return deleted(plan)


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """The plan of the current folder, in which every result has been made."""
    monkeypatch.chdir(tmp_path)
    write_logged(planned())
    session.STORE_LOCK.touch()
    return planned()


def test_nothing_is_listed_or_deleted_if_every_result_is_used_or_none_exists(plan, tmp_path):
    before = files()
    assert said(plan) == deleted(plan) == NOTHING
    assert files() == before
    shutil.rmtree("results")
    assert said(plan) == deleted(plan) == NOTHING
    assert not any(tmp_path.iterdir())


@pytest.fixture
def other(plan):
    """Another plan whose results have all been made too."""
    write_logged(planned(replicates=2))
    return planned(replicates=2)


def test_results_of_another_configuration_are_listed_newest_first_and_stay(plan, other):
    for count, day in ((2, 1), (3, 3), (4, 2)):
        shutil.rmtree(planned(replicates=count)["train", NAME].folder, ignore_errors=True)
        write(planned(replicates=count)["train", NAME], f"2026-01-0{day}T12:00:00+00:00")
    other["tables", "all"].provenance.write_text("{}")
    before = files()
    title, header, *rows, total = said(plan)
    assert title == "results/store: not used by the current configuration"
    assert header.split() == ["stage", "name", "key", "made", "size", "remark"]
    found = {row.split()[0]: row for row in rows}
    assert {*found} == {"figures", "report", "tables", "train"}
    assert [row.split()[3][-2:] for row in rows if NAME in row] == ["03", "02", "01"]
    assert other["figures", "training_line"].key in found["figures"]
    assert "kB" in found["figures"]
    assert found["tables"].endswith("without a valid provenance.json")
    assert total.startswith("6 results, 4 logs: ")
    assert total.endswith("; to delete: make prune DELETE=yes")
    assert files() == before


def test_results_of_another_configuration_are_deleted_with_logs_and_empty_folders(plan):
    before = files()
    write_logged(planned(models={"old": MODEL}))
    assert deleted(plan)[-1].startswith("deleted 6 results, 6 logs: ")
    assert files() == before
    assert not Path("results/store/train/old.cpu").exists()
    assert all(result.exists() for result in plan.results.values())


def test_a_result_of_the_plan_stays_even_if_it_is_damaged(plan):
    (plan["train", NAME].folder / layout.PROVENANCE).unlink()
    before = files()
    deleted(plan)
    assert files() == before


def test_leftovers_of_killed_processes_are_deleted(plan):
    folder = plan["train", NAME].folder
    for left in (f"{folder.name}.{LEFT}.part", f"{folder.name}.{LEFT}.damaged", "0" * 16):
        folder.with_name(left).mkdir()
    told = deleted(plan)
    assert sum(row.endswith("left by a killed process") for row in told) == 3
    assert told[-1] == "deleted 3 leftovers: 0 B"
    assert [*folder.parent.iterdir()] == [folder]
    assert (tool.LOGS / "train" / f"{NAME}.{folder.name}.log").exists()


def test_leftovers_of_another_machine_are_deleted_when_a_day_old(plan):
    young, old = (
        Path("results/store/train", NAME, f"{'0' * 16}.of-other-{n}-0123abcd.part") for n in "12"
    )
    for left in (young, old):
        left.mkdir()
    os.utime(old, (0, 0))
    told = "\n".join(deleted(plan))
    assert "left by a process of of-other, kept: less than a day old" in told
    assert (young.exists(), old.exists()) == (True, False)
    assert said(plan)[-1] == "nothing that can be deleted yet"


def test_files_that_do_not_look_like_results_are_left_alone(plan, tmp_path):
    outside = tmp_path / "outside" / NAME / ("0" * 16)
    outside.mkdir(parents=True)
    (outside / "file").touch()
    base = Path("results/store/train", NAME)
    (base / ("0" * 15)).mkdir()
    (base / ("A" * 16)).mkdir()
    (base / "0123456789abcdef.mine").mkdir()
    (base / ("1" * 16)).touch()
    (base / ("2" * 16)).symlink_to(outside)
    Path("results/store/linked").symlink_to(tmp_path / "outside")
    Path("results/store/train/linked.cpu").symlink_to(outside.parent)
    Path("results/store/Notes/name", "3" * 16).mkdir(parents=True)
    before = {*tmp_path.rglob("*")}
    assert deleted(plan) == NOTHING
    assert {*tmp_path.rglob("*")} == before


def test_links_inside_a_result_are_deleted_and_not_followed(plan, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").touch()
    folder = Path("results/store/train", NAME, "0" * 16)
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "precious")
    deleted(plan)
    assert not folder.exists()
    assert (tmp_path / "precious/file").exists()


def test_a_killed_prune_leaves_no_half_of_a_result(plan, other, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deleted(plan)
    assert [result.exists() for result in other.results.values()].count(False) == 1
    assert "1 leftover" in said(plan)[-1]
    deleted_again(plan)
    assert not [path for path in files() if "damaged" in str(path)]


def test_unused_results_are_listed_but_not_deleted_during_a_run(plan, other):
    before = files()
    descriptor = locks.take(session.STORE_LOCK, shared=True)
    with pytest.raises(LabError, match="a run is using it"):
        deleted(plan)
    assert "make prune DELETE=yes" in said(plan)[-1]
    os.close(descriptor)
    assert files() == before


def test_results_that_a_process_is_working_on_are_left_out(plan):
    place = Path("results/store/train", NAME, "0" * 16)
    with results.exclusive(place):
        place.with_name(f"{place.name}.{LEFT}.part").mkdir()
        assert deleted(plan) == NOTHING
    assert "1 leftover" in deleted_again(plan)[-1]


def test_a_shared_store_is_mentioned(plan, other, tmp_path):
    shutil.move("results/store", tmp_path / "shared")
    Path("results/store").symlink_to(tmp_path / "shared")
    words = f"results/store is {tmp_path}/shared: other checkouts may use what this one does not"
    assert words in said(plan)
    assert words in deleted(plan)
    assert said(plan) == NOTHING


def test_a_result_that_cannot_be_deleted_is_reported_in_one_line(plan, other, monkeypatch):
    refused = PermissionError(13, "Permission denied", "results/store/train")
    monkeypatch.setattr(shutil, "rmtree", Mock(side_effect=refused))
    with pytest.raises(LabError, match=r"^results/store/train: cannot be deleted: Permission den"):
        deleted(plan)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (12_345_678, "12.3 MB"), (5e12, "5e+03 GB")],
)
def test_sizes_are_written_for_people(size, words):
    assert readable(size) == words


def test_the_command_deletes_only_on_request_and_with_a_valid_configuration(
    plan, other, monkeypatch, capsys
):
    def run(config, *arguments):
        Path("config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["prune", *arguments])
        return tool.main(), *capsys.readouterr()

    listed = files()
    code, out, _ = run(CONFIG)
    assert (code, "4 results, 4 logs" in out, files()) == (0, True, listed)
    code, out, err = run({"models": {"line": {"module": "linear_regression.scratch"}}}, "--delete")
    assert (code, out, err.count("\n"), files()) == (1, "", 1, listed)
    assert err.startswith("config.yaml: ")
    code, out, _ = run(CONFIG, "--delete")
    assert (code, "deleted 4 results" in out) == (0, True)
    assert said(plan) == NOTHING
