"""Two results are compared by their ingredients and their metrics."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats

from checkout import NO_BOOK
from d2l_lab.config import shipped, validate
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.tables.contrasts import difference
from d2l_lab.tools import compare as tool
from d2l_lab.tools.compare import compare, find, tabulate
from shown import write, write_histories

MODEL = {"module": "linear_regression.scratch", "dataset": "linear"}
OTHER = {"module": "mlp.scratch", "dataset": "fashion_mnist"}
CONFIG = {"replicates": 2, "folds": 3, "studies": {}, "claims": False, "book": NO_BOOK}


def planned(changes=None, devices=("cpu",), **models):
    models = models or {"line": MODEL | (changes or {}), "mlp": OTHER}
    return Plan(validate(CONFIG | {"models": models}), devices)


@pytest.fixture
def plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_histories(planned(), 1)
    write_histories(planned({"epochs": 20}), 2, loss=4.0)
    return planned()


def test_changed_settings_come_first_then_the_paired_differences(plan):
    other = find(planned({"epochs": 20})["train", "line.cpu"].key, plan)
    lines = [*compare(find("line", plan), other)]
    assert lines[2] == "  epochs 10 → 20"
    (row,) = [line for line in lines if line.startswith("test_loss")]
    assert row.split() == ["test_loss", "2.5", "4.5", "2", "2", "1.00", "–"]
    assert "paired" in lines[-2]


def test_an_unknown_result_and_other_metrics_are_reported_in_a_line(plan):
    with pytest.raises(LabError, match=r"^lime: no model or key .* did you mean line"):
        find("lime", plan)
    with pytest.raises(LabError, match=r"has the metrics .* compare results of the same"):
        [*compare(find("line", plan), find("mlp", plan))]


def test_a_metric_that_one_result_lacks_is_left_out(plan):
    one, other = find("line", plan), find(planned({"epochs": 20})["train", "line.cpu"].key, plan)
    path = other.folder / "history.csv"
    head, *rows = path.read_text().splitlines()
    path.write_text("\n".join([f"{head},error", *(f"{row},0.5" for row in rows), ""]))
    assert [*tabulate(one, other)["metric"]] == [*tabulate(one, one)["metric"]]


@pytest.mark.parametrize(
    ("text", "words"), [("", "name two results"), ("nothing", "no model or key")]
)
def test_a_name_without_a_result_is_reported(plan, text, words):
    with pytest.raises(LabError, match=words):
        find(text, plan)


def test_a_modified_result_is_reported(plan):
    (plan["train", "line.cpu"].folder / "history.csv").write_text("altered")
    with pytest.raises(LabError, match=r"history\.csv: missing, or modified"):
        find("line", plan)


def test_curves_and_a_page_that_requests_nothing_are_written(plan, tmp_path):
    first, second = find("line", plan), find(planned({"epochs": 20})["train", "line.cpu"].key, plan)
    tool.write(first, second, [*compare(first, second)], tmp_path / "out", 50)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["curves.png", "curves.svg", "differences.csv", "index.html"]
    table = pd.read_csv(tmp_path / "out/differences.csv")
    pd.testing.assert_frame_equal(table, tabulate(first, second), check_dtype=False)
    assert {"ci_low", "ci_high", "n", "paired", "share", "detectable"} < {*table}
    page = (tmp_path / "out/index.html").read_text("utf-8")
    assert "epochs 10 → 20" in page
    assert "<svg" in page
    assert "src=" not in page


@pytest.mark.parametrize("paired", [True, False])
def test_the_interval_is_that_of_the_usual_t_test(paired):
    a, b = pd.Series([1.0, 2.0, 4.0]), pd.Series([2.0, 2.5, 7.0])
    test = stats.ttest_rel(b, a) if paired else stats.ttest_ind(b, a, equal_var=False)
    found = difference(a, b, paired=paired)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx(test.confidence_interval(0.95))
    above = 1 if paired else stats.mannwhitneyu(b, a).statistic / 9
    assert (found["n"], found["share"]) == (3, pytest.approx(above))
    assert np.isnan(difference(a[:1], b[:1], paired=paired)["ci_low"])


@pytest.mark.parametrize(("paired", "freedom"), [(True, 4), (False, 8)])
def test_a_detectable_difference_is_found_in_80_percent_of_cases(paired, freedom):
    a = pd.Series([0.0, 1.0, 2.0, 3.0, 4.0])
    found = difference(a, a[::-1].reset_index(drop=True), paired=paired)
    needed = stats.t.ppf(0.975, freedom)
    error = found["ci_high"] / needed
    power = stats.nct.sf(needed, freedom, found["detectable"] / error)
    assert power == pytest.approx(0.8, abs=0.03)


def test_folds_that_share_their_training_data_have_a_wider_interval():
    a, b = pd.Series([1.0, 2.0, 4.0]), pd.Series([2.0, 2.5, 7.0])
    widths = [
        found["ci_high"] - found["ci_low"]
        for found in (difference(a, b, paired=True, folds=folds) for folds in (False, True))
    ]
    assert widths[1] / widths[0] == pytest.approx(np.sqrt(1 + 3 / 2))  # 1/3 + 1/2 instead of 1/3


def test_the_command_prints_the_table_and_says_where_the_page_is(plan, monkeypatch, capsys):
    config = CONFIG | {"models": {"line": MODEL, "mlp": OTHER}}
    Path("config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    old, new = plan["train", "line.cpu"].key, planned({"epochs": 20})["train", "line.cpu"].key
    monkeypatch.setattr(sys, "argv", ["compare", "line", new[:10]])
    assert tool.main() == 0
    folder = f"results/compare/line_{old[:8]}-line_{new[:8]}"
    told = f"curves, differences.csv and a page are in {folder}\n"
    assert capsys.readouterr().out.endswith(told)
    assert Path(folder, "index.html").is_file()


@pytest.fixture
def run(plan, tmp_path, monkeypatch, capsys):
    """Run the command with models of config.yaml, with the fixture's models as the shipped ones."""
    models = {"line": MODEL, "mlp": OTHER}
    monkeypatch.setattr(shipped, "SHIPPED", tmp_path / "shipped.yaml")
    shipped.SHIPPED.write_text(yaml.safe_dump(CONFIG | {"models": models}), "utf-8")

    def run(*arguments, **models):
        Path("config.yaml").write_text(yaml.safe_dump(CONFIG | {"models": models}), "utf-8")
        monkeypatch.setattr(sys, "argv", ["compare", *arguments])
        code = tool.main()
        answer = capsys.readouterr()
        return answer.err if code else answer.out

    return run


CHANGED = MODEL | {"epochs": 20}


def test_default_means_the_result_that_the_shipped_configuration_gives_for_the_other(plan, run):
    shipped_key = plan["train", "line.cpu"].key
    lines = run("default", "line", line=CHANGED).splitlines()
    assert lines[0] == f"A: train line.cpu {shipped_key}"
    assert lines[2] == "  epochs 10 → 20"
    lines = run("line", "default", line=CHANGED).splitlines()
    assert lines[1] == f"B: train line.cpu {shipped_key}"
    folds = planned({"epochs": 20})["kfold", "line.cpu"]
    lines = run(folds.key, "default", line=CHANGED).splitlines()
    assert lines[1] == f"B: kfold line.cpu {plan['kfold', 'line.cpu'].key}"


def test_default_alone_compares_every_model_that_differs_from_the_shipped_one(run):
    told = run("default", "", line=CHANGED, new=MODEL | {"epochs": 7}, mine=OTHER)
    assert "models.line.epochs: 10 → 20\n" in told
    assert told.count("A: train line.cpu") == told.count("A: kfold line.cpu") == 1
    for line in (
        "not in the shipped configuration: new",
        "the same result as shipped, under another name: mine",
    ):
        assert f"\n{line}\n" in told
    assert run("default", "", mlp=OTHER).endswith("only in the shipped configuration: line\n")
    nothing = "config.yaml is as shipped: there is nothing to compare\n"
    assert run("default", "", line=MODEL, mlp=OTHER) == nothing


def test_a_model_with_other_metrics_does_not_prevent_comparing_the_rest(run):
    models = {"mlp": OTHER | {"epochs": 7}, "line": CHANGED}
    for result in planned(**models).stage("train"):
        if result.name == "mlp.cpu":
            write(result, text="replicate,epoch,split,loss,accuracy\n0,1,test,9,\n")
    told = run("default", "", **models)
    assert told.index(" has test_loss; compare results") < told.index("A: kfold line.cpu")


def test_a_model_on_another_device_is_compared_with_the_shipped_one(run):
    write_histories(planned(devices=["cuda"]), 3)
    key = planned(devices=["cuda"])["train", "line.cuda"].key
    assert "\n  device cpu → cuda\n" in run("default", key, line=MODEL)


def test_a_default_without_a_counterpart_is_reported_in_a_line(plan, run, monkeypatch):
    write_histories(planned(new=MODEL | {"epochs": 7}), 3)
    told = run("default", "new", new=MODEL)
    assert told.startswith("new: not a model of the shipped configuration, which has line")
    assert run("default", "default", new=MODEL).startswith("compare: both are default")
    (plan["train", "line.cpu"].folder / "history.csv").unlink()
    told = run("default", "line", line=CHANGED)
    assert told.endswith("make compare A=default B=line TRAIN=yes computes it\n")
    assert told.count("\n") == 1
    told = run("default", "", line=CHANGED)
    assert "results of line; make compare A=default TRAIN=yes computes them\n" in told
    shipped.SHIPPED.write_text("models: {line: {module: gone.scratch, dataset: linear}}\n", "utf-8")
    told = run("default", "line", line=CHANGED)
    assert "shipped.yaml: models.line.module: " in told
    assert told.endswith("is invalid with the code of this checkout\n")
