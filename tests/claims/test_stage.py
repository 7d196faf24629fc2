"""The stage `claims` judges claims by the tables of models and studies."""

import pandas as pd
import pytest

from claims import tables as made
from d2l_lab.claims import thresholds
from d2l_lab.errors import LabError
from d2l_lab.stages import claims
from d2l_lab.stages.job import Input, Job

ACCURACIES = {"mlp": 0.9, "softmax": 0.8}
HELD_OUT = {"training": ("replicate", "test", 0.0), "kfold": ("fold", "validation", -0.03)}


@pytest.fixture
def judged(tmp_path):
    """Judge perceptrons that gain 0.1 in tests, 0.07 in validation and nothing in training."""
    modules = {"mlp": "mlp.scratch", "softmax": "softmax_regression.scratch"}
    models = pd.DataFrame({"model": modules.keys(), "device": "cpu", "module": modules.values()})
    tables = {"models": models.assign(dataset="fashion_mnist", epochs=1)}
    registered = {"digest": thresholds.digest(), "commit": "c0ffee"}
    for table, (counted, split, less) in HELD_OUT.items():
        rows = [
            (model, "cpu", number, epoch, part, "accuracy", value)
            for model, accuracy in ACCURACIES.items()
            for number in range(3)
            for epoch, last in enumerate((False, True))
            for part in ("train", split)
            for value in [accuracy + less * (model == "mlp") if last and part == split else 0.5]
        ]
        columns = ["model", "device", counted, "epoch", "split", "metric", "value"]
        tables[table] = pd.DataFrame(rows, columns=columns)
    studied = {
        "uncertainty": made.uncertainty({"mlp": 0.9, "softmax": 0.77}),
        "uncertainty_pairs": made.uncertainty_pairs("mlp", "softmax", 0.1),
        "minibatches": pd.DataFrame({"way": ["a"] * 3 + ["b"] * 3, "example": [0, 2, 1] * 2}),
    }
    inputs = {}
    for role, written in {"tables": tables, "studies": studied}.items():
        (tmp_path / role).mkdir()
        for name, table in written.items():
            table.to_csv(tmp_path / role / f"{name}.csv", index=False)
        inputs[role] = [Input(tmp_path / role, "", "", {}, {}, {}, 0.0)]
    claims.work(Job("all", registered, inputs, [], tmp_path, {}))
    return pd.read_csv(tmp_path / "claims.csv", index_col="id")


def test_held_out_results_after_the_last_epoch_decide_for_the_modules_in_the_tables(judged):
    beats = judged.loc[judged.index.str.startswith("perceptron_beats")]
    assert beats["evidence"].tolist() == pytest.approx([0.1, 0.07])
    assert beats["tables"].tolist() == ["uncertainty_pairs models", "kfold models"]
    assert (beats["verdict"] == "holds").all()
    assert judged.loc["folds_estimate_the_test_error", "evidence"] == pytest.approx(0.03)


def test_each_row_names_the_thresholds_and_the_commit_that_first_held_them(judged):
    assert set(judged["digest"]) == {thresholds.digest()}
    assert set(judged["commit"]) == {"c0ffee"}


def test_thresholds_that_changed_during_the_run_are_refused(tmp_path):
    with pytest.raises(LabError, match=r"thresholds\.csv: changed since the run was planned"):
        claims.work(Job("all", {"digest": "other", "commit": ""}, {}, [], tmp_path, {}))


def test_claims_are_decided_by_their_study_and_open_without_it(judged):
    assert judged.loc["both_readers_see_the_same", ["evidence", "n"]].tolist() == [0, 3]
    assert judged.loc["overfitting_gap", "verdict"] == "not decided"
