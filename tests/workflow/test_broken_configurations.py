"""A configuration that cannot be run says so in one line a mistake, before any job starts."""

import pytest

MODEL = "models.mlp_scratch"
BROKEN = {
    "a word for a number": (
        {"models": {"mlp_scratch": {"epochs": "two"}}},
        f"{MODEL}.epochs: 'two' is not a whole number; give one of at least 1",
    ),
    "a fraction of an epoch": (
        {"models": {"mlp_scratch": {"epochs": 2.5}}},
        f"{MODEL}.epochs: 2.5 is not a whole number; give one of at least 1",
    ),
    "no epochs": (
        {"models": {"mlp_scratch": {"epochs": 0}}},
        f"{MODEL}.epochs: 0 is too small; give a whole number of at least 1",
    ),
    "a learning rate of zero": (
        {"models": {"mlp_scratch": {"learning_rate": 0}}},
        f"{MODEL}.learning_rate: ",
    ),
    "a negative batch size": (
        {"models": {"mlp_scratch": {"batch_size": -1}}},
        f"{MODEL}.batch_size: -1",
    ),
    "an exponent that is text to YAML": (
        {"models": {"mlp_scratch": {"learning_rate": "1e-3"}}},
        f"{MODEL}.learning_rate: '1e-3' is text to YAML, not a number; write 0.001",
    ),
    "a number that is none": (
        {"models": {"mlp_scratch": {"learning_rate": float("nan")}}},
        f"{MODEL}.learning_rate: ",
    ),
    "a key with a slip": (
        {"models": {"mlp_scratch": {"hiden_units": 3}}},
        f"{MODEL}.hiden_units: no such key; did you mean hidden_units?",
    ),
    "a key of another model": (
        {"models": {"softmax_regression_scratch": {"hidden_units": 3}}},
        "models.softmax_regression_scratch.hidden_units: ",
    ),
    "an unknown section": ({"model": {}}, "model: no such key; did you mean models?"),
    "an unknown module": (
        {"models": {"mlp_scratch": {"module": "mlp.scrach"}}},
        f"{MODEL}.module: ",
    ),
    "an unknown model": (
        {"models": {"mlp_scrtch": {"dataset": "fashion_mnist"}}},
        "models.mlp_scrtch.module: ",
    ),
    "an unknown dataset": ({"models": {"mlp_scratch": {"dataset": "mnist"}}}, f"{MODEL}.dataset: "),
    "a dataset of another task": (
        {"models": {"mlp_scratch": {"dataset": "linear"}}},
        f"{MODEL}.dataset: linear is no dataset for classification",
    ),
    "a model's name that leaves the folder": (
        {"models": {"../evil": {"module": "mlp.scratch", "dataset": "fashion_mnist"}}},
        "models.'../evil': '../evil' is not a model name",
    ),
    "one fold": ({"folds": 1}, "folds: "),
    "more folds than examples": (
        {"folds": 101},
        "folds: 101 is more than the 100 training examples",
    ),
    "no replicate": ({"replicates": 0}, "replicates: "),
    "a device that is no device": ({"devices": ["gpu"]}, "devices[0]: "),
    "a device that is not there": (
        {"devices": ["cpu", "cuda:7"]},
        "devices: cuda:7 is not on this machine",
    ),
    "a device that is not in a list": ({"devices": "cpu"}, "devices: 'cpu' is not a list"),
    "too many features": (
        {"models": {"polynomial_normal": {"features": 21}}},
        "models.polynomial_normal.features: 21 is more than the 20 feature columns",
    ),
    "a source of no known kind": (
        {"datasets": {"fashion_mnist": {"sources": [{"ftp": "x"}]}}},
        "datasets.fashion_mnist.sources[0].ftp: ",
    ),
    "no source": (
        {"datasets": {"fashion_mnist": {"sources": []}}},
        "datasets.fashion_mnist.sources: ",
    ),
    "a checksum that is none": (
        {"datasets": {"fashion_mnist": {"sha256": {"train-images-idx3-ubyte": "abc"}}}},
        "datasets.fashion_mnist.sha256.train-images-idx3-ubyte: ",
    ),
}


def refused(checkout, *arguments):
    """Run; give the lines that tell what is wrong."""
    answer = checkout.run("--quiet", "all", *arguments)
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stdout
    assert not (checkout.path / "results" / "store").exists()
    return [line for line in answer.stdout.splitlines() if not line.startswith("Using workflow")]


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_one_line(checkout, mistake):
    changes, expected = BROKEN[mistake]
    checkout.configure(changes)
    (line,) = refused(checkout)
    assert line.startswith(f"config.yaml: {expected}")


def test_several_mistakes_are_told_at_once(checkout):
    checkout.configure({"seed": "x", "folds": 1, "models": {"mlp_concise": {"epochs": 0}}})
    lines = refused(checkout)
    assert [line.split(": ")[1] for line in lines] == ["folds", "models.mlp_concise.epochs", "seed"]


def test_a_fault_of_syntax_has_its_line_and_column(checkout):
    path = checkout.path / "config.yaml"
    path.write_text("seed: 0\nmodels: [\n")
    (line,) = refused(checkout)
    assert line.startswith("config.yaml: line 3, column 1: ")


def test_a_mistake_on_the_command_line_is_found_too(checkout):
    (line,) = refused(checkout, "--config", "folds=none")
    assert line.startswith("config.yaml: folds: ")


def test_a_mistake_in_the_code_is_one_line_too(checkout):
    module = checkout.path / "workflow/d2l_lab/training/fit.py"
    module.write_text("def fit(:\n")
    (line,) = refused(checkout)
    assert "fit.py: line 1: " in line
