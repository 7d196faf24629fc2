"""Histories become one tidy table, and the values after the last epoch a summary."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.tables.files import read_history
from d2l_lab.tables.histories import final_summary, tidy


def history_of(*rows):
    return pd.DataFrame(rows, columns=["replicate", "epoch", "split", "loss", "accuracy"])


CLASSIFIER = history_of(
    (0, 1, "train_running", 2.5, 0.1),
    (1, 1, "train_running", 2.0, 0.2),
    (0, 1, "test", 1.5, 0.5),
    (1, 1, "test", 1.0, 0.6),
    (0, 2, "train_running", 1.25, 0.3),
    (1, 2, "train_running", 1.5, 0.4),
    (0, 2, "test", 0.5, 0.75),
    (1, 2, "test", 0.25, 0.5),
)
REGRESSION = history_of(
    (0, 1, "train_running", 9.0, np.nan),
    (1, 1, "train_running", 7.0, np.nan),
    (0, 2, "train_running", 3.0, np.nan),
    (1, 2, "train_running", 1.0, np.nan),
).drop(columns="accuracy")
DIVERGED = CLASSIFIER.assign(
    loss=CLASSIFIER["loss"].mask((CLASSIFIER["replicate"] == 1) & (CLASSIFIER["epoch"] == 2))
)


def test_every_value_of_every_history_has_its_own_row_in_the_order_of_the_models():
    histories = [("mlp", "cpu", CLASSIFIER), ("linear", "cuda:0", REGRESSION)]
    table = tidy(histories)
    assert list(table.index) == list(range(2 * len(CLASSIFIER) + len(REGRESSION)))
    assert list(table["model"].unique()) == ["mlp", "linear"]
    place = ["model", "device", "replicate", "epoch", "split", "metric"]
    assert list(table) == [*place, "value"]
    found = table.set_index(place)["value"].to_dict()
    for model, device, history in histories:
        for row in history.itertuples():
            at = (model, device, row.replicate, row.epoch, row.split)
            assert found.pop((*at, "loss")) == row.loss
            if model == "mlp":
                assert found.pop((*at, "accuracy")) == row.accuracy
    assert not found  # so a regression has no accuracy


def test_folds_are_counted_like_replicates():
    table = tidy([("mlp", "cpu", CLASSIFIER.rename(columns={"replicate": "fold"}))])
    assert list(table) == ["model", "device", "fold", "epoch", "split", "metric", "value"]


def test_the_summary_covers_the_values_after_the_last_epoch():
    summary = final_summary(tidy([("z", "cpu", CLASSIFIER), ("a", "cpu", REGRESSION)]))
    assert list(summary) == [
        "model",
        "device",
        "metric",
        "mean",
        "sd",
        "ci_low",
        "ci_high",
        "n",
        "diverged",
    ]
    means = summary.set_index(["model", "metric"])["mean"]
    assert means.to_dict() == {
        ("z", "train_running_loss"): (1.25 + 1.5) / 2,
        ("z", "train_running_accuracy"): pytest.approx((0.3 + 0.4) / 2),
        ("z", "test_loss"): (0.5 + 0.25) / 2,
        ("z", "test_accuracy"): (0.75 + 0.5) / 2,
        ("a", "train_running_loss"): 2,
    }
    assert list(summary["model"].unique()) == ["z", "a"]
    assert summary["n"].tolist() == [2] * 5
    assert summary["diverged"].tolist() == [0] * 5
    test_loss = summary[summary["metric"] == "test_loss"]
    assert test_loss["sd"].item() == pytest.approx(np.std([0.5, 0.25], ddof=1))


def test_the_summary_counts_diverged_replicates_and_then_has_no_mean():
    summary = final_summary(tidy([("a", "cpu", DIVERGED), ("b", "cpu", CLASSIFIER)]))
    by_metric = summary.set_index(["model", "metric"])
    lost = by_metric.loc[("a", "test_loss")]
    assert lost[["mean", "sd", "ci_low", "ci_high"]].isna().all()
    assert lost[["n", "diverged"]].tolist() == [2, 1]
    assert by_metric.loc[("b", "test_loss"), "mean"] == (0.5 + 0.25) / 2


def test_a_history_keeps_missing_values_but_not_metrics_of_other_tasks(tmp_path):
    head = "replicate,epoch,split,loss,accuracy\n"
    (tmp_path / "classifier.csv").write_text(head + "0,1,test,nan,nan\n")
    (tmp_path / "regression.csv").write_text(head + "0,1,test,0.5,\n1,1,test,nan,\n")
    classifier, regression = (
        read_history(tmp_path / f"{n}.csv") for n in ("classifier", "regression")
    )
    assert [*classifier] == ["replicate", "epoch", "split", "loss", "accuracy"]
    assert classifier[["loss", "accuracy"]].isna().all(axis=None)
    assert [*regression] == ["replicate", "epoch", "split", "loss"]
    assert regression["loss"].isna().tolist() == [False, True]


def test_each_model_and_device_has_its_own_last_epoch():
    longer = CLASSIFIER.assign(epoch=CLASSIFIER["epoch"] + 10)
    other_device = CLASSIFIER.assign(loss=7.0)
    histories = [("mlp", "cpu", CLASSIFIER), ("mlp", "cuda:0", other_device), ("a", "cpu", longer)]
    means = final_summary(tidy(histories)).set_index(["model", "device", "metric"])["mean"]
    assert len(means) == 3 * 4
    assert means["mlp", "cpu", "test_loss"] == means["a", "cpu", "test_loss"] == 0.375
    assert means["mlp", "cuda:0", "test_loss"] == 7


def test_numbers_keep_every_digit_when_written_and_read(tmp_path):
    history = CLASSIFIER.assign(loss=np.random.default_rng(0).uniform(1e-9, 3, len(CLASSIFIER)))
    table = tidy([("mlp", "cpu", history)])
    for written in (table, final_summary(table)):
        written.to_csv(tmp_path / "table.csv", index=False)
        read = pd.read_csv(tmp_path / "table.csv")
        pd.testing.assert_frame_equal(read, written, check_exact=True)
