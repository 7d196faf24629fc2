"""The lab in Python uses the same store, gives the same bits and computes nothing twice."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from checkout import Checkout
from d2l_lab.errors import LabError
from d2l_lab.store import locks
from d2l_lab.tools import lab as tool
from d2l_lab.tools.lab import Lab
from documents import blocks

LINEAR = "linear_regression_scratch"


def results(checkout: Checkout) -> set[str]:
    return {str(path.parent) for path in checkout.path.glob("results/store/*/*/*/provenance.json")}


def test_results_that_the_workflow_has_computed_are_found(linear_run, capsys):
    before = results(linear_run)
    run = Lab(linear_run.path / "workflow").train(LINEAR)
    assert capsys.readouterr().out == ""
    assert results(linear_run) == before
    tables = linear_run.path / "results/tables"
    for name, found in (("training", run.history), ("kfold", run.kfold)):
        pd.testing.assert_frame_equal(found, pd.read_csv(tables / f"{name}.csv"))
    both = [pd.read_csv(tables / f"{name}.csv") for name in ("summary", "kfold_summary")]
    pd.testing.assert_frame_equal(run.summary, pd.concat(both, ignore_index=True))
    pd.testing.assert_frame_equal(Lab(linear_run.path).summary(), run.summary)
    assert run.parameters["w"].shape == (2, 2, 1)


def test_other_settings_are_trained_once_and_found_by_the_workflow(linear_copy, capsys):
    lab = Lab(linear_copy.path)
    assert lab.models == [LINEAR]
    shown = {name: linear_copy.files(f"results/{name}") for name in ("tables", "figures", "book")}
    run = lab.train(LINEAR, learning_rate=0.1)
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == [
        f"{verb} {LINEAR}" for verb in ("training", "cross-validating")
    ]
    assert run.settings["learning_rate"] == 0.1
    again = lab.train(LINEAR, learning_rate=0.1)
    assert capsys.readouterr().out == ""
    pd.testing.assert_frame_equal(again.history, run.history)
    assert shown == {name: linear_copy.files(f"results/{name}") for name in shown}
    linear_copy.configure({"models": {LINEAR: {"learning_rate": 0.1}}})
    assert not {f"train/{LINEAR}.cpu", f"kfold/{LINEAR}.cpu"} & linear_copy.ran("--dry-run")


def test_the_lines_of_the_guide_work_in_a_notebook(linear_copy):
    (lines,) = (block.code for block in blocks("docs/how-to/use-from-python.md"))
    cells = [nbformat.v4.new_code_cell(lines.replace("mlp_concise", LINEAR))]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": str(linear_copy.path)}}
    cells.append(nbformat.v4.new_code_cell(f'Lab().train("{LINEAR}", epochs=0)'))
    client = NotebookClient(notebook, kernel_name="python3", resources=where, allow_errors=True)
    client.execute()
    kinds = [kind for output in cells[0].outputs for kind in output.get("data", {})]
    assert "image/png" in kinds
    (refused,) = cells[1].outputs  # in one line, without a traceback
    line = f"config.yaml: models.{LINEAR}.epochs: 0 is too small; give a whole number of at least 1"
    assert refused["traceback"] == [line]


@pytest.mark.parametrize(
    ("model", "changes", "words"),
    [
        (
            "linear_regresion",
            {},
            "not a model of config.yaml; did you mean linear_regression_scratch?",
        ),
        (LINEAR, {"rate": 1}, "models.linear_regression_scratch.rate: no such key; did you mean"),
        (LINEAR, {"epochs": 0}, "epochs: 0 is too small; give a whole number of at least 1"),
        (LINEAR, {"folds": 1}, "folds: 1 is too small"),
    ],
)
def test_a_mistake_is_reported_in_one_line(linear_run, model, changes, words):
    with pytest.raises(LabError, match=r"^.*$") as caught:
        Lab(linear_run.path).train(model, **changes)
    assert words in str(caught.value)


def test_the_folder_must_be_given_outside_of_a_checkout(tmp_path):
    with pytest.raises(LabError, match="not in a checkout of d2l-lab; give its folder"):
        Lab(tmp_path)


def test_a_model_that_diverges_is_a_result_and_its_figure_says_so(linear_copy):
    run = Lab(linear_copy.path).train(LINEAR, learning_rate=1e6)
    assert run.summary["diverged"].tolist() == [2] * len(run.summary)
    assert "2 of 2 replicates diverged" in run.plot().figure.texts[0].get_text()


def test_a_failing_job_is_reported_in_its_own_words(linear_copy, monkeypatch):
    monkeypatch.setattr(tool, "stage_command", lambda *_: ["sh", "-c", "echo no disk >&2; exit 3"])
    with pytest.raises(LabError, match=rf"^train {LINEAR}.cpu: no disk$"):
        Lab(linear_copy.path).train(LINEAR, learning_rate=0.5)


def test_nothing_is_computed_while_results_are_deleted(linear_copy, monkeypatch):
    monkeypatch.setattr(locks, "take", lambda path, shared=False: None)
    with pytest.raises(LabError, match="results are being deleted; try again"):
        Lab(linear_copy.path).train(LINEAR, learning_rate=0.5)


def test_a_figure_can_be_saved(linear_run, tmp_path):
    run = Lab(linear_run.path).train(LINEAR)
    for kind in ("training", "kfold"):
        run.plot(kind).save(tmp_path / f"{kind}.svg")
        assert Path(tmp_path, f"{kind}.svg").read_text("utf-8").startswith("<?xml")
    with pytest.raises(LabError, match="'both' is not one of training, kfold"):
        run.plot("both")
