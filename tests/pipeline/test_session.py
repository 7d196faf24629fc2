"""Before a run: only one starts in a folder, and the modules that its jobs need are known."""

import os
import subprocess
import sys
from itertools import chain
from types import SimpleNamespace

import pytest

from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.store import keys
from d2l_lab.store.code import ROOT, Code

TORCH = ("softmax_regression", "multilayer_perceptrons")  # pages that import it
HOLDER = """
import time
from d2l_lab.pipeline import session
session.{function}()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def other():
    """Start another process that calls a function of `session` and then lives on."""
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


def test_a_second_run_in_a_folder_is_refused_and_the_first_is_named(other):
    first = other("claim_results")
    with pytest.raises(
        LabError, match=rf"^results: another run .*\(process {first.pid} on "
    ) as told:
        session.claim_results()
    assert "\n" not in str(told.value)


def test_a_killed_run_does_not_block_others(other):
    first = other("claim_results")
    first.kill()
    first.wait()
    session.claim_results()


def test_many_runs_can_share_a_store_which_then_cannot_be_locked_exclusively(other):
    other("share_store")
    session.share_store()
    with pytest.raises(LabError, match=r"^results/store: a run is using it; wait"):
        session.claim_store()


def test_no_run_starts_while_results_are_deleted(other):
    other("share_store").kill()
    other("claim_store")
    with pytest.raises(LabError, match=r"^results/store: results are being deleted; run again"):
        session.share_store()


def test_a_store_that_does_not_exist_yet_is_free():
    session.claim_store()


# Modules that several jobs load


def test_modules_are_listed_in_the_order_in_which_stages_need_them(monkeypatch):
    needed = {"a": ("x", "torch"), "b": ("torch", "pandas"), "c": ("pandas", "x", "alone")}
    own = {"a": {"first": ""}, "b": {"near": ""}, "c": {"near": ""}}
    monkeypatch.setattr(
        session.keys, "science_code", lambda _, name: Code(own[name], {}, imported=needed[name])
    )
    results = [SimpleNamespace(stage=stage, settings=name) for stage, name in ("1a", "2b", "1c")]
    assert session.modules_to_load(results) == [["x", "torch", session.RUNNER, "pandas", "near"]]
    results = [SimpleNamespace(stage=stage, settings=name) for stage, name in ("1a", "2b", "3c")]
    assert session.modules_to_load(results) == [["x", "torch", session.RUNNER], ["pandas", "near"]]


def test_the_modules_that_pages_import_are_loaded_for_their_kernels():
    page = SimpleNamespace(stage="notebook", settings={"module": "page"})
    pages = [SimpleNamespace(**vars(page), name=name) for name in ("kfold", *TORCH)]
    loaded = {*chain(*session.modules_to_load(pages))}
    assert "torch" not in keys.science_code(page.stage, page.settings).imported
    assert "torch" in loaded
