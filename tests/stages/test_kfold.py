"""The stage `kfold` cross-validates on training data only."""

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

import d2l_lab.stages.kfold as stage
from d2l_lab.stages import training
from d2l_lab.training.folds import kfold
from d2l_lab.training.randomness import generator
from jobs import SOFTMAX, dataset, run
from recipes import images

FOLDS = 3
SETTINGS = {key: value for key, value in SOFTMAX.items() if key != "replicates"} | {"folds": FOLDS}


@pytest.fixture
def inputs(tmp_path):
    return {"train": dataset(tmp_path / "train", images(), outputs=10)}


def test_a_cross_validation_neither_needs_nor_reads_a_test_set(tmp_path, inputs, monkeypatch):
    seen = []

    def spy(job, examples, outputs, rows, held_out, counted):
        seen.append((rows, held_out.rows, held_out.examples is examples))
        return train(job, examples, outputs, rows, held_out, counted)

    train = training.train
    monkeypatch.setattr(training, "train", spy)
    ruined = images("test")._replace(X=torch.full_like(images("test").X, torch.nan))
    inputs["test"] = dataset(tmp_path / "test", ruined, outputs=10)
    result = run(stage, tmp_path / "result", SETTINGS, **inputs)
    history = pd.read_csv(result.folder / "history.csv")
    assert list(history) == ["fold", "epoch", "split", "loss", "accuracy"]
    assert set(history["split"]) == {"train_running", "train", "validation"}
    assert set(history["fold"]) == set(range(FOLDS))
    assert len(history) == FOLDS * SETTINGS["epochs"] * 3
    assert history["loss"].notna().all()
    parameters = load_file(result.folder / "parameters.safetensors")
    shapes = {name: value.shape for name, value in parameters.items()}
    assert shapes == {"W": (FOLDS, 784, 10), "b": (FOLDS, 1, 10)}

    ((rows, (index, weight), is_same),) = seen
    assert is_same
    validated = [part[real.bool()] for part, real in zip(index, weight, strict=True)]
    assert torch.cat(validated).sort().values.tolist() == list(range(500))
    for training_rows, validation in zip(rows.values(), validated, strict=True):
        assert not set(training_rows.tolist()) & set(validation.tolist())


@pytest.mark.parametrize(("examples", "folds"), [(20, 4), (31, 7), (8, 7), (11, 2)])
def test_a_few_folds_are_padded_as_if_all_were_trained(examples, folds):
    parts = kfold(examples, folds, generator(0, "folds"))
    for first in range(folds):
        together = stage.with_companions([first], parts)
        assert first in together
        assert 2 <= len(together) <= 3
        for part in (0, 1):
            among_all = max(len(fold[part]) for fold in parts)
            assert max(len(parts[k][part]) for k in together) == among_all
    assert stage.with_companions(range(folds), parts) == [*range(folds)]


def test_with_as_many_folds_as_examples_each_leaves_one_out(tmp_path):
    few = images()._replace(X=images().X[:6], y=images().y[:6])
    inputs = {"train": dataset(tmp_path / "few", few, outputs=10)}
    result = run(stage, tmp_path / "result", SETTINGS | {"folds": 6}, **inputs)
    assert result.measured["replicas"] == 6
