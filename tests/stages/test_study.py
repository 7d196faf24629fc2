"""The stages `study` and `claims` by hand."""

import json

import pandas as pd
import pytest

from by_hand import LINEAR, TRAINING, Bench
from d2l_lab.config import study
from d2l_lab.store import keys, layout, provenance
from d2l_lab.studies import activations

CLOSED_FORM = {"epochs": 1, "batch_size": 10, "learning_rate": 0.03, "replicates": 2}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def linear(bench):
    return {
        split: bench.made("generate", f"linear_{split}", LINEAR | {"split": split})
        for split in ("train", "test")
    }


def settings_of(name, settings, **given):
    return {
        "module": f"d2l_lab.studies.{name}",
        "tables": list(study(name).tables),
        "given": given,
        "settings": settings,
    }


@pytest.fixture(scope="module")
def curves(bench):
    return bench.made("study", "activations", settings_of("activations", {"points": 9}))


@pytest.fixture(scope="module")
def solved(bench, linear):
    truth = {"weights": [2.0, -3.4], "bias": 4.2, "noise": 0.01}
    settings = settings_of("closed_form", CLOSED_FORM, linear=truth, seed=0)
    return bench.made("study", "closed_form", settings, linear_train=linear["train"])


def test_a_study_leaves_its_tables_with_every_digit(curves):
    assert provenance.read(curves)["files"].keys() == {"activations.csv"}
    found = pd.read_csv(curves / "activations.csv")
    expected = activations.study(points=9)["activations"].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_a_study_is_given_the_data_that_its_arguments_name(solved):
    found = pd.read_csv(solved / "closed_form.csv")
    assert found["parameter"].tolist() == ["w[0]", "w[1]", "b"]
    assert found["closed_form"].tolist() == pytest.approx([2, -3.4, 4.2], abs=0.01)


def test_trained_models_reach_a_study_as_what_they_are(bench, linear):
    places = {}
    for way in ("scratch", "concise"):
        module = f"d2l_lab.models.linear_regression.{way}"
        settings = TRAINING | {"module": module, "replicates": 2}
        places[way] = bench.made("train", f"{way}.cpu", settings, **linear)
    trained = [
        {"model": way, "device": "cpu", "module": f"linear_regression.{way}", "dataset": "linear"}
        for way in places
    ]
    settings = settings_of("agreement", {}) | {"trained": trained}
    key = keys.key(
        keys.ingredients(
            "study", settings, {"trained": [layout.reference(one) for one in places.values()]}
        )
    )
    mark = layout.result_folder(f"study/agreement/{key}") / layout.PROVENANCE
    marks = [folder / layout.PROVENANCE for folder in places.values()]
    arguments = ["--settings", json.dumps(settings), "--result", mark, "--input", "trained", *marks]
    answer = bench.run("study", *arguments)
    assert answer.returncode == 0, answer.stderr
    found = pd.read_csv(bench.path / mark.parent / "agreement.csv")
    assert {"w", "b", "loss"} == {*found["quantity"]}
    assert (found["first"] == "scratch").all()


def test_claims_are_judged_by_the_tables_there_are(bench, curves, solved):
    settings = {"models": []}
    claims = bench.made("claims", "all", settings, tables=curves, studies=solved)
    found = pd.read_csv(claims / "claims.csv", index_col="id")
    assert found.loc["tanh_derivative_peaks", "verdict"] == "holds"
    assert found.loc["sgd_finds_the_closed_form", ["n", "section"]].tolist() == [2, "3.2"]
    assert found.loc["overfitting_gap", "verdict"] == "not decided"


def test_a_study_is_drawn_from_the_tables_that_its_figure_names(bench, curves):
    settings = {"module": "d2l_lab.figures.activations", "dpi": 50}
    drawn = bench.made("figures", "activations", settings, drawn=curves)
    assert provenance.read(drawn)["files"].keys() == {"activations.svg", "activations.png"}
