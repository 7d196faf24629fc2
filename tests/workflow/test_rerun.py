"""The rerun table: after any change, a run makes exactly the results that the change affects.

Each row makes its change for real in a checkout in which everything has run, and compares what a
dry run of Snakemake then lists with what is expected; some rows are run for real instead. These
rows show that runs follow the keys. tests/pipeline/test_plan.py tests the effect of each setting
and module on the keys.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
import torch

from checkout import Checkout

PACKAGE = "workflow/d2l_lab"
LINEAR, MLP, POLYNOMIAL = FEW = ("linear_regression_scratch", "mlp_scratch", "polynomial_normal")
STUDY = "activations"  # one of the few models
DRY = "--dry-run"
NOTHING = set()
REPORT = {"report/all"}  # it depends on everything in the view
TABLES = {"tables/all", "figures/test_accuracy", *REPORT}
FITS = {"figures/polynomial_fits"}
CLAIMS = {"claims/all", "figures/claims", *REPORT}


def figures(kind, *models):
    return {f"figures/{kind}_{model}" for model in models}


def predictions(*models):
    return figures("predictions", *(name for name in models if name.startswith(("softmax", "mlp"))))


def trained(*models):
    """Return everything that training models again makes, including figures and tables."""
    fits = FITS if any(model.startswith("polynomial") for model in models) else set()
    drawn = figures("training", *models) | predictions(*models) | fits
    return {f"train/{model}.cpu" for model in models} | drawn | TABLES


def validated(*models):
    return {f"kfold/{model}.cpu" for model in models} | figures("kfold", *models) | TABLES


def both(*models):
    return trained(*models) | validated(*models)


def studied(*studies):
    return {f"{stage}/{name}" for stage in ("study", "figures") for name in studies} | REPORT


def generated(*datasets):
    return {f"generate/{dataset}_{split}" for dataset in datasets for split in ("train", "test")}


CURVES = figures("training", *FEW) | figures("kfold", *FEW)
FIGURES = CURVES | predictions(*FEW) | FITS
FIGURES |= {"figures/fashion_mnist_image_grid", "figures/test_accuracy"}
FIGURES |= {f"figures/{STUDY}", *REPORT}
OF_LINEAR = both(LINEAR) - {"figures/test_accuracy"}  # in a checkout where it is the only model


# Changes, each a function of a checkout


def configure(**changes):
    return lambda checkout: checkout.configure(changes)


def model(name, **changes):
    return configure(models={name: changes})


def edit(path, before, after):
    """Replace a text in a file, which must contain it."""

    def make(checkout):
        file = checkout.path / path
        text = file.read_text("utf-8")
        assert before in text, f"{path}: {before!r} is not there"
        file.write_text(text.replace(before, after, 1), "utf-8")

    return make


def append(path, text):
    """Append a text to a file."""

    def make(checkout):
        file = checkout.path / path
        file.write_text(file.read_text("utf-8") + text, "utf-8")

    return make


def add_a_function(name):
    return append(f"{PACKAGE}/{name}", "\n\ndef added():\n    return 1\n")


def delete(pattern):
    return lambda checkout: [shutil.rmtree(path) for path in checkout.path.glob(pattern)]


def rename(name, other):
    """Give a model another name, and change nothing else about it."""

    def make(checkout):
        settings = checkout.config()["models"][name]
        checkout.configure({"models": {name: None, other: settings}})

    return make


def several(*changes):
    """Make several changes, one after another."""

    def make(checkout):
        for change in changes:
            change(checkout)

    return make


def age_results(checkout):
    """Set the time of every result to 1970, and that of the code to now."""
    for path in checkout.path.rglob("*"):
        os.utime(path, (0, 0) if "results" in path.parts else None)


def add_to_all_plumbing(checkout):
    """Add a constant and a function to every module of the plumbing."""
    folders = ("store", "pipeline", "tools", "config", "forkserver")
    package = checkout.path / PACKAGE
    modules = [path for folder in folders for path in (package / folder).rglob("*.py")]
    for path in [*modules, package / "errors.py", package / "stages/runner.py"]:
        path.write_text(path.read_text() + "\n\nADDED = 1\n\n\ndef added():\n    return ADDED\n")


# A message, a function's body or a constant in each package of the plumbing.
PLUMBING = [
    ("store/results.py", '".damaged"', '".spoilt"'),
    ("store/view.py", "path.unlink(missing_ok=True)", "path.unlink()"),
    ("store/provenance.py", "missing, or modified since", "missing, or changed since"),
    ("pipeline/session.py", "SEVERAL = 2", "SEVERAL = 3"),
    ("pipeline/session.py", "another run is using", "another one is using"),
    ("pipeline/plan.py", "needed: set[Result] = set()", "needed = {*()}"),
    ("tools/explain.py", "everything is up to date", "all is well"),
    ("config/__init__.py", "from ", "ADDED_FIRST = 1\nfrom "),
    ("forkserver/server.py", "import ", "import abc\nimport "),
    ("stages/runner.py", "run again with fewer --cores", "take fewer --cores"),
    ("stages/runner.py", "D2L_LAB_PLANNED", "D2L_LAB_FORESEEN"),
    ("stages/job.py", "not given; add it", "missing; add it"),
    ("errors.py", "class LabError", "ADDED_FIRST = 1\n\n\nclass LabError"),
]
SCRATCH = f"{PACKAGE}/models/linear_regression/scratch.py"
NARROW = {"module": "mlp.scratch", "dataset": "fashion_mnist", "epochs": 1, "hidden_units": 4}

# Each change with what the next run must make. Changes that affect nothing are made together.
TABLE = {
    "a learning rate": (model(LINEAR, learning_rate=0.02), both(LINEAR)),
    "one model fewer": (configure(models={LINEAR: None}), TABLES),
    "a model renamed": (rename(LINEAR, "line"), both("line")),
    "a model's code": (add_a_function("models/linear_regression/scratch.py"), both(LINEAR)),
    "code that a model and a study import": (
        add_a_function("models/mlp/initial.py"),
        both(MLP) | studied(STUDY),
    ),
    "the figures' style": (add_a_function("figures/style.py"), FIGURES),
    "a default written out, other words for the same code and settings, an intermediate deleted": (
        several(
            model(MLP, evaluate_train=False),
            append("config.yaml", "\n# a remark\n"),
            append(SCRATCH, "\n# A remark.\n"),
            edit(SCRATCH, "def build(", "def build(\n\n"),
            edit(SCRATCH, '"""', '"""In short: '),
            delete("results/store/generate/linear_train"),
        ),
        NOTHING,
    ),
    "the rules, the profile, where data come from, and how they are downloaded": (
        several(
            append("Snakefile", "\n\nrule other:\n    output:\n        'other'\n"),
            append("workflow/rules/train.smk", "\n# a remark\n"),
            append("profiles/default/config.yaml", "\nprintshellcmds: true\n"),
            add_a_function("datasets/sources.py"),
            configure(datasets={"fashion_mnist": {"sources": [{"url": "https://example.org/"}]}}),
        ),
        NOTHING,
    ),
    "every module of the plumbing": (
        several(
            *(edit(f"{PACKAGE}/{path}", *texts) for path, *texts in PLUMBING), add_to_all_plumbing
        ),
        NOTHING,
    ),
    "results from 1970, code of now, no .snakemake": (
        several(age_results, delete(".snakemake")),
        NOTHING,
    ),
}
THOROUGH = {
    "another study": (
        configure(studies={"maximum_likelihood": {"points": 9}}),
        studied("maximum_likelihood"),
    ),
    "claims put to the test": (configure(claims=True), CLAIMS),
    "a caption": (append("workflow/report/summary.rst", "\nA remark.\n"), REPORT),
}
FOR_REAL = {
    "more folds": (configure(folds=3), validated(*FEW)),
    "another model": (configure(models={"mlp_narrow": NARROW}), both("mlp_narrow")),
    "an intermediate deleted, and needed again": (
        several(delete("results/store/generate/linear_*"), model(LINEAR, learning_rate=0.02)),
        generated("linear") | both(LINEAR),
    ),
    "a training deleted, and its figure drawn again": (
        several(delete(f"results/store/train/{MLP}.cpu"), add_a_function("figures/predictions.py")),
        {f"train/{MLP}.cpu", *predictions(MLP), *REPORT},
    ),
}


@pytest.fixture(scope="session")
def few_to_edit(few: Checkout, tmp_path_factory) -> Checkout:
    """A copy of the checkout of a few models for all rows; each row restores what it edits."""
    return few.copy(tmp_path_factory.mktemp("rerun") / "few")


@pytest.mark.parametrize(
    "change", [*TABLE, *(pytest.param(row, marks=pytest.mark.thorough) for row in THOROUGH)]
)
def test_after_a_change_a_dry_run_lists_exactly_what_depends_on_it(few_to_edit, change):
    make, expected = (TABLE | THOROUGH)[change]
    with few_to_edit.restored() as checkout:
        make(checkout)
        assert checkout.ran(DRY) == expected


@pytest.mark.thorough
@pytest.mark.parametrize("change", FOR_REAL)
def test_after_a_change_a_run_makes_exactly_what_depends_on_it_and_then_nothing(
    copy_of_few, change
):
    make, expected = FOR_REAL[change]
    make(copy_of_few)
    assert copy_of_few.ran() == expected
    assert copy_of_few.ran() == NOTHING


@pytest.fixture(scope="module")
def all_to_edit(built: Checkout, tmp_path_factory) -> Checkout:
    """A copy of the checkout in which everything has run; tests restore what they edit."""
    return built.copy(tmp_path_factory.mktemp("rerun") / "all")


@pytest.mark.thorough
def test_a_function_that_two_studies_select_by_reruns_both_and_the_test_of_their_choice(
    all_to_edit,
):
    picking = ("selection", "hyperparameters")
    with all_to_edit.restored() as checkout:
        add_a_function("studies/_picked.py")(checkout)
        wanted = studied(*picking, *(f"{name}_test" for name in picking))
        assert checkout.ran(DRY) == wanted | CLAIMS


@pytest.mark.thorough
def test_a_new_metric_reruns_all_trainings_and_all_figures_of_metrics(all_to_edit):
    with all_to_edit.restored() as checkout:
        add_a_function("training/metrics.py")(checkout)
        found = checkout.ran(DRY)
    trained = {name for name in found if name.startswith(("train/", "kfold/"))}
    assert trained == {
        f"{stage}/{name}.cpu"
        for name in checkout.config()["models"]
        for stage in ("train", "kfold")
    }
    assert not any(name.startswith(("prepare/", "generate/")) for name in found)
    assert found >= studied("selection", "affine_collapse") | TABLES | CLAIMS
    assert "study/activations" not in found


@pytest.mark.thorough
def test_claims_about_a_removed_study_are_no_longer_decided(copy):
    def decided():
        claims = pd.read_csv(copy.path / "results/tables/claims.csv", index_col="id")
        return claims.loc["sigmoid_derivative_peaks", "verdict"]

    assert decided() == "holds"
    copy.configure({"studies": {STUDY: None}})
    assert copy.ran() == CLAIMS
    assert decided() == "not decided"


@pytest.mark.thorough
def test_another_version_of_torch_makes_again_what_depends_on_it(linear_copy, tmp_path):
    version = Path(torch.__file__).with_name("version.py")
    other = tmp_path / "version.py"
    text = version.read_text("utf-8")
    other.write_text(re.sub(r"(?m)^(__version__ = .)[\d.]+", r"\g<1>9.9.9", text))
    assert other.read_text("utf-8") != text
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file over another")
    mount = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
    within = ["unshare", "--mount", "sh", "-c", mount, "sh", str(other), str(version)]
    assert linear_copy.ran(within=within) == OF_LINEAR
    assert linear_copy.ran() == NOTHING


def test_another_device_adds_its_trainings_and_is_named_in_figures(few_to_edit):
    # This machine has no second device, so only a dry run is checked.
    on_mps = {f"{stage}/{name}.mps" for stage in ("train", "kfold") for name in FEW}
    named = {f"{figure}.{device}" for figure in CURVES for device in ("cpu", "mps")}
    with few_to_edit.restored() as checkout:
        checkout.configure({"devices": ["cpu", "mps"]})
        assert checkout.ran(DRY) == on_mps | named | TABLES


def test_a_clone_with_the_store_and_a_moved_checkout_have_every_result(linear_copy, tmp_path):
    clone = Checkout(tmp_path / "clone")
    clone.write_config(linear_copy.config())
    shutil.copytree(linear_copy.path / "results/store", clone.path / "results/store")
    assert clone.ran() == NOTHING
    assert clone.tables() == linear_copy.tables()
    linear_copy.path = linear_copy.path.rename(tmp_path / "elsewhere")
    assert linear_copy.ran(DRY) == NOTHING


@pytest.mark.thorough
def test_switching_branches_back_and_forth_only_shows_the_first_again(linear_copy):
    def git(*arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        subprocess.run(command, cwd=linear_copy.path, check=True, capture_output=True)

    shown = linear_copy.tables()
    git("init", "--initial-branch=main")
    git("add", ".")
    git("commit", "--message=first")
    git("checkout", "-b", "branch")
    add_a_function("models/linear_regression/initial.py")(linear_copy)
    git("commit", "--all", "--message=second")
    assert linear_copy.ran() == OF_LINEAR
    git("checkout", "main")
    assert linear_copy.ran() == NOTHING
    assert linear_copy.tables() == shown
    git("checkout", "branch")
    assert linear_copy.ran() == NOTHING


@pytest.mark.thorough
def test_known_replicates_are_kept_and_the_tables_equal_those_of_a_fresh_run(linear_copy, checkout):
    linear_copy.configure({"replicates": 3})
    assert linear_copy.ran() == trained(LINEAR) - {"figures/test_accuracy"}
    records = linear_copy.path.glob(f"results/store/train/{LINEAR}.cpu/*/provenance.json")
    counts = [re.search(r'"trained": (\d)', path.read_text())[1] for path in records]
    assert sorted(counts) == ["1", "2"]
    checkout.write_config(linear_copy.config())
    checkout.done("results/tables/summary.csv")
    assert linear_copy.tables().items() >= checkout.tables().items()
    assert "summary.csv" in checkout.tables()


@pytest.mark.thorough
def test_a_renamed_model_is_not_trained_again(linear_copy):
    rename(LINEAR, "line")(linear_copy)
    told = linear_copy.tool("explain").stdout
    linear_copy.done()
    for stage in ("train", "kfold"):
        assert f"copied from {LINEAR}.cpu" in told
        (before,) = linear_copy.path.glob(f"results/store/{stage}/{LINEAR}.cpu/*/history.csv")
        (after,) = linear_copy.path.glob(f"results/store/{stage}/line.cpu/*/history.csv")
        assert after.read_bytes() == before.read_bytes()
        record = json.loads(after.with_name("provenance.json").read_text("utf-8"))
        assert record["measured"]["trained"] == 0


def test_forcing_makes_again_only_what_is_requested(few_to_edit):
    assert few_to_edit.ran(DRY, "--forcerun", "tables") == {"tables/all"}


def test_a_dry_run_changes_nothing(linear_copy):
    (history,) = linear_copy.path.glob(f"results/store/train/{LINEAR}.cpu/*/history.csv")
    os.truncate(history, 9)
    linear_copy.configure({"figures": {"dpi": 50}})
    before = linear_copy.files("results")
    assert f"train/{LINEAR}.cpu" in linear_copy.ran(DRY)
    assert linear_copy.files("results") == before
