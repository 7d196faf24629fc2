import numpy as np
import pandas as pd
import pytest

from d2l_lab.tables.histories import final_summary, tidy

NAN = float("nan")


def history_of(*rows, counted="replicate"):
    return pd.DataFrame(rows, columns=[counted, "epoch", "split", "loss", "accuracy"])


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
    (0, 1, "train_running", 9.0, NAN),
    (1, 1, "train_running", 7.0, NAN),
    (0, 2, "train_running", 3.0, NAN),
    (1, 2, "train_running", 1.0, NAN),
)


def test_every_value_of_every_history_has_a_row_of_its_own():
    table = tidy([("mlp", "cpu", CLASSIFIER), ("linear", "cuda:0", REGRESSION)])
    found = table.set_index(["model", "device", "replicate", "epoch", "split", "metric"])["value"]
    assert found.index.is_unique
    assert len(found) == 2 * len(CLASSIFIER) + len(REGRESSION)
    for model, device, history in (("mlp", "cpu", CLASSIFIER), ("linear", "cuda:0", REGRESSION)):
        for row in history.itertuples():
            place = (model, device, row.replicate, row.epoch, row.split)
            assert found[(*place, "loss")] == row.loss
            if model == "mlp":
                assert found[(*place, "accuracy")] == row.accuracy


@pytest.mark.parametrize("counted", ["replicate", "fold"])
def test_the_columns_are_those_of_the_tables(counted):
    table = tidy([("mlp", "cpu", CLASSIFIER.rename(columns={"replicate": counted}))])
    assert list(table) == ["model", "device", counted, "epoch", "split", "metric", "value"]


def test_a_regression_has_no_accuracy():
    table = tidy([("linear", "cpu", REGRESSION)])
    assert set(table["metric"]) == {"loss"}
    assert set(final_summary(table)["metric"]) == {"train_running_loss"}


def test_models_keep_their_order_and_rows_are_numbered():
    table = tidy([("z", "cpu", CLASSIFIER), ("a", "cpu", REGRESSION)])
    assert list(table["model"].unique()) == ["z", "a"]
    assert list(table.index) == list(range(len(table)))
    assert list(final_summary(table)["model"].unique()) == ["z", "a"]


def test_the_summary_is_of_the_values_after_the_last_epoch():
    summary = final_summary(tidy([("mlp", "cpu", CLASSIFIER)]))
    assert list(summary) == ["model", "device", "metric", "mean", "sd", "ci_low", "ci_high", "n"]
    means = summary.set_index("metric")["mean"].to_dict()
    assert means == {
        "train_running_loss": (1.25 + 1.5) / 2,
        "train_running_accuracy": pytest.approx((0.3 + 0.4) / 2),
        "test_loss": (0.5 + 0.25) / 2,
        "test_accuracy": (0.75 + 0.5) / 2,
    }
    assert summary["n"].tolist() == [2] * 4
    test_loss = summary.set_index("metric").loc["test_loss"]
    assert test_loss["sd"] == pytest.approx(np.std([0.5, 0.25], ddof=1))


def test_each_model_and_device_has_a_last_epoch_of_its_own():
    longer = CLASSIFIER.assign(epoch=CLASSIFIER["epoch"] + 10)
    table = tidy(
        [
            ("mlp", "cpu", CLASSIFIER),
            ("mlp", "cuda:0", CLASSIFIER.assign(loss=7.0)),
            ("other", "cpu", longer),
        ]
    )
    means = final_summary(table).set_index(["model", "device", "metric"])["mean"]
    assert len(means) == 3 * 4
    assert means["mlp", "cpu", "test_loss"] == means["other", "cpu", "test_loss"] == 0.375
    assert means["mlp", "cuda:0", "test_loss"] == 7


def test_a_single_replicate_is_summarised_without_an_interval():
    single = CLASSIFIER[CLASSIFIER["replicate"] == 0]
    summary = final_summary(tidy([("mlp", "cpu", single)]))
    assert summary["n"].tolist() == [1] * 4
    assert summary[["sd", "ci_low", "ci_high"]].isna().all(axis=None)


def test_the_numbers_survive_being_written_and_read_to_the_last_digit(tmp_path):
    history = CLASSIFIER.assign(loss=np.random.default_rng(0).uniform(1e-9, 3, len(CLASSIFIER)))
    table = tidy([("mlp", "cpu", history)])
    for one in (table, final_summary(table)):
        one.to_csv(tmp_path / "table.csv", index=False)
        read = pd.read_csv(tmp_path / "table.csv")
        pd.testing.assert_frame_equal(read, one, check_exact=True)
