"""Published numbers are compared with a single run of ours with the same settings."""

import copy
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from d2l_lab.errors import LabError
from d2l_lab.stages.published import require_valid
from d2l_lab.tables import printed, published
from d2l_lab.tables.statistics import predict

ACCURACIES = [0.80, 0.82, 0.84]
IMAGES = {"kind": "fashion_mnist", "sha256": {"labels": "ab"}}
LINE = {"kind": "linear", "weights": [2.0], "bias": 4.0}
DATASETS = {"clothes": IMAGES | {"classes": []}, "line": LINE | {"test_examples": 9}}
RUN = {
    "source": "book",
    "file": "a file.md",
    "commit": "0" * 40,
    "section": "3.6",
    "module": "mlp.scratch",
    "data": "images",
    "settings": {"epochs": 2, "batch_size": 30, "learning_rate": 0.1},
    "quotes": ["test acc 0.830", "w 1.9, loss 0.0081"],
    "numbers": [{"quantity": "test_accuracy", "value": "0.830"}],
}
DOCUMENT = {
    "data": {
        "images": {"settings": IMAGES, "train_examples": 100, "test_examples": 1000},
        "line": {"settings": LINE},
    },
    "sources": {
        "book": {"author": "A", "work": "B", "kind": "book", "url": "https://example.org/b"}
    },
    "runs": [RUN],
}
MODELS = pd.DataFrame(
    [("net", "cpu", "mlp.scratch", "clothes", 3, 30, "sgd", 0.1, 0.0, 0.0)],
    columns=[
        *("model", "device", "module", "dataset", "epochs", "batch_size", "optimizer"),
        *("learning_rate", "momentum", "weight_decay"),
    ],
)
REDRAWN = pd.DataFrame({"replicate": range(5), "value": [1.9, 1.95, 2, 2.05, 2.1]}).assign(
    module="mlp.scratch", features=1, epochs=2, batch_size=30, learning_rate=0.1, quantity="w[0]"
)


def training(values=ACCURACIES, metric="accuracy", split="test"):
    """Return the values of epoch 2, among other epochs."""
    rows = [
        ("net", "cpu", replicate, epoch, split, metric, value if epoch == 2 else 0.1)
        for epoch in (1, 2, 3)
        for replicate, value in enumerate(values)
    ]
    return pd.DataFrame(
        rows, columns=["model", "device", "replicate", "epoch", "split", "metric", "value"]
    )


def compared(number=None, models=MODELS, table=None, redrawn=REDRAWN, datasets=DATASETS, **run):
    number = {"quantity": "test_accuracy", "value": "0.830"} | (number or {})
    document = DOCUMENT | {"runs": [RUN | run | {"numbers": [number]}]}
    table = training() if table is None else table
    return published.compare(document, models, table, redrawn, datasets).iloc[0]


def test_nineteen_of_twenty_further_runs_are_in_the_interval_of_a_single_run():
    rng = np.random.default_rng(0)
    for positive in (False, True):
        draws = rng.normal(size=(2000, 6))
        draws = np.exp(2 * draws) if positive else draws
        bounds = [predict(pd.Series(row[:5]), positive=positive) for row in draws]
        within = [low < row[5] < high for row, (low, high) in zip(draws, bounds, strict=True)]
        assert np.mean(within) == pytest.approx(0.95, abs=0.015)
    assert np.isnan(predict(pd.Series([1.0]))).all()


def test_a_number_is_compared_with_a_single_run_and_the_verdict_follows_the_table():
    row = compared()
    mean, sd = np.mean(ACCURACIES), np.std(ACCURACIES, ddof=1)
    half = stats.t.ppf(0.975, 2) * sd * math.sqrt(1 + 1 / 3)
    assert (row["low"], row["high"]) == pytest.approx((mean - half, mean + half))
    assert row["ci_high"] < row["high"]
    assert (row["verdict"], row["in_interval_of_mean"]) == ("within", True)
    assert row["covers"] == "initial values and shuffles"
    assert row["link"] == f"https://example.org/b/blob/{'0' * 40}/a%20file.md"
    higher = training([value + 0.08 for value in ACCURACIES])
    assert compared(table=higher)["verdict"] == "within"
    assert not compared(table=higher)["in_interval_of_mean"]
    assert compared(table=training([0.900, 0.901, 0.902]))["verdict"] == "below"
    assert compared(table=training([0.700, 0.701, 0.702]))["verdict"] == "above"
    assert compared(table=training([0.8304, 0.8304, 0.8304]))["verdict"] == "within"  # rounded


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({"models": MODELS.assign(learning_rate=0.5)}, "settings differ", "learning_rate"),
        ({"models": MODELS.assign(optimizer="adam")}, "settings differ", "optimizer"),
        ({"models": MODELS.assign(epochs=1)}, "settings differ", "epochs"),
        ({"number": {"differs": ["never shuffled"]}}, "settings differ", "never shuffled"),
        ({"models": MODELS.assign(module="mlp.concise")}, "not run", ""),
        ({"datasets": DATASETS | {"clothes": {"kind": "fashion_mnist"}}}, "not run", ""),
        ({"table": training([0.8, math.nan, 0.8])}, "not run", ""),
        ({"number": {"value": "0.83005"}}, "impossible", "other examples"),
        ({"number": {"value": "0.8300000"}}, "within", ""),
    ],
)
def test_a_number_from_other_settings_is_not_judged(changes, verdict, reason):
    row = compared(**changes)
    assert (row["verdict"], row["reason"]) == (verdict, reason)


def test_a_test_accuracy_that_only_training_examples_can_give_is_reported():
    data = DOCUMENT["data"]["images"] | {"train_examples": 6000}
    document = DOCUMENT | {"data": DOCUMENT["data"] | {"images": data}}
    document |= {"runs": [RUN | {"numbers": [{"quantity": "test_accuracy", "value": "0.845833"}]}]}
    row = published.compare(document, MODELS, training(), None, DATASETS).iloc[0]
    assert (row["verdict"], row["reason"]) == ("impossible", "training examples")


def test_a_wrongly_averaged_loss_is_compared_with_ours_averaged_in_the_same_way():
    number = {"quantity": "train_running_loss", "value": "0.0081"}
    losses = training([0.20, 0.21, 0.20], "loss", "train_running")
    assert compared(number, table=losses)["verdict"] == "below"
    row = compared(number | {"averaged": "batch means over examples"}, table=losses)
    assert row["factor"] == 4 / 100  # minibatches of 30 among 100 examples
    assert row["verdict"] == "within"


def test_numbers_from_newly_drawn_data_are_compared_with_runs_on_newly_drawn_data():
    def found(quantity, value, **changes):
        return compared({"quantity": quantity, "value": value}, data="line", **changes)

    row = found("w[0]", "1.9")
    assert (row["verdict"], row["covers"]) == ("within", "datasets, initial values and shuffles")
    assert row["mean"] == pytest.approx(2)
    assert found("w[0]", "5.0")["verdict"] == "above"
    assert found("true - w[0]", "0.1")["verdict"] == "within"
    assert found("true - w[0]", "0.1", redrawn=REDRAWN.assign(value=-1.0))["verdict"] == "below"
    assert found("w[0]", "1.9", redrawn=None)["verdict"] == "not run"
    other = DATASETS | {"line": LINE | {"bias": 3.0}}
    assert found("w[0]", "1.9", datasets=other)["verdict"] == "not run"
    assert found("w[0]", "1.9", redrawn=REDRAWN.assign(epochs=1))["reason"] == "epochs"


def test_the_published_numbers_of_the_project_are_valid_and_each_source_is_used():
    document = printed.read()
    require_valid(document, printed.FILE)
    table = published.sources(document)
    assert ((table["numbers"] > 0) == (table["kind"] != "issue")).all()
    quoted = table["quote"] != ""
    assert (quoted == (table["kind"] == "issue")).all()


def test_a_file_that_is_not_yaml_is_refused_in_one_line(tmp_path):
    (tmp_path / "published.yaml").write_text("runs: []\nsources: [\n", "utf-8")
    with pytest.raises(LabError, match=r"^\S+published.yaml: line 3: .*; fix the YAML there$"):
        printed.read(tmp_path / "published.yaml")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda run: run.pop("commit"), "runs[0].commit: missing; give a commit of 40"),
        (lambda run: run.update(source="books"), "runs[0].source: books is not one of book; give"),
        (lambda run: run.update(data="digits"), "runs[0].data: digits is not one of images, line"),
        (lambda run: run.update(commit="main"), "runs[0].commit: 'main' is not a commit of 40"),
        (lambda run: run.update(page=3), "runs[0].page: no such key; the keys here are source"),
        (
            lambda run: run["numbers"][0].update(value="0.831"),
            "runs[0].numbers[0].value: 0.831 is in no quotation; quote what was printed",
        ),
        (
            lambda run: run["numbers"][0].update(value=0.83),
            "runs[0].numbers[0].value: 0.83 is not text; give a number in quotes",
        ),
        (
            lambda run: run["numbers"][0].update(quantity="acc"),
            "runs[0].numbers[0].quantity: 'acc' is not a quantity such as test_accuracy",
        ),
    ],
)
def test_a_bad_entry_is_refused_in_one_line_that_names_it(change, line):
    document = copy.deepcopy(DOCUMENT)
    require_valid(document, "published.yaml")
    change(document["runs"][0])
    with pytest.raises(LabError) as refused:
        require_valid(document, "published.yaml")
    (told,) = str(refused.value).splitlines()
    assert told.startswith(f"published.yaml: {line}")
