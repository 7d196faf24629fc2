"""Results of the main job on the real data with the notes' settings (`.ci/run` runs it first)."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from d2l_lab.config import validate

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "results" / "tables"
STANDING = ("holds", "not refuted")
pytestmark = pytest.mark.main_job


def table(name, *index):
    rows = pd.read_csv(TABLES / f"{name}.csv")
    return rows.set_index([*index]) if index else rows


@pytest.mark.parametrize(
    ("model", "n", "low", "high"),
    [
        ("softmax_regression_scratch", 16, 0.82, 0.85),
        ("softmax_regression_concise", 5, 0.82, 0.85),
        ("mlp_scratch", 16, 0.83, 0.88),
        ("mlp_concise", 5, 0.83, 0.88),
    ],
)
def test_a_classifiers_test_accuracy_agrees_with_the_notes(model, n, low, high):
    row = table("summary", "model", "metric").loc[model, "test_accuracy"]
    assert row["n"] == n
    assert low <= row["mean"] <= high


@pytest.mark.parametrize("model", ["softmax_regression", "mlp"])
@pytest.mark.parametrize("metric", ["test_accuracy", "test_loss", "train_loss"])
def test_the_two_ways_agree_within_their_intervals(model, metric):
    summary = table("summary", "model", "metric")
    scratch, concise = (summary.loc[f"{model}_{way}", metric] for way in ("scratch", "concise"))
    assert scratch["ci_low"] <= concise["mean"] <= scratch["ci_high"]
    assert concise["ci_low"] <= scratch["mean"] <= concise["ci_high"]


@pytest.mark.parametrize("way", ["scratch", "concise"])
def test_linear_regression_learns_the_true_parameters(way):
    rows = table("parameters").query(f"model == 'linear_regression_{way}'")
    assert set(rows["parameter"]) == {"w[0]", "w[1]", "b"}
    assert len(rows) == 15
    assert rows["error"].abs().max() < 0.01


def test_the_right_polynomial_learns_the_true_weights():
    rows = table("parameters").query("model == 'polynomial_normal'")
    assert len(rows) == 20
    assert rows["error"].abs().max() < 0.2


@pytest.mark.parametrize(
    ("model", "splits"),
    [
        ("softmax_regression", ["train_running", "train", "test"]),
        # The MLP amplifies rounding errors from step to step, so that evaluations at single points
        # differ more than means over an epoch.
        ("mlp", ["train_running"]),
    ],
)
def test_the_two_ways_of_a_replicate_have_the_same_history(model, splits):
    training = table("training").query("metric == 'loss' and split in @splits")
    scratch, concise = (
        training[training["model"] == f"{model}_{way}"].set_index(["replicate", "epoch", "split"])
        for way in ("scratch", "concise")
    )
    differences = (scratch["value"] - concise["value"]).abs()
    assert len(differences) >= 50
    assert differences.max() < 1e-3
    assert differences.xs((1, "train_running"), level=("epoch", "split")).max() < 1e-5


def test_every_model_of_the_configuration_is_in_every_table():
    models = list(validate(yaml.safe_load((ROOT / "config.yaml").read_text()))["models"])
    assert len(models) == 9
    for name in ("training", "summary", "kfold", "kfold_summary", "timing"):
        assert list(table(name)["model"].unique()) == models


@pytest.fixture(scope="module")
def claims():
    return pd.read_csv(TABLES / "claims.csv", index_col="id")


def test_every_claim_is_decided_or_its_interval_contains_the_threshold(claims):
    assert len(claims) >= 25
    assert claims[["evidence", "ci_low", "ci_high"]].notna().all(axis=None)
    assert (claims["n"] > 0).all()
    undecided = claims[claims["verdict_uncorrected"] == "not decided"]
    assert (undecided["ci_low"] <= undecided["threshold"]).all()
    assert (undecided["threshold"] <= undecided["ci_high"]).all()
    withdrawn = claims[(claims["verdict"] == "not decided") & ~claims.index.isin(undecided.index)]
    assert (withdrawn["p_corrected"] > 0.05).all()


@pytest.mark.parametrize(
    "name",
    [
        "sgd_finds_the_closed_form",
        "each_epoch_lowers_the_loss",
        "vectorised_is_faster",
        "examples_are_read_at_random",
        "images_become_tensors",
        "maximum_likelihood_is_least_squares",
        "softmax_sums_to_one",
        "gradient_is_the_difference",
        "log_probability_is_not_positive",
        "softmax_regression_agrees",
        "affine_of_affine_is_affine",
        "activation_makes_the_difference",
        "perceptron_beats_softmax_regression",
        "sigmoid_derivative_peaks",
        "tanh_derivative_peaks",
        "relu_passes_or_stops",
        "relu_eases_vanishing_gradients",
        "higher_degree_trains_better_exactly",
        "underfitting_both_high",
        "overfitting_gap_exactly",
        "more_data_generalise_better",
        "regularisation_narrows_the_gap_exactly",
        "mm_multiplies_matrices_alone",
    ],
)
def test_claims_that_are_known_to_be_true_hold(claims, name):
    assert claims.loc[name, "verdict"] in STANDING, claims.loc[name]


def test_an_assertion_that_the_notes_settings_do_not_show_is_shown_by_other_settings(claims):
    failed = claims[(claims["verdict"] == "does not hold") & claims["see"].notna()]
    assert len(failed) >= 3
    assert claims.loc[failed["see"], "verdict"].isin(STANDING).all()


def test_the_book_in_both_languages_is_smaller_than_40_megabytes():
    files = [path for path in (ROOT / "results" / "book").rglob("*") if path.is_file()]
    assert 10e6 < sum(path.stat().st_size for path in files) < 40e6
