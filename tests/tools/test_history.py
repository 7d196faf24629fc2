"""`history` lists every configuration of a model that ever ran, with its metrics."""

import csv
import sys
from pathlib import Path

import pytest
import yaml

from checkout import NO_BOOK
from d2l_lab.config import validate
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import keys
from d2l_lab.tools import history as tool
from d2l_lab.tools.history import LEGEND, history, measured
from shown import run_tool, write_histories

MODEL = {"module": "linear_regression.scratch", "dataset": "linear"}
OTHER = {"module": "mlp.scratch", "dataset": "fashion_mnist"}
CONFIG = {"replicates": 2, "folds": 3, "studies": {}, "claims": False, "book": NO_BOOK}


def planned(changes=None, **more):
    models = {"line": MODEL | (changes or {}), "mlp": OTHER}
    return Plan(validate(CONFIG | {"models": models} | more), ["cpu"])


def told(*models, plan=None, **options):
    return [*history(models, plan or planned(), **options)]


def rows(lines):
    """Return the lines of a table that are results, and its header in one line."""
    header = " ".join(line for line in lines if "-" not in line.split("key")[0][:12])
    return header, [line for line in lines if " 2026-" in line]


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def two():
    """Two configurations of a model; the current one is the older."""
    write_histories(planned(), 1)
    write_histories(planned({"epochs": 20}), 2, loss=4.0)


def test_each_result_has_a_row_the_newest_first_and_the_present_configuration_a_star(two):
    _, lines = rows(told("line"))
    assert [(line[0], line.split()[-1]) for line in lines] == [
        (star, plan[stage, "line.cpu"].key[:8])
        for star, plan in ((" ", planned({"epochs": 20})), ("*", planned()))
        for stage in ("train", "kfold")
    ]


def test_only_settings_that_differ_have_a_column(two):
    lines = told("line")
    assert lines[0] == "4 results of line, newest first"
    header = " ".join(lines[1:3])
    assert "epochs" in header
    assert not any(word in header for word in ("rate", "data", "code", "torch", "accuracy"))
    assert [line.split()[-4] for line in rows(lines)[1]] == ["20", "20", "10", "10"]


def test_metrics_are_those_of_the_last_epoch_with_half_their_interval(two):
    train, kfold = (line.split() for line in rows(told("line"))[1][2:])
    # The standard error of 2 and 3 is 0.5; Student's t(1) is 12.706.
    assert train[-3:-1] == ["2.50±6.35", "2.50±6.35"]
    # Losses of folds, here 2, 3 and 4, on a logarithmic scale.
    assert kfold[-3] == "3*/4"
    lines = told("mlp")
    assert "accuracy" in lines[2]
    assert "0.5" in rows(lines)[1][0].split()


def test_one_table_has_all_models_with_the_settings_that_distinguish_their_results(two):
    write_histories(planned(models={"gone": MODEL | {"epochs": 30}}), 3)
    lines = told()
    assert lines[0] == "8 results of 3 models, newest first"
    header, found = rows(lines)
    names = [name for line in found for name in line.split() if name in ("line", "mlp", "gone")]
    assert names == ["gone", "gone", "line", "mlp", "line", "mlp", "line", "line"]
    assert "epochs" in header
    assert "module" not in header  # these differ only between models
    assert lines[-len(LEGEND) :] == [*LEGEND]


def test_a_renamed_model_is_listed_once_by_its_present_name(two):
    renamed = planned(models={"renamed": MODEL})
    write_histories(renamed, 3)
    lines = told(plan=renamed)
    assert lines[0] == "6 results of 3 models, newest first"
    stars = [line.split()[3] for line in rows(lines)[1] if line.startswith("*")]
    assert stars == ["renamed", "renamed"]


@pytest.mark.parametrize(
    ("changes", "more", "column"),
    [
        ({}, {"datasets": {"linear": {"noise": 0.5}}}, "data"),
        ({}, {"datasets": {"linear": {"test_examples": 50}}}, "test data"),
        ({"learning_rate": 0.5}, {}, "learning rate"),
        ({}, {"seed": 5}, "seed"),
    ],
)
def test_a_changed_setting_has_a_column(changes, more, column):
    write_histories(planned(), 1)
    write_histories(planned(changes, **more), 2)
    header = told("line")[1:3]
    for word in column.split():
        assert any(word in line.split() for line in header)
    assert not any("code" in line for line in header)


def test_changed_code_and_libraries_have_columns(monkeypatch):
    write_histories(planned(), 1)
    true = keys.code_of

    def changed(modules, without):
        code = true(modules, without)
        more = {"modules": {"more": "1"}, "libraries": {"torch": "9.9"}}
        return code._replace(**{kind: getattr(code, kind) | new for kind, new in more.items()})

    monkeypatch.setattr(keys, "code_of", changed)
    write_histories(planned(), 2)
    lines = told("line")
    assert {"code", "torch"} <= {*lines[1].split(), *lines[2].split()}
    assert "9.9" in rows(lines)[1][0].split()


def test_an_incomplete_result_is_left_out_with_a_remark(two):
    folder = planned()["train", "line.cpu"].folder
    (folder / "history.csv").write_text("altered")
    lines = told("line")
    assert len(rows(lines)[1]) == 3
    assert lines[-1] == f"left out: {folder}: a file is missing or was modified"


def test_unfinished_results_leftovers_and_links_are_not_listed(two, tmp_path):
    place = Path("results/store/train/line.cpu")
    (place / ("0" * 16)).mkdir()
    (place / f"{'0' * 16}.here-1-0123abcd.part").mkdir()
    (place / f"{'0' * 16}.here-1-0123abcd.part/history.csv").touch()
    Path("results/store/train/linked.cpu").symlink_to(tmp_path / place)
    assert told()[-1] == LEGEND[-1]
    assert told("line")[0] == "4 results of line, newest first"


def test_all_rows_go_to_a_file_with_all_digits(two):
    lines = told(csv=Path("all.csv"))
    assert lines[-1] == "full precision is in all.csv"
    with Path("all.csv").open(encoding="utf-8") as file:
        found = [*csv.DictReader(file)]
    key = planned()["train", "line.cpu"].key
    (row,) = [row for row in found if row["key"] == key and row["metric"] == "test_loss"]
    assert float(row["ci_high"]) - float(row["mean"]) == pytest.approx(6.353102368087355, rel=1e-12)
    known = [row[name] for name in ("model", "n", "present", "epochs")]
    assert known == ["line", "2", "True", "10"]
    assert {row["hidden_units"] for row in found} == {"", "256"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lime", "no such model has results in results/store; did you mean line?"),
        ("zzz", "no such model has results in results/store; the models there are line, mlp"),
        ("new", "no results yet; run `make`"),
    ],
)
def test_a_model_without_results_is_reported(two, name, words):
    plan = planned(models={"new": MODEL, "line": MODEL})
    with pytest.raises(LabError) as caught:
        told(name, plan=plan)
    assert str(caught.value) == f"{name}: {words}"


def test_an_empty_store_is_reported(tmp_path):
    assert told(csv=tmp_path / "all.csv") == ["results/store: no model has results yet; run `make`"]
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("mean", "half", "text"),
    [
        (0.83123, 0.00254, "0.831±0.003"),
        (0.83123, 0.00154, "0.8312±0.0015"),
        (2.299, float("nan"), "2.299"),
        (2.299, 0.0, "2.299"),
        (0.0, 0.002, "0.000±0.002"),
        (5.0412e-05, 1.23e-07, "5.04e-05±1e-07"),
        (0.172, 0.508, "0.172±0.508"),
        (173.4, 1484.2, "173±1484"),
    ],
)
def test_a_mean_has_only_digits_that_are_certain(mean, half, text):
    assert measured(mean, half) == text


def test_the_table_is_printed_even_in_a_locale_without_a_plus_minus_sign(two):
    Path("config.yaml").write_text(yaml.safe_dump(CONFIG | {"models": {"line": MODEL}}), "utf-8")
    c_locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    answer = run_tool("history", **c_locale)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "2.50±6.35" in answer.stdout


def test_the_command_reads_the_configuration(two, monkeypatch, capsys):
    Path("config.yaml").write_text(
        yaml.safe_dump(CONFIG | {"models": {"line": MODEL}}), encoding="utf-8"
    )
    monkeypatch.setattr(sys, "argv", ["history", "--model", "line"])
    assert tool.main() == 0
    assert capsys.readouterr().out.startswith("4 results of line, newest first\n")
