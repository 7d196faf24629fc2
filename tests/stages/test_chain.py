"""Stages run by hand one after another, from the data to the figures, on very little data."""

import csv
import math
from datetime import datetime
from xml.etree import ElementTree

import pandas as pd
import pytest
from safetensors.numpy import load_file

from by_hand import LINEAR, TRAINING, Bench, complaint, flip_a_bit
from d2l_lab.store import layout, provenance

REPLICATES, FOLDS, EPOCHS = 2, 4, TRAINING["epochs"]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def data(bench):
    """The folders of the training and test sets."""
    return {
        split: bench.made("generate", f"linear_{split}", LINEAR | {"split": split})
        for split in ("train", "test")
    }


@pytest.fixture(scope="module")
def trained(bench, data):
    return bench.made("train", "linear.cpu", TRAINING | {"replicates": REPLICATES}, **data)


@pytest.fixture(scope="module")
def validated(bench, data):
    settings = TRAINING | {"folds": FOLDS}
    return bench.made("kfold", "linear.cpu", settings, "--log", "kfold.log", train=data["train"])


@pytest.fixture(scope="module")
def tables(bench, trained, validated, data):
    inputs = {"train": trained, "kfold": validated, "generated": data["train"]}
    return bench.made("tables", "all", {}, **inputs)


def rows_of(path):
    """Read a CSV as text: a list of dicts."""
    with path.open(newline="", encoding="utf-8") as file:
        return [*csv.DictReader(file)]


def test_the_training_and_test_sets_differ(data):
    train, test = (load_file(data[split] / "examples.safetensors") for split in ("train", "test"))
    assert train["X"].shape == test["X"].shape == (100, 2)
    assert not (train["X"] == test["X"]).any()


def test_training_leaves_history_parameters_and_predictions(trained):
    names = {"history.csv", "diverged.csv", "parameters.safetensors", "predictions.safetensors"}
    assert provenance.read(trained)["files"].keys() == names
    parameters = load_file(trained / "parameters.safetensors")
    assert {name: value.shape for name, value in parameters.items()} == {
        "w": (REPLICATES, 2, 1),
        "b": (REPLICATES, 1, 1),
    }
    predicted = load_file(trained / "predictions.safetensors")["predicted"]
    assert predicted.shape == (REPLICATES, 100, 1)
    measured = provenance.read(trained)["measured"]
    assert measured["replicas"] == REPLICATES
    assert 0 < measured["seconds_per_epoch"] < 10


@pytest.mark.parametrize(
    ("stage", "counted", "replicas", "held_out"),
    [("trained", "replicate", REPLICATES, "test"), ("validated", "fold", FOLDS, "validation")],
)
def test_a_history_has_a_row_for_every_replica_epoch_and_split(
    request, stage, counted, replicas, held_out
):
    rows = rows_of(request.getfixturevalue(stage) / "history.csv")
    assert rows[0].keys() == {counted, "epoch", "split", "loss", "accuracy"}
    assert {(int(row[counted]), int(row["epoch"]), row["split"]) for row in rows} == {
        (replica, epoch, split)
        for replica in range(replicas)
        for epoch in range(1, EPOCHS + 1)
        for split in ("train_running", "train", held_out)
    }
    assert len(rows) == replicas * EPOCHS * 3
    assert all(math.isfinite(float(row["loss"])) and row["accuracy"] == "" for row in rows)


def test_the_log_shows_each_epoch_and_the_time_left(bench, validated):
    lines = (bench.path / "kfold.log").read_text().splitlines()
    assert len(lines) == EPOCHS
    for epoch, line in enumerate(lines, start=1):
        datetime.strptime(line.split()[0], "%H:%M:%S")
        assert f" epoch {epoch}/{EPOCHS}  train_running: loss " in line
        assert "  validation: loss " in line
        assert "  time left 0:00:0" in line


@pytest.mark.parametrize(("table", "role"), [("training", "trained"), ("kfold", "validated")])
def test_a_table_has_every_number_of_the_history_digit_by_digit(request, tables, table, role):
    counted = {"training": "replicate", "kfold": "fold"}[table]
    history = rows_of(request.getfixturevalue(role) / "history.csv")
    shown = rows_of(tables / f"{table}.csv")
    assert [*shown[0]] == ["model", "device", counted, "epoch", "split", "metric", "value"]
    names = (counted, "epoch", "split")
    assert [(*(row[name] for name in names), row["value"]) for row in shown] == [
        (*(row[name] for name in names), row["loss"]) for row in history
    ]
    assert {(row["model"], row["device"], row["metric"]) for row in shown} == {
        ("linear", "cpu", "loss")
    }


def test_the_table_has_the_trained_parameters_next_to_the_true_ones(tables, trained):
    learned = load_file(trained / "parameters.safetensors")
    shown = pd.read_csv(tables / "parameters.csv")
    assert [*shown["parameter"]] == ["w[0]", "w[1]", "b"] * REPLICATES
    assert [*shown["true"]] == [2.0, -3.4, 4.2] * REPLICATES
    expected = [
        float(value)
        for replicate in range(REPLICATES)
        for value in (*learned["w"][replicate, :, 0], learned["b"][replicate, 0, 0])
    ]
    assert [*shown["learned"]] == expected
    assert [*shown["error"]] == [a - b for a, b in zip(expected, shown["true"], strict=True)]


def test_the_table_has_the_times_of_the_runs(tables, trained, validated):
    shown = rows_of(tables / "timing.csv")
    assert [row["stage"] for row in shown] == ["train", "kfold"]
    for row, folder in zip(shown, (trained, validated), strict=True):
        found = provenance.read(folder)
        assert float(row["seconds"]) == found["seconds"]
        assert float(row["seconds_per_epoch"]) == found["measured"]["seconds_per_epoch"]
        assert int(row["replicas"]) == found["measured"]["replicas"]


def test_every_number_in_a_table_is_written_with_all_its_digits(tables):
    for path in tables.glob("*.csv"):
        for row in rows_of(path):
            for text in row.values():
                if text and text.lstrip("-")[0].isdigit() and not text.lstrip("-").isdigit():
                    assert text == repr(float(text)), path


def test_a_figure_is_drawn_from_a_training(bench, trained):
    settings = {"module": "training_curves", "several_devices": False, "dpi": 40}
    settings["translations"] = []
    folder = bench.made("figures", "training_linear", settings, trained=trained)
    assert {path.name for path in folder.iterdir()} == {
        "training_linear.svg",
        "training_linear.png",
        layout.PROVENANCE,
    }
    assert (folder / "training_linear.png").read_bytes().startswith(b"\x89PNG")
    ElementTree.parse(folder / "training_linear.svg")  # noqa: S314, it is our own


def test_a_damaged_input_is_reported_in_one_line(bench, data):
    damaged = bench.made("generate", "linear_train", LINEAR | {"seed": 9})
    flip_a_bit(damaged / "examples.safetensors")
    folder, answer = bench.make("tables", "all", {}, train=damaged, kfold=data["train"])
    assert complaint(answer) == (
        f"{damaged}: examples.safetensors: missing, or modified since it was made; "
        "run again to recompute this result"
    )
    assert not folder.exists()
    assert not (damaged / layout.PROVENANCE).exists()
