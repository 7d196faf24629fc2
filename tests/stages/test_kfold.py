"""Cross-validation as the stage does it: on training data alone."""

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file, save_file

import d2l_lab.stages.kfold as stage
from d2l_lab.stages.job import Job
from d2l_lab.stages.training import load, train
from d2l_lab.training.folds import kfold
from d2l_lab.training.randomness import generator
from recipes import curve, images

FOLDS = 3
SETTINGS = {
    "module": "d2l_lab.models.softmax_regression.scratch",
    "device": "cpu",
    "seed": 0,
    "features": None,
    "epochs": 2,
    "batch_size": 64,
    "learning_rate": 0.1,
    "evaluate_every": 1,
    "evaluate_train": True,
    "hyperparameters": {},
    "folds": FOLDS,
}


def dataset(folder, examples, outputs):
    folder.mkdir()
    tensors = {**examples._asdict(), "outputs": torch.tensor(outputs)}
    save_file(tensors, folder / "examples.safetensors")
    return folder


@pytest.fixture
def job(tmp_path):
    """Make a job that is given the training data and nothing else."""
    folder = tmp_path / "result"
    folder.mkdir()
    train = dataset(tmp_path / "train", images(), outputs=10)
    name = "softmax_regression_scratch.cpu"
    return Job(name, SETTINGS, {"train": [train]}, {}, tmp_path / "place", folder, {})


def test_a_cross_validation_needs_no_test_set(job):
    stage.work(job)
    history = pd.read_csv(job.folder / "history.csv")
    assert list(history) == ["fold", "epoch", "split", "loss", "accuracy"]
    assert set(history["split"]) == {"train_running", "train", "validation"}
    assert set(history["fold"]) == set(range(FOLDS))
    assert len(history) == FOLDS * SETTINGS["epochs"] * 3
    parameters = load_file(job.folder / "parameters.safetensors")
    assert {name: value.shape for name, value in parameters.items()} == {
        "W": (FOLDS, 784, 10),
        "b": (FOLDS, 1, 10),
    }
    assert job.measured["replicas"] == FOLDS


def test_a_cross_validation_reads_no_other_dataset_than_the_training_data(job, monkeypatch):
    read = []

    def spy(folder, settings):
        read.append(folder)
        return load(folder, settings)

    monkeypatch.setattr("d2l_lab.stages.training.load", spy)
    ruined = images("test")._replace(X=torch.full_like(images("test").X, torch.nan))
    test = dataset(job.folder.parent / "test", ruined, outputs=10)
    stage.work(job._replace(inputs=job.inputs | {"test": [test]}))
    assert read == job.inputs["train"]
    assert pd.read_csv(job.folder / "history.csv")["loss"].notna().all()


def test_every_example_is_validated_by_exactly_one_fold(job, monkeypatch):
    seen = {}

    def spy(job, examples, outputs, rows, held_out, counted):
        seen.update(training=rows, validation=held_out.rows, counted=counted)
        return train(job, examples, outputs, rows, held_out, counted)

    monkeypatch.setattr("d2l_lab.stages.training.train", spy)
    stage.work(job)
    index, weight = seen["validation"]
    validated = [one[real.bool()] for one, real in zip(index, weight, strict=True)]
    assert torch.cat(validated).sort().values.tolist() == list(range(500))
    assert [*seen["training"]] == list(range(FOLDS))
    for training, validation in zip(seen["training"].values(), validated, strict=True):
        assert not set(training.tolist()) & set(validation.tolist())
    assert seen["counted"] == "fold"


@pytest.mark.parametrize(("examples", "folds"), [(20, 4), (31, 7), (8, 7), (11, 2)])
def test_a_few_folds_are_padded_as_among_all(examples, folds):
    parts = kfold(examples, folds, generator(0, "folds"))
    for first in range(folds):
        company = stage.company_of([first], parts)
        assert first in company
        assert 2 <= len(company) <= 3
        for part in (0, 1):
            among_all = max(len(one[part]) for one in parts)
            assert max(len(parts[k][part]) for k in company) == among_all
    assert stage.company_of(range(folds), parts) == [*range(folds)]


def test_the_same_job_gives_the_same_files_and_another_seed_others(job):
    def made(seed):
        stage.work(job._replace(settings=SETTINGS | {"seed": seed}))
        return [path.read_bytes() for path in sorted(job.folder.iterdir())]

    first = made(0)
    assert made(0) == first
    assert all(one != other for one, other in zip(made(1), first, strict=True))


def test_the_features_asked_for_are_the_first_columns(tmp_path):
    folder = dataset(tmp_path / "train", curve(features=20), outputs=1)
    (X, y), outputs = load(folder, {"device": "cpu", "features": 4})
    assert torch.equal(X, curve(features=20).X[:, :4])
    assert X.is_contiguous()
    assert torch.equal(y, curve().y)
    assert outputs == 1
