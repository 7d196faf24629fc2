"""The stages `study` and `generate` pass on the requested inputs and keep every digit."""

import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file

from d2l_lab.errors import LabError
from d2l_lab.stages import generate, study, train
from d2l_lab.studies import activations
from jobs import POLYNOMIAL, run

LINEAR = {"weights": [2.0, -3.4], "bias": 4.2, "noise": 0.01, "examples": 100}


@pytest.fixture(scope="module")
def linear(tmp_path_factory):
    """The training and test sets of the linear data, each as the results in a role."""
    folder = tmp_path_factory.mktemp("linear")
    settings = {"module": "linear", "dataset": LINEAR, "seed": 0}
    return {
        split: [run(generate, folder / split, settings | {"split": split}, name=f"linear_{split}")]
        for split in ("train", "test")
    }


def read(results):
    (result,) = results
    return load_file(result.folder / "examples.safetensors")


def test_each_half_of_a_dataset_has_its_own_random_numbers_from_the_seed(tmp_path, linear):
    train_half, test_half = (read(linear[split]) for split in ("train", "test"))
    assert (train_half["X"].shape, train_half["y"].shape, train_half["outputs"]) == (
        (100, 2),
        (100, 1),
        1,
    )
    assert not np.isin(train_half["X"], test_half["X"]).any()
    rng = np.random.default_rng([1, *b"d2l_lab.datasets.linear train"])
    settings = {"module": "linear", "dataset": LINEAR, "seed": 1, "split": "train"}
    other = read([run(generate, tmp_path / "other", settings)])
    assert np.array_equal(other["X"], rng.normal(size=(100, 2)).astype(np.float32))


def test_a_study_writes_its_tables_with_every_digit(tmp_path):
    settings = {"module": "activations", "given": {}, "settings": {"points": 9}}
    folder = run(study, tmp_path, settings).folder
    assert [path.name for path in folder.iterdir()] == ["activations.csv"]
    expected = activations.study(points=9)["activations"].reset_index(drop=True)
    found = pd.read_csv(folder / "activations.csv")
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_a_study_gets_data_models_and_other_studies_each_in_its_own_form(
    tmp_path, linear, monkeypatch
):
    told = {}

    def spy(linear_train, linear_test, trained, other, seed, *, points):
        told.update(locals())
        return {"table": pd.DataFrame({"x": [0.1]}), "array": np.ones((2, 3)).T}

    module = SimpleNamespace(study=spy, TABLES=("table",))
    monkeypatch.setitem(sys.modules, "d2l_lab.studies.spy", module)
    settings = POLYNOMIAL | {"module": "linear_regression.scratch", "dataset": "linear"}
    settings |= {"replicates": 2, "epochs": 1, "device": "cpu"}
    models = [
        run(train, tmp_path / name, settings | {"seed": seed}, name=f"{name}.cpu", **linear)
        for seed, name in enumerate(("first", "second"))
    ]
    curves = {"module": "activations", "given": {}, "settings": {"points": 9}}
    inputs = {f"linear_{split}": results for split, results in linear.items()}
    inputs |= {"trained": models, "other": [run(study, tmp_path / "curves", curves)]}
    asked = {"module": "spy", "given": {"seed": 3}, "settings": {"points": 4}}
    result = run(study, tmp_path / "spy", asked, **inputs)
    for role, split in (("linear_train", "train"), ("linear_test", "test")):
        np.testing.assert_array_equal(told[role].X, read(linear[split])["X"])
        np.testing.assert_array_equal(told[role].y, read(linear[split])["y"])
    about = [(one.model, one.device, one.module, one.dataset) for one in told["trained"]]
    assert about == [
        (name, "cpu", "linear_regression.scratch", "linear") for name in ("first", "second")
    ]
    for one, model in zip(told["trained"], models, strict=True):
        expected = load_file(model.folder / "parameters.safetensors")["w"]
        np.testing.assert_array_equal(one.parameters["w"], expected)
        assert one.predicted.shape == (2, 100, 1)
    assert [*told["other"].tables] == ["activations"]
    assert (told["seed"], told["points"]) == (3, 4)
    arrays = load_file(result.folder / "arrays.safetensors")
    np.testing.assert_array_equal(arrays["array"], np.ones((3, 2)))

    module.TABLES = ("table", "more")
    with pytest.raises(LabError, match=r"^studies/spy\.py: TABLES lists"):
        run(study, tmp_path / "again", asked, **inputs)

    module.study = lambda **_: None
    with pytest.raises(LabError, match=r"^studies/spy\.py: `study` returns a NoneType; return"):
        run(study, tmp_path / "nothing", asked, **inputs)
