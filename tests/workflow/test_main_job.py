"""The whole workflow, run for real on little data."""

import json
import re

import pandas as pd
import pytest

from checkout import ROOT, Checkout, read_yaml
from d2l_lab.book.words import PARTED, WORDS
from d2l_lab.claims.all import CLAIMS
from d2l_lab.config import study

MODELS = [*read_yaml(ROOT / "config.yaml")["models"]]
STUDIES = [*read_yaml(ROOT / "config.yaml")["studies"]]
KINDS = ("svg", "png")
OPTIMISER = "optimizer learning_rate momentum weight_decay"
SETTINGS = f"module dataset epochs batch_size {OPTIMISER} features evaluate_every evaluate_train"
STATISTICS = "metric mean sd ci_low ci_high n diverged"
COLUMNS = {
    "models": f"model device {SETTINGS} hidden_units",
    "training": "model device replicate epoch split metric value",
    "summary": f"model device {STATISTICS}",
    "kfold": "model device fold epoch split metric value",
    "kfold_summary": f"model device {STATISTICS}",
    "parameters": "model device replicate parameter learned true error",
    "timing": "stage model device replicas seconds_per_epoch seconds",
}


def table(checkout: Checkout, name: str) -> pd.DataFrame:
    return pd.read_csv(checkout.path / "results" / "tables" / f"{name}.csv")


@pytest.mark.parametrize("name", COLUMNS)
def test_every_table_exists_with_its_columns_and_every_model(published, name):
    rows = table(published, name)
    assert [*rows] == COLUMNS[name].split()
    with_truth = [model for model in MODELS if model.startswith(("linear", "polynomial"))]
    assert [*rows["model"].unique()] == (with_truth if name == "parameters" else MODELS)


def test_every_figure_exists_as_svg_and_png(published):
    figures = published.files("results/figures")
    stems = [f"{kind}_{model}" for kind in ("training", "kfold") for model in MODELS]
    stems += [f"predictions_{model}" for model in MODELS[2:6]]
    stems += ["fashion_mnist_image_grid", "polynomial_fits", "test_accuracy", "claims", *STUDIES]
    stems.append("workflow_graph")
    in_english = {name for name in figures if "/" not in name}
    assert in_english == {f"{stem}.{kind}" for stem in stems for kind in KINDS}
    for name, data in figures.items():
        if name.endswith(".svg"):
            assert data.rstrip().endswith(b"</svg>")
        else:
            assert data.startswith(b"\x89PNG")


def test_snakemakes_report_shows_every_figure_and_table_with_its_caption(published):
    report = (published.path / "results/book/report.html").read_text("utf-8")
    for title in ("Polynomial fits", "Training MLP scratch", "Summary"):
        assert title in report
    assert "The dashed line is the true polynomial" in report


def test_every_result_records_what_made_it(published):
    records = [*published.path.glob("results/store/*/*/*/provenance.json")]
    stages = pd.Series([path.parts[-4] for path in records]).value_counts()
    assert stages["train"] == stages["kfold"] == len(MODELS)
    assert stages["study"] == len(STUDIES)
    for path in records:
        provenance = json.loads(path.read_text())
        assert provenance["key"] == path.parent.name
        assert provenance["ingredients"]["stage"] == path.parts[-4]
        files = (file for file in path.parent.rglob("*") if file.is_file())
        found = {str(file.relative_to(path.parent)) for file in files}
        assert found == {*provenance["files"], path.name}


def test_every_study_writes_its_tables_with_rows(published):
    tables = [name for each in STUDIES for name in study(each).tables]
    assert all(len(table(published, name)) for name in tables)
    assert table(published, "diverged").empty


def test_every_claim_has_a_verdict_that_follows_from_its_numbers(published):
    claims = table(published, "claims")
    assert len(claims) == len(CLAIMS)
    decided = claims[claims["verdict"] != "not decided"]
    assert len(decided) >= 45
    assert decided[["evidence", "ci_low", "ci_high"]].notna().all(axis=None)
    assert (decided["n"] > 0).all()
    low, high = (claims["ci_low"], claims["ci_high"])
    holds = (high <= claims["threshold"]).where(
        claims["relation"] == "<=", low >= claims["threshold"]
    )
    assert (holds == claims["verdict_uncorrected"].isin(["holds", "not refuted"])).all()
    withdrawn = claims["verdict"] != claims["verdict_uncorrected"]
    assert (claims.loc[withdrawn, "verdict"] == "not decided").all()


def test_every_source_of_chance_that_a_claims_interval_covers_has_its_chinese_words(published):
    covered = table(published, "claims")["covers"].dropna().str.split(PARTED).explode()
    assert len({*covered}) > 5
    assert not {*covered} - {*WORDS["zh"]["values"]["covers"]}


def test_a_second_run_has_nothing_to_do(published):
    output = published.run().stdout
    assert "Nothing to be done" in output
    assert not re.search(r"^Job \d+:", output, re.MULTILINE)


def test_a_piped_run_prints_plain_lines_with_the_progress(published):
    output = (published.path / "output").read_text()
    assert re.search(r"^\d+ of (\d+) steps \(51%\) done\n", output, re.MULTILINE)
    assert "\x1b" not in output


def test_one_core_and_four_give_the_same_bytes(linear_run, checkout):
    """test_surroundings.py checks the same for all results."""
    on_four = linear_run
    checkout.write_config(on_four.config())
    checkout.done(cores=1)
    assert checkout.tables() == on_four.tables()
    by_one, by_four = (each.files("results/store") for each in (checkout, on_four))
    assert by_one.keys() == by_four.keys()
    differing = {name for name in by_one if by_one[name] != by_four[name]}
    of_times = ("provenance.json", "timing.csv", "report.html")
    assert all(name.endswith(of_times) for name in differing)
    assert any(name.endswith("parameters.safetensors") for name in by_one)
