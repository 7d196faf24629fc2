"""The whole workflow, run for real on little data."""

import json
import re

import pandas as pd
import pytest

from checkout import Checkout
from d2l_lab.claims.all import CLAIMS
from d2l_lab.config import study

MODELS = [
    "linear_regression_scratch",
    "linear_regression_concise",
    "softmax_regression_scratch",
    "softmax_regression_concise",
    "mlp_scratch",
    "mlp_concise",
    "polynomial_normal",
    "polynomial_underfit",
    "polynomial_overfit",
]
TIMED = ("images", "vectorisation")  # studies whose figures show times
KINDS = ("svg", "png")
COLUMNS = {
    "models": [
        "model",
        "device",
        "module",
        "dataset",
        "epochs",
        "batch_size",
        "learning_rate",
        "features",
        "evaluate_every",
        "evaluate_train",
        "hidden_units",
    ],
    "training": ["model", "device", "replicate", "epoch", "split", "metric", "value"],
    "summary": ["model", "device", "metric", "mean", "sd", "ci_low", "ci_high", "n"],
    "kfold": ["model", "device", "fold", "epoch", "split", "metric", "value"],
    "kfold_summary": ["model", "device", "metric", "mean", "sd", "ci_low", "ci_high", "n"],
    "parameters": ["model", "device", "replicate", "parameter", "learned", "true", "error"],
    "timing": ["stage", "model", "device", "replicas", "seconds_per_epoch", "seconds"],
}


def table(checkout: Checkout, name: str) -> pd.DataFrame:
    return pd.read_csv(checkout.path / "results" / "tables" / f"{name}.csv")


@pytest.mark.parametrize("name", COLUMNS)
def test_every_table_is_there_with_its_columns_and_every_model(built, name):
    rows = table(built, name)
    assert list(rows) == COLUMNS[name]
    with_truth = [model for model in MODELS if model.startswith(("linear", "polynomial"))]
    expected = with_truth if name == "parameters" else MODELS
    assert list(rows["model"].unique()) == expected


def test_the_summary_is_the_mean_of_the_last_epochs_values(built):
    training, summary = table(built, "training"), table(built, "summary")
    row = summary[(summary["model"] == "mlp_scratch") & (summary["metric"] == "test_accuracy")]
    chosen = training.query(
        "model == 'mlp_scratch' and split == 'test' and metric == 'accuracy' and epoch == 2"
    )
    assert sorted(chosen["replicate"]) == [0, 1]
    assert row["mean"].item() == pytest.approx(chosen["value"].mean(), rel=1e-12)
    assert row["n"].item() == 2


def test_a_regression_has_no_accuracy_and_a_classifier_has(built):
    metrics = table(built, "training").groupby("model")["metric"].unique().map(sorted).to_dict()
    assert metrics["polynomial_normal"] == ["loss"]
    assert metrics["mlp_concise"] == ["accuracy", "loss"]


def test_kfold_validates_each_fold_and_never_speaks_of_a_test_set(built):
    kfold = table(built, "kfold")
    assert set(kfold["split"]) == {"train_running", "train", "validation"}
    assert set(kfold["fold"]) == {0, 1}


def test_every_figure_is_there_as_svg_and_png(built):
    figures = built.files("results/figures")
    stems = [f"{kind}_{model}" for kind in ("training", "kfold") for model in MODELS]
    stems += [f"predictions_{model}" for model in MODELS[2:6]]
    stems += ["fashion_mnist", "polynomial_fits", "test_accuracy", "claims"]
    stems += [*built.config()["studies"]]
    assert sorted(figures) == sorted(f"{stem}.{kind}" for stem in stems for kind in ("png", "svg"))
    for name, data in figures.items():
        if name.endswith(".svg"):
            assert data.rstrip().endswith(b"</svg>")
        else:
            assert data.startswith(b"\x89PNG")


def test_snakemakes_report_shows_every_figure_and_table_with_its_caption(built):
    report = (built.path / "results/book/report.html").read_text("utf-8")
    for name in ("polynomial_fits.svg", "training_mlp_scratch.svg", "summary.csv"):
        assert name in report
    assert "too few features underfit" in report


def test_every_result_tells_what_made_it(built):
    marks = list((built.path / "results" / "store").glob("*/*/*/provenance.json"))
    assert len(marks) == 87
    for mark in marks:
        provenance = json.loads(mark.read_text())
        assert provenance["key"] == mark.parent.name
        assert provenance["ingredients"]["stage"] == mark.parts[-4]
        assert {path.name for path in mark.parent.iterdir()} == {*provenance["files"], mark.name}


def test_every_study_leaves_its_tables_with_rows_and_its_figure(built):
    tables = built.files("results/tables")
    for name in built.config()["studies"]:
        assert study(name).tables
        for table_name in study(name).tables:
            assert len(table(built, table_name)), table_name
            assert f"{table_name}.csv" in tables
    assert len(tables) == 8 + sum(len(study(name).tables) for name in built.config()["studies"])


def test_every_claim_has_a_verdict_that_follows_from_its_numbers(built):
    claims = table(built, "claims")
    assert len(claims) == len(CLAIMS)
    decided = claims[claims["verdict"] != "not decided"]
    assert len(decided) >= 45
    assert decided[["evidence", "ci_low", "ci_high"]].notna().all(axis=None)
    assert (decided["n"] > 0).all()
    low, high = (claims["ci_low"], claims["ci_high"])
    holds = (high <= claims["threshold"]).where(
        claims["relation"] == "<=", low >= claims["threshold"]
    )
    assert (holds == (claims["verdict"] == "holds")).all()


def test_a_second_run_runs_nothing(built):
    answer = built.run()
    assert "Nothing to be done" in answer.stdout
    assert jobs_started(answer.stdout) == 0


def test_a_training_job_logs_its_epochs(built):
    (log,) = (built.path / "results/logs/train").glob("mlp_scratch.cpu.*.log")
    last = log.read_text().splitlines()[-1]
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d epoch 2/2  train_running: loss \d\.\d{6}, accuracy \d\.\d{4}  "
        r"train: loss .*  test: loss .*  time left 0:00:00",
        last,
    )


def test_a_piped_run_prints_plain_lines_with_the_progress(built):
    output = (built.path / "output").read_text()
    assert "45 of 89 steps (51%) done" in output
    assert "\x1b" not in output


@pytest.mark.parametrize("which", ["one", pytest.param("built", marks=pytest.mark.thorough)])
def test_one_core_and_four_give_the_same_bytes(request, which, checkout):
    built = request.getfixturevalue(which)
    checkout.write_config(built.config())
    checkout.done(cores=1)
    assert checkout.tables() == built.tables()
    one, four = (run.files("results/store") for run in (checkout, built))
    assert one.keys() == four.keys()
    differing = {name for name in one if one[name] != four[name]}
    of_times = ("provenance.json", "timing.csv", *(f"{name}.{k}" for name in TIMED for k in KINDS))
    assert all(name.endswith(of_times) for name in differing)
    assert any(name.endswith("parameters.safetensors") for name in one)


def jobs_started(output: str) -> int:
    return len(re.findall(r"^Job \d+:", output, re.MULTILINE))
