"""The tables for the page of the reproducibility checklist."""

import math

import numpy as np
import pandas as pd
from safetensors.numpy import save_file

from d2l_lab.book.sentences import fill_in
from d2l_lab.tables import checklist


def test_the_parameters_of_one_replica_are_counted(tmp_path):
    tensors = {"W": np.zeros((5, 784, 10)), "b": np.zeros((5, 1, 10))}
    save_file(tensors, tmp_path / "parameters.safetensors")
    assert checklist.count_parameters(tmp_path) == 7850


def test_only_a_dataset_with_classes_is_described_by_their_shares(tmp_path):
    X = np.zeros((4, 1, 2, 3), np.uint8)
    y = np.array([0, 0, 0, 1])
    save_file({"X": X, "y": y, "outputs": np.array(3)}, tmp_path / checklist.EXAMPLES)
    found = checklist.describe_data(tmp_path)
    assert found == {
        "examples": 4,
        "inputs": 6,
        "classes": 3,  # no example of the last one
        "least_share": 0,
        "greatest_share": 0.75,
    }
    y = np.zeros((4, 1), np.float32)
    save_file({"X": X, "y": y, "outputs": np.array(1)}, tmp_path / checklist.EXAMPLES)
    found = checklist.describe_data(tmp_path)
    assert found["classes"] is pd.NA
    assert math.isnan(found["least_share"])


def test_the_sentences_follow_the_tables_and_vanish_without_them(tmp_path):
    text = "{{ trainings.runs }} {{ trainings.largest }} {{ trainings.diverged }}"
    assert fill_in(text, tmp_path) == ""
    models = "model,device,parameters,training_runs,validation_runs\n"
    file = tmp_path / "checklist_models.csv"
    file.write_text(models + "a,cpu,3,5,2\nb,cpu,9,7,2\n", "utf-8")
    summary = "model,device,metric,n,diverged\na,cpu,test_loss,5,1\na,cpu,train_loss,5,1\n"
    (tmp_path / "summary.csv").write_text(summary + "b,cpu,test_loss,7,0\n", "utf-8")
    assert fill_in(text, tmp_path) == "12 b 1"
    file.write_text(models + "a,cpu,30,5,2\nb,cpu,9,8,2\n", "utf-8")
    assert fill_in(text, tmp_path) == "13 a 1"


def test_an_unknown_licence_is_not_invented():
    assert checklist.licence("fashion_mnist", is_generated=False) == "MIT"
    assert checklist.licence("csv", is_generated=False) == checklist.UNKNOWN
    assert checklist.licence("linear", is_generated=True).startswith("MIT")
