"""Features are standardised by the data that each replica trains on, and no other."""

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from d2l_lab.stages import kfold, train
from d2l_lab.training.fit import Examples
from d2l_lab.training.standardise import moments
from jobs import POLYNOMIAL, dataset, run

SETTINGS = POLYNOMIAL | {"module": "linear_regression.concise", "epochs": 2}
LEARNED = ("feature_means", "feature_deviations")


def half(folder, X, y):
    """Write the training or test set of a dataset with features to standardise."""
    found = dataset(folder, Examples(X, y), 1)
    path = folder / "examples.safetensors"
    save_file(load_file(path) | {"standardise": torch.tensor(1)}, path)
    return found


def data(n=12, seed=0):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n, 2, generator=generator) * torch.tensor([100.0, 0.01]) + 1000
    return X, X.sum(dim=1, keepdim=True) / 100


def test_each_fold_learns_only_from_its_training_part_and_gets_the_same_bits_alone(tmp_path):
    X, y = data()
    inputs = {"train": half(tmp_path / "train", X, y)}
    whole = run(kfold, tmp_path / "all", SETTINGS | {"folds": 3}, **inputs).folder
    found = load_file(whole / "parameters.safetensors")
    means = found["feature_means"]
    assert len({tuple(mean.flatten().tolist()) for mean in means}) == 3
    np.testing.assert_allclose(means.mean(dim=0)[0], X.mean(dim=0), rtol=1e-6)  # parts of one size
    only = SETTINGS | {"folds": 3, "only": [1, 2]}
    alone = load_file(
        run(kfold, tmp_path / "one", only, **inputs).folder / "parameters.safetensors"
    )
    for name, values in alone.items():
        assert torch.equal(values[0], found[name][1]), name


def test_nothing_is_learned_from_the_test_set(tmp_path):
    X, y = data()
    settings = SETTINGS | {"replicates": 2}
    inputs = {"train": half(tmp_path / "train", X, y)}
    results = []
    for name, shift in (("test", 0), ("other", 1e6)):
        inputs["test"] = half(tmp_path / name, data(seed=1)[0] + shift, y)
        folder = run(train, tmp_path / f"with {name}", settings, **inputs).folder
        results.append(load_file(folder / "parameters.safetensors"))
    first, second = results
    for name, values in first.items():
        assert torch.equal(values, second[name]), name
    np.testing.assert_allclose(first["feature_means"][0, 0], X.mean(dim=0), rtol=1e-6)
    deviations = X.double().std(dim=0, correction=0)
    np.testing.assert_allclose(first["feature_deviations"][0, 0], deviations, rtol=1e-5)


def test_a_constant_feature_becomes_zero():
    X = torch.tensor([[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]])
    (mean,), (deviation,) = moments(X, [torch.arange(3)])
    assert ((X - mean) / deviation)[:, 0].tolist() == [0, 0, 0]
    assert deviation[0, 0] == 1


def test_features_that_need_no_standardising_are_left_unchanged(tmp_path):
    X, y = data()
    inputs = {
        split: dataset(tmp_path / split, Examples(X / 1000, y), 1) for split in ("train", "test")
    }
    folder = run(train, tmp_path / "a", SETTINGS | {"replicates": 2}, **inputs).folder
    assert not {*LEARNED} & load_file(folder / "parameters.safetensors").keys()
