"""Two results side by side: what they were made of, and how far their metrics lie apart."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats

from checkout import NO_BOOK
from d2l_lab.config import validate
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.tables.contrasts import difference
from d2l_lab.tools import compare as tool
from d2l_lab.tools.compare import compare, find, write
from shown import write_histories

MODEL = {"module": "linear_regression.scratch", "dataset": "linear"}
OTHER = {"module": "mlp.scratch", "dataset": "fashion_mnist"}
CONFIG = {"replicates": 2, "folds": 3, "studies": {}, "claims": False, "book": NO_BOOK}


def planned(changes=None):
    models = {"line": MODEL | (changes or {}), "mlp": OTHER}
    return Plan(validate(CONFIG | {"models": models}), ["cpu"])


@pytest.fixture
def plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_histories(planned(), 1)
    write_histories(planned({"epochs": 20}), 2, loss=4.0)
    return planned()


def test_what_differs_comes_first_then_the_paired_differences(plan):
    other = find(planned({"epochs": 20})["train", "line.cpu"].key, plan)
    lines = [*compare(find("line", plan), other)]
    assert lines[2] == "  epochs 10 → 20"
    (row,) = [line for line in lines if line.startswith("test_loss")]
    assert row.split() == ["test_loss", "2.5", "4.5", "2"]
    assert "paired" in lines[-1]


def test_an_unknown_result_and_other_metrics_are_told_in_a_line(plan):
    with pytest.raises(LabError, match=r"^lime: no model or key .* did you mean line"):
        find("lime", plan)
    with pytest.raises(LabError, match=r"has the metrics .* compare results of the same"):
        [*compare(find("line", plan), find("mlp", plan))]


@pytest.mark.parametrize(
    ("text", "words"), [("", "name two results"), ("nothing", "no model or key")]
)
def test_what_names_no_result_is_told(plan, text, words):
    with pytest.raises(LabError, match=words):
        find(text, plan)


def test_an_altered_result_is_told(plan):
    (plan["train", "line.cpu"].folder / "history.csv").write_text("altered")
    with pytest.raises(LabError, match=r"history\.csv: missing, or altered"):
        find("line", plan)


def test_curves_and_a_page_that_asks_for_nothing_are_written(plan, tmp_path):
    first, second = find("line", plan), find(planned({"epochs": 20})["train", "line.cpu"].key, plan)
    write(first, second, [*compare(first, second)], tmp_path / "out", 50)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["curves.png", "curves.svg", "index.html"]
    page = (tmp_path / "out/index.html").read_text("utf-8")
    assert "epochs 10 → 20" in page
    assert "<svg" in page
    assert "src=" not in page


@pytest.mark.parametrize("paired", [True, False])
def test_the_interval_is_that_of_the_usual_test(paired):
    a, b = pd.Series([1.0, 2.0, 4.0]), pd.Series([2.0, 2.5, 7.0])
    test = stats.ttest_rel(b, a) if paired else stats.ttest_ind(b, a, equal_var=False)
    low, high = test.confidence_interval(0.95)
    assert [*difference(a, b, paired=paired)] == pytest.approx([(low + high) / 2, (high - low) / 2])
    assert np.isnan(difference(a[:1], b[:1], paired=paired)["half"])


def test_the_command_prints_the_table_and_says_where_the_page_is(plan, monkeypatch, capsys):
    config = CONFIG | {"models": {"line": MODEL, "mlp": OTHER}}
    Path("config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    old, new = plan["train", "line.cpu"].key, planned({"epochs": 20})["train", "line.cpu"].key
    monkeypatch.setattr(sys, "argv", ["compare", "line", new[:10]])
    assert tool.main() == 0
    folder = f"results/compare/line_{old[:8]}-line_{new[:8]}"
    assert capsys.readouterr().out.endswith(f"curves and a page are in {folder}\n")
    assert Path(folder, "index.html").is_file()
