"""An invalid configuration is refused with one line per mistake, before any job starts.

The messages of all mistakes are tested in tests/test_config.py.
"""

MISTAKES = {
    "model": {},
    "seed": "x",
    "folds": 101,
    "devices": ["gpu"],
    "datasets": {"fashion_mnist": {"sources": [{"ftp": "x"}]}},
    "models": {
        "../evil": {"module": "mlp.scratch", "dataset": "fashion_mnist"},
        "mlp_concise": {"learning_rate": float("nan"), "hiden_units": 3},
        "mlp_scratch": {"dataset": "linear"},
        "mlp_scrtch": {"dataset": "fashion_mnist"},
        "polynomial_normal": {"features": 21},
        "softmax_regression_scratch": {"hidden_units": 3},
    },
}
TOLD = [
    "datasets.fashion_mnist.sources[0].ftp: ",
    "devices[0]: ",
    "folds: 101 is more than the 100 training examples",
    "model: no such key; did you mean models?",
    "models.'../evil': '../evil' is not a model name",
    "models.mlp_concise.hiden_units: no such key; did you mean hidden_units?",
    "models.mlp_concise.learning_rate: .nan is not a number",
    "models.mlp_scratch.dataset: linear is not a dataset for classification",
    "models.mlp_scrtch.module: missing",
    "models.polynomial_normal.features: 21 is more than the 20 feature columns",
    "models.softmax_regression_scratch.hidden_units: no such key",
    "seed: 'x' is not a whole number",
]


def refused(checkout, *arguments):
    """Run; return the lines about mistakes."""
    answer = checkout.run("--quiet", "all", *arguments)
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stdout
    assert not (checkout.path / "results" / "store").exists()
    return [line for line in answer.stdout.splitlines() if not line.startswith("Using workflow")]


def test_all_mistakes_are_reported_at_once_each_in_one_line(checkout):
    checkout.configure(MISTAKES)
    lines = sorted(refused(checkout))
    for line, told in zip(lines, TOLD, strict=True):
        assert line.startswith(f"config.yaml: {told}")


def test_a_missing_device_is_reported(checkout):
    checkout.configure({"devices": ["cpu", "cuda:7"]})
    (line,) = refused(checkout)
    assert line.startswith("config.yaml: devices: cuda:7 is not on this machine")


def test_a_syntax_error_is_reported_with_its_line_and_column(checkout):
    path = checkout.path / "config.yaml"
    path.write_text("seed: 0\nmodels: [\n")
    (line,) = refused(checkout)
    assert line.startswith("config.yaml: line 3, column 1: ")


def test_a_mistake_on_the_command_line_is_found_too(checkout):
    (line,) = refused(checkout, "--config", "folds=none")
    assert line.startswith("--configfile or --config: folds: ")


def test_a_mistake_in_the_code_is_one_line_too(checkout):
    module = checkout.path / "workflow/d2l_lab/training/fit.py"
    module.write_text("def fit(:\n")
    (line,) = refused(checkout)
    assert "fit.py: line 1: " in line


def test_a_slip_in_the_words_of_the_book_is_one_line_too(checkout):
    path = checkout.path / "workflow/book/words/zh.yaml"
    path.write_text("title: [\n")
    (line,) = refused(checkout)
    assert "words/zh.yaml: line 2: is not YAML with keys and words; fix it" in line
