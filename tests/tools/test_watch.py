"""The page that follows a run shows each job's state and the figures that exist."""

import time
from pathlib import Path

import pytest

from checkout import NO_BOOK
from d2l_lab.config import validate
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import locks
from d2l_lab.tools.watch import Live, last_word
from shown import show_all, write, write_all

MODEL = {"module": "linear_regression.scratch", "dataset": "linear"}
CONFIG = {"models": {"line": MODEL}, "studies": {}, "claims": False, "book": NO_BOOK}


@pytest.fixture
def plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Plan(validate(CONFIG), ["cpu"])


def test_the_page_follows_the_run_to_its_end(plan, tmp_path):
    live = Live(plan, tmp_path)

    def page(ended=None):
        live.look(ended)
        return (tmp_path / "source/index.md").read_text().splitlines()

    assert f"**0 of {len(plan.results)}** results are done." in page()
    figure = plan["figures", "training_line"]
    write(figure)
    with locks.alone(plan["train", "line.cpu"].folder):
        lines = page()
    first, *_, last = [line for line in lines if line.startswith(("| train", "!["))]
    assert first == "| train line.cpu | at work |  |"
    assert last == "![training_line](training_line.svg)"
    assert f"| figures training_line | made | {last_word(figure, 0)} |" in lines
    assert (tmp_path / "source/training_line.svg").exists()
    assert "**The run has ended with exit code 1**; the terminal says why." in page(1)
    show_all(write_all(plan))
    assert {"**Everything is done.**", '<a href="book/index.html">The book</a>'} <= {*page(0)}
    assert (tmp_path / "html/book/report.html").exists()


@pytest.mark.parametrize("log", ["train/line.cpu.{key}.log", "train/line.cpu.log", "train.log"])
def test_the_last_line_of_a_job_is_that_of_this_run(plan, log):
    result = plan["train", "line.cpu"]
    path = Path("results/logs", log.format(key=result.key))
    path.parent.mkdir(parents=True)
    path.write_text("first\nepoch 2 | loss 0.5\n", encoding="utf-8")
    assert last_word(result, time.time() - 60) == "epoch 2 / loss 0.5"
    assert last_word(result, time.time() + 60) == ""
