"""The rerun table: after any change, the run makes just what the change calls for.

Each row makes its change for real in a checkout in which everything has run, runs Snakemake, and
compares the results that this makes with those expected. On keys alone, and for every model and
setting, the same is in tests/test_plan.py.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
import torch

from checkout import Checkout

CHAPTERS = "workflow/d2l_lab/chapters"
LINEAR, MLP, POLYNOMIAL = "linear_regression_scratch", "mlp_scratch", "polynomial_normal"
FEW = (LINEAR, MLP, POLYNOMIAL)
STUDY, LEFT_OUT = "activations", ("maximum_likelihood",)  # of the few studies
ALL = (
    *FEW,
    "linear_regression_concise",
    "softmax_regression_scratch",
    "softmax_regression_concise",
    "mlp_concise",
    "polynomial_underfit",
    "polynomial_overfit",
)
DRY = ("--dry-run",)
NOTHING = set()
VIEW = {"show/view"}
TABLES = {"tables/all", "figures/test_accuracy", *VIEW}
FITS, GRID = {"figures/polynomial_fits"}, {"figures/fashion_mnist"}
CLAIMS = {"claims/all", "figures/claims"} | VIEW
ON_TRAINED = ("confusion", "agreement")


def figures(kind, *models):
    return {f"figures/{kind}_{model}" for model in models}


def predictions(*models):
    return figures("predictions", *(one for one in models if one.startswith(("softmax", "mlp"))))


def trained(*models):
    """Give what training models again makes, their figures and the tables included."""
    fits = FITS if any(model.startswith("polynomial") for model in models) else set()
    drawn = figures("training", *models) | predictions(*models) | fits
    return {f"train/{model}.cpu" for model in models} | drawn | TABLES


def validated(*models):
    return {f"kfold/{model}.cpu" for model in models} | figures("kfold", *models) | TABLES


def both(*models):
    return trained(*models) | validated(*models)


def studied(*studies):
    return {f"{stage}/{name}" for stage in ("study", "figures") for name in studies} | VIEW


def generated(dataset, *splits):
    return {f"generate/{dataset}_{split}" for split in splits or ("train", "test")}


class Row(NamedTuple):
    """One row of the table.

    Parameters
    ----------
    change : str
        In words.
    make : callable
        Makes the change in a checkout.
    expected : set of str
        What the next run must make of it, with a few models.
    of : str
        "few" where it takes a few models to see the point. "one" where one model alone shows it,
        more quickly; CI asks the same of a few. "thorough" for CI alone; "asked" where CI asks what
        would be run, as another row of the kind is run.
    """

    change: str
    make: Callable[[Checkout], None]
    expected: set[str]
    of: str = "one"


CURVES = figures("training", *FEW) | figures("kfold", *FEW)
FIGURES = CURVES | predictions(*FEW) | FITS | GRID | {"figures/test_accuracy", f"figures/{STUDY}"}
FIGURES |= VIEW
OF_ONE = {*generated("linear"), *both(LINEAR)} - {"figures/test_accuracy"}


def configure(**changes):
    return lambda checkout: checkout.configure(changes)


def model(name, **changes):
    return configure(models={name: changes})


def study(name, **changes):
    return configure(studies={name: changes})


def dataset(name, **changes):
    return configure(datasets={name: changes})


def edit(path, before, after):
    """Replace a text in a file, where it must stand."""

    def make(checkout):
        file = checkout.path / path
        text = file.read_text("utf-8")
        assert text.count(before) == 1, f"{path}: {before!r} stands {text.count(before)} times"
        file.write_text(text.replace(before, after), "utf-8")

    return make


def append(path, text):
    """Put a text at the end of a file."""

    def make(checkout):
        with (checkout.path / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return make


def delete(*folders):
    def make(checkout):
        for folder in folders:
            (found,) = checkout.path.glob(folder)
            shutil.rmtree(found)

    return make


def after(*makes):
    """Make several changes, one after another."""

    def make(checkout):
        for one in makes:
            one(checkout)

    return make


def touch_everything(checkout):
    for path in checkout.path.rglob("*"):
        path.touch()


def make_everything_old(checkout):
    for path in checkout.path.rglob("*"):
        os.utime(path, (0, 0))


def make_code_new_and_results_old(checkout):
    for path in checkout.path.rglob("*"):
        os.utime(path, (0, 0) if "results" in path.parts else None)


def move(checkout):
    checkout.path = checkout.path.rename(checkout.path.with_name("elsewhere"))


def clone_with_the_store(checkout):
    clone = Checkout(checkout.path.with_name("clone"))
    shutil.copyfile(checkout.path / "config.yaml", clone.path / "config.yaml")
    shutil.copytree(checkout.path / "results/store", clone.path / "results/store")
    checkout.path = clone.path


def add_a_function(name):
    return append(f"workflow/d2l_lab/{name}", "\n\ndef added():\n    return 1\n")


MODELS = [
    *(
        Row(
            f"{name}: {key} {value}",
            model(name, **{key: value}),
            both(name),
            {(LINEAR, "learning_rate"): "one", (MLP, "hidden_units"): "few"}.get(
                (name, key), "asked"
            ),
        )
        for name, changes in (
            (LINEAR, {"epochs": 2, "learning_rate": 0.02, "batch_size": 25}),
            (MLP, {"epochs": 1, "learning_rate": 0.2, "batch_size": 128, "hidden_units": 8}),
            (POLYNOMIAL, {"epochs": 30, "learning_rate": 0.02, "batch_size": 25}),
        )
        for key, value in changes.items()
    ),
    Row(
        "polynomial_normal: features 3", model(POLYNOMIAL, features=3), both(POLYNOMIAL), "thorough"
    ),
    Row("mlp_scratch: evaluate_train", model(MLP, evaluate_train=True), both(MLP), "asked"),
]
CONFIGURATION = [
    Row("folds 3", configure(folds=3), validated(*FEW)),
    Row("replicates 3", configure(replicates=3), trained(*FEW)),
    Row(
        "seed 1",
        configure(seed=1),
        generated("linear") | generated("polynomial") | both(*FEW),
    ),
    Row("linear noise", dataset("linear", noise=0.1), generated("linear") | both(LINEAR), "asked"),
    Row(
        "linear examples",
        dataset("linear", examples=90),
        generated("linear", "train") | both(LINEAR),
        "asked",
    ),
    Row(
        "linear test_examples",
        dataset("linear", test_examples=90),
        generated("linear", "test") | trained(LINEAR),
        "asked",
    ),
    Row(
        "polynomial weights",
        dataset("polynomial", weights=[5, 1.2, -3.4]),
        generated("polynomial") | both(POLYNOMIAL),
        "asked",
    ),
    Row(
        "polynomial test_examples",
        dataset("polynomial", test_examples=90),
        generated("polynomial", "test") | trained(POLYNOMIAL),
        "asked",
    ),
    Row(
        "another address of the data",
        dataset("fashion_mnist", sources=[{"url": "https://example.org/"}]),
        NOTHING,
    ),
    Row("figures: dpi", configure(figures={"dpi": 50}), FIGURES),
    Row("figures: images", configure(figures={"images": 16}), GRID | VIEW, "few"),
    Row("a model less", configure(models={LINEAR: None}), TABLES, "few"),
    Row(
        "a model of a known kind more",
        configure(
            models={
                "mlp_narrow": {
                    "module": "mlp.scratch",
                    "dataset": "fashion_mnist",
                    "epochs": 1,
                    "hidden_units": 4,
                }
            }
        ),
        both("mlp_narrow"),
        "few",
    ),
    Row("a study less", configure(studies={STUDY: None}), VIEW, "few"),
    Row("a study more", study("maximum_likelihood", points=9), studied("maximum_likelihood")),
    Row("a study's setting", study(STUDY, points=65), studied(STUDY), "asked"),
    Row("claims put to the test", configure(claims=True), CLAIMS),
    Row("a default written out", model(MLP, evaluate_train=False), NOTHING, "few"),
    Row(
        "a comment in config.yaml",
        append("config.yaml", "\n# a remark\n"),
        NOTHING,
    ),
]
CODE = [
    Row(
        "code of a chapter",
        edit(f"{CHAPTERS}/linear_regression/scratch.py", "affine(X, w, b)", "affine(X, w, +b)"),
        both(LINEAR),
    ),
    Row(
        "code of a chapter that a study imports",
        edit(f"{CHAPTERS}/mlp/scratch.py", "affine(H, W2, b2)", "affine(H, W2, +b2)"),
        both(MLP) | studied(STUDY),
        "asked",
    ),
    Row(
        "comment in a chapter",
        append(f"{CHAPTERS}/linear_regression/scratch.py", "\n# A remark.\n"),
        NOTHING,
    ),
    Row(
        "layout of a chapter",
        edit(
            f"{CHAPTERS}/linear_regression/scratch.py",
            "affine(X, w, b)",
            "affine(\n        X, w, b)",
        ),
        NOTHING,
    ),
    Row(
        "docstring of a chapter",
        edit(f"{CHAPTERS}/linear_regression/scratch.py", "Linear regression", "A line"),
        NOTHING,
    ),
    Row(
        "code that a chapter imports",
        add_a_function("models/mlp/initial.py"),
        both(MLP) | studied(STUDY),
        "asked",
    ),
    Row("the training loop", add_a_function("training/fit.py"), both(*FEW)),
    Row(
        "a module that the loop imports",
        add_a_function("training/minibatches.py"),
        both(*FEW),
        "asked",
    ),
    Row("the stage of training", add_a_function("stages/train.py"), trained(*FEW), "thorough"),
    Row("parting into folds", add_a_function("training/folds.py"), validated(*FEW), "asked"),
    Row(
        "a synthetic dataset's code",
        add_a_function("datasets/linear.py"),
        generated("linear") | both(LINEAR),
        "asked",
    ),
    Row("the code that downloads", add_a_function("datasets/sources.py"), NOTHING),
    Row("a function of the tables", add_a_function("tables/statistics.py"), TABLES),
    Row(
        "one figure's code",
        add_a_function("figures/polynomial_fits.py"),
        {"figures/polynomial_fits"} | VIEW,
        "few",
    ),
    Row("a study's code", add_a_function(f"studies/{STUDY}.py"), studied(STUDY), "few"),
    Row(
        "a study's figure",
        add_a_function(f"figures/{STUDY}.py"),
        {f"figures/{STUDY}"} | VIEW,
        "few",
    ),
    Row("code that two figures share", add_a_function("figures/_curves.py"), CURVES | VIEW),
    Row("the figures' style", add_a_function("figures/style.py"), FIGURES, "asked"),
    Row("a caption", append("workflow/report/summary.rst", "\nA further remark.\n"), VIEW),
    Row("a comment in the Snakefile", append("Snakefile", "\n# a remark\n"), NOTHING),
    Row(
        "a rule more in the Snakefile",
        append("Snakefile", "\n\nrule other:\n    output: 'other'\n    shell: 'touch {output}'\n"),
        NOTHING,
    ),
    Row("a rule's file", append("workflow/rules/train.smk", "\n# a remark\n"), NOTHING),
    Row("the plan's code", add_a_function("plan.py"), NOTHING),
    Row("the profile", append("profiles/default/config.yaml", "\nprintshellcmds: true\n"), NOTHING),
]
FILES = [
    Row("every file touched", touch_everything, NOTHING),
    Row("every file from 1970", make_everything_old, NOTHING, "thorough"),
    Row("results from 1970, code of now", make_code_new_and_results_old, NOTHING),
    Row("no .snakemake", delete(".snakemake"), NOTHING),
    Row("the folder moved", move, NOTHING),
    Row("a clone with a copy of the store", clone_with_the_store, VIEW),
    Row("a table deleted", lambda c: (c.path / "results/tables/summary.csv").unlink(), VIEW),
    Row("a table edited", append("results/tables/summary.csv", "mine\n"), VIEW),
    Row("an intermediate deleted", delete("results/store/generate/linear_train/*"), NOTHING),
    Row(
        "an intermediate deleted, and needed again",
        after(
            delete("results/store/generate/linear_train/*"),
            model(LINEAR, learning_rate=0.02),
        ),
        generated("linear", "train") | both(LINEAR),
    ),
    Row(
        "a training deleted, of which a figure is drawn again",
        after(
            delete(f"results/store/train/{MLP}.cpu/*"),
            add_a_function("figures/predictions.py"),
        ),
        {f"train/{MLP}.cpu"} | predictions(MLP) | VIEW,
        "few",
    ),
]
TABLE = [*MODELS, *CONFIGURATION, *CODE, *FILES]


def rows():
    """Give each row with its checkout, and leave to CI what need not be run each time.

    CI asks no more than what would be run where a row of the kind is run already.
    """
    thorough = pytest.mark.thorough
    for row in TABLE:
        if row.of == "one":
            expected = row.expected & (OF_ONE | CLAIMS | studied(*LEFT_OUT))
            yield pytest.param(row, "copy_of_one", expected, (), id=row.change)
        marks = () if row.of == "few" else thorough
        identity = f"{row.change}, of a few" if row.of == "one" else row.change
        would = DRY if row.of in ("one", "asked") and row.expected - VIEW else ()
        yield pytest.param(row, "copy_of_few", row.expected, would, id=identity, marks=marks)


@pytest.mark.parametrize(("row", "checkout", "expected", "arguments"), [*rows()])
def test_a_change_makes_the_next_run_make_just_what_rests_on_it(
    request, row, checkout, expected, arguments
):
    copy = request.getfixturevalue(checkout)
    row.make(copy)
    assert copy.ran(*arguments) == expected


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        (name, key, value)
        for name in ALL
        for key, value in {
            "epochs": 1 if name.startswith(("softmax", "mlp")) else 10,
            "learning_rate": 0.015,
            "batch_size": 32,
            "hidden_units": 8,
        }.items()
        if key != "hidden_units" or name.startswith("mlp")
    ],
)
def test_each_setting_of_each_model_reruns_that_model_alone(copy, name, key, value):
    copy.configure({"models": {name: {key: value}}})
    arguments = () if (name, key) == ("mlp_concise", "learning_rate") else DRY
    assert copy.ran(*arguments) == both(name) | studied(*ON_TRAINED) | CLAIMS


STUDY_SETTINGS = {
    "closed_form": {"epochs": 1},
    "learning_rate": {"batch_size": 20},
    "vectorisation": {"repeats": 3},
    "maximum_likelihood": {"points": 11},
    "minibatches": {"batch_size": 20},
    "softmax": {"examples": 10},
    "information": {"pairs": 10},
    "images": {"workers": [0]},
    "activations": {"points": 33},
    "vanishing_gradients": {"depths": [1, 3]},
    "affine_collapse": {"epochs": 1},
    "capacity": {"replicates": 3},
    "sample_size": {"degrees": [1, 4]},
    "selection": {"folds": 3},
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", STUDY_SETTINGS)
def test_each_study_reruns_alone_and_the_claims_follow(copy, name):
    copy.configure({"studies": {name: STUDY_SETTINGS[name]}})
    builds_on_it = ["selection_test"] if name == "selection" else []
    arguments = () if builds_on_it else DRY
    assert copy.ran(*arguments) == studied(name, *builds_on_it) | CLAIMS


@pytest.mark.thorough
def test_of_a_study_that_is_gone_the_claims_are_no_longer_decided(copy):
    def decided():
        claims = pd.read_csv(copy.path / "results/tables/claims.csv", index_col="id")
        return claims.loc["sigmoid_derivative_peaks", "verdict"]

    assert decided() == "holds"
    copy.configure({"studies": {STUDY: None}})
    assert copy.ran() == CLAIMS
    assert decided() == "not decided"


@pytest.mark.parametrize(
    ("checkout", "expected"),
    [
        ("copy_of_one", OF_ONE - generated("linear")),
        pytest.param(
            "copy_of_few",
            both(*FEW) | studied(STUDY),
            marks=pytest.mark.thorough,
            id="of a few",
        ),
    ],
)
def test_another_torch_makes_again_what_rests_on_torch(request, tmp_path, checkout, expected):
    copy = request.getfixturevalue(checkout)
    version = Path(torch.__file__).with_name("version.py")
    other = tmp_path / "version.py"
    text = version.read_text("utf-8")
    other.write_text(re.sub(r"(?m)^(__version__ = .)[\d.]+", r"\g<1>9.9.9", text))
    assert other.read_text("utf-8") != text
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file over another")
    mount = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
    within = ["unshare", "--mount", "sh", "-c", mount, "sh", str(other), str(version)]
    assert copy.ran(within=within) == expected
    assert copy.ran() == VIEW


def test_a_device_more_adds_its_trainings_and_a_device_less_only_shows_the_rest(copy_of_few):
    # There is no second device here to train on: what would run is all that can be asked.
    copy_of_few.configure({"devices": ["cpu", "mps"]})
    on_mps = {f"{stage}/{name}.mps" for stage in ("train", "kfold") for name in FEW}
    named = {f"{figure}.{device}" for figure in CURVES for device in ("cpu", "mps")}
    assert copy_of_few.ran("--dry-run") == on_mps | named | TABLES
    copy_of_few.configure({"devices": ["cpu"]})
    assert copy_of_few.ran("--dry-run") == NOTHING


def test_a_configuration_there_and_back_only_shows_the_first_again(copy_of_one):
    first, shown = copy_of_one.config(), copy_of_one.files("results/tables")
    figures = copy_of_one.files("results/figures")
    copy_of_one.configure({"models": {LINEAR: {"epochs": 1}}})
    assert copy_of_one.ran() == OF_ONE & both(LINEAR)
    second, changed = copy_of_one.config(), copy_of_one.files("results/tables")
    assert changed != shown
    copy_of_one.write_config(first)
    assert copy_of_one.ran() == VIEW
    assert copy_of_one.files("results/tables") == shown
    assert copy_of_one.files("results/figures") == figures
    copy_of_one.write_config(second)
    assert copy_of_one.ran() == VIEW
    assert copy_of_one.files("results/tables") == changed


@pytest.mark.thorough
def test_of_a_model_that_is_gone_nothing_is_shown_and_then_all_again(copy_of_few):
    first, before = copy_of_few.config(), copy_of_few.files("results/figures")
    copy_of_few.configure({"models": {MLP: None}})
    assert copy_of_few.ran() == TABLES - {"figures/test_accuracy"}
    assert not any("mlp" in name for name in copy_of_few.files("results/figures"))
    copy_of_few.write_config(first)
    assert copy_of_few.ran() == VIEW
    assert copy_of_few.files("results/figures") == before


@pytest.mark.thorough
def test_a_branch_there_and_back_only_shows_the_first_again(copy_of_one):
    def git(*arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        subprocess.run(command, cwd=copy_of_one.path, check=True, capture_output=True)

    shown = copy_of_one.files("results/tables")
    git("init", "--initial-branch=main")
    git("add", ".")
    git("commit", "--message=one")
    git("checkout", "-b", "branch")
    add_a_function("models/linear_regression/initial.py")(copy_of_one)
    git("commit", "--all", "--message=two")
    assert copy_of_one.ran() == OF_ONE & both(LINEAR)
    git("checkout", "main")
    assert copy_of_one.ran() == VIEW
    assert copy_of_one.files("results/tables") == shown
    git("checkout", "branch")
    assert copy_of_one.ran() == VIEW


@pytest.mark.thorough
def test_replicates_that_are_known_are_kept_and_the_tables_those_of_a_fresh_run(
    copy_of_few, tmp_path
):
    copy_of_few.configure({"replicates": 3})
    copy_of_few.done()
    for name in FEW:
        marks = copy_of_few.path.glob(f"results/store/train/{name}.cpu/*/provenance.json")
        trained = [json.loads(mark.read_text())["measured"]["trained"] for mark in marks]
        assert sorted(trained) == [1, 2]
    fresh = Checkout(tmp_path / "fresh")
    fresh.keep_models(*FEW, studies=[STUDY])
    fresh.configure({"replicates": 3})
    fresh.done()
    assert copy_of_few.tables() == fresh.tables()


def test_forcing_makes_again_what_is_asked_for_and_nothing_else(copy_of_one):
    assert copy_of_one.ran("--forcerun", "tables") == {"tables/all"}


def test_a_dry_run_changes_nothing(copy_of_one):
    (history,) = copy_of_one.path.glob(
        "results/store/train/linear_regression_scratch.cpu/*/history.csv"
    )
    os.truncate(history, 9)
    copy_of_one.configure({"figures": {"dpi": 50}})
    before = copy_of_one.files("results")
    copy_of_one.ran("--dry-run")
    assert copy_of_one.files("results") == before
