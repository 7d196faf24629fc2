"""Every command of the README works as it says, and so does its recipe for a new model."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from checkout import ROOT, jobs, merged
from cluster.runs import PROFILE
from d2l_lab.book.page_requests import pages
from d2l_lab.config.shipped import SHIPPED

README = (ROOT / "README.md").read_text("utf-8")
AGAINST_DEFAULT = "make compare A=default"
RUN_BY_CI = ["make", "make test", "make test-cluster"]
RUN_ON_A_CLUSTER = f"snakemake {' '.join(PROFILE)}"  # by the tests in tests/cluster


def blocks(language):
    """List the README's blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def recipes_of_models():
    """List the README's new models: the path of the module, its code, the entry in config.yaml."""
    paths = re.findall(r"`(workflow/d2l_lab/models/.*?\.py)`:$", README, re.MULTILINE)
    modules = [code for code in blocks("python") if "def build(" in code]
    entries = [entry for entry in blocks("yaml") if entry.startswith("models:")]
    return [*zip(paths, modules, entries, strict=True)]


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


def test_what_sets_up_or_takes_long_is_run_by_ci():
    script = (ROOT / ".ci" / "run").read_text()
    assert {*RUN_BY_CI, RUN_ON_A_CLUSTER} <= {*COMMANDS}
    for command in RUN_BY_CI:
        line = rf"^within \d+ {command}( PYTEST_ARGUMENTS=.*)?$"
        assert re.search(line, script, re.MULTILINE), command


AS_REPOSITORY = """
set -e
git init --quiet --bare ../remote
git init --quiet
git remote add origin "$PWD/../remote"
git config user.name "A reader"
git config user.email reader@example.org
echo /output > .git/info/exclude
git add --all
git commit --quiet --message "What the reader has"
"""


@pytest.mark.thorough
def test_every_other_command_does_what_the_readme_says(published, tmp_path):
    copy = published.copy(tmp_path / "copy")
    python = Path(sys.prefix)
    if not (python / "made.json").exists():
        pytest.skip("needs the environment that make sets up")
    (copy.path / ".venv").symlink_to(python)
    subprocess.run(["sh", "-c", AS_REPOSITORY], cwd=copy.path, check=True)
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    environment["PATH"] = os.pathsep.join([str(python / "bin"), os.environ["PATH"]])
    answers = {}
    for command in COMMANDS:
        if command in (*RUN_BY_CI, RUN_ON_A_CLUSTER):
            continue
        if command == AGAINST_DEFAULT:  # as if what was tried above were shipped
            changes = {"models": {"mlp_scratch": {"learning_rate": 0.2}}}
            shipped = copy.path / SHIPPED.relative_to(ROOT)
            shipped.write_text(yaml.safe_dump(merged(copy.config(), changes)), "utf-8")
        answer = subprocess.run(
            ["bash", "-c", command],
            cwd=copy.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        if command == AGAINST_DEFAULT:
            subprocess.run(["git", "checkout", "--quiet", "workflow"], cwd=copy.path, check=True)
        answers.setdefault(command.split()[0], []).append(answer.stdout + answer.stderr)
    nothing, would, did, back, named, quick = map(jobs, answers["snakemake"])
    assert nothing == {}
    shown = {"study_agreement": 1, "study_confusion": 1, "claims": 1, "figures": 7}
    shown |= {"tables": 1, "comparison": 1}
    pages_of_models = len(pages()) - 2  # those of benchmarks and sweeps show none
    shown |= {"record": 1, "notebook": pages_of_models, "book": 2, "snakemake_report": 1}
    assert would == did == {"train": 1, "kfold": 1} | shown
    assert back == named == {}  # the store has it all
    assert quick == {}  # the checkout's configuration is the quick one
    explained, against, history, compared, unused, verified, put, archived = answers["make"]
    assert explained.startswith("everything is up to date\n")
    assert against.startswith("models.mlp_scratch.learning_rate: 0.2 → 0.1\n")
    assert against.count("\ntest_accuracy") == 1
    assert (
        "\ncurves, differences.csv and a page are in results/compare/softmax_regression_scratch_"
        in compared
    )
    assert history.startswith("4 results of mlp_scratch, the newest first\n")
    assert re.search(r"^25 results, .*to delete: make prune DELETE=yes$", unused, re.MULTILINE)
    assert re.search(r" 3 of \d+ made again: the same to the bit\n$", verified)
    assert "gh-pages" in put
    assert "results/d2l-lab.crate.zip" in archived
    (by_hand,) = re.findall(r"`(python -m d2l_lab\.stages .*?)`", README)
    asked = subprocess.run(
        ["bash", "-c", f"{by_hand} && make help"],
        cwd=copy.path,
        env=environment | {"PYTHONPATH": "workflow"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert asked.startswith("usage: ")
    assert "set up, then run the main job" in asked


@pytest.mark.thorough
def test_a_new_model_is_one_module_and_one_entry(copy):
    models = recipes_of_models()
    copy.keep_models("mlp_scratch")
    config = copy.path / "config.yaml"
    text = config.read_text()
    assert text.count("models:\n") == 1
    for path, code, entry in models:
        (copy.path / path).parent.mkdir(exist_ok=True)
        (copy.path / path).write_text(code)
        text = text.replace("models:\n", entry)
    config.write_text(text)
    trained = {"train": len(models), "kfold": len(models)}
    shown = {"tables": 1, "figures": 1 + 3 * len(models), "snakemake_report": 1}
    assert copy.done() == trained | shown
    summary = pd.read_csv(copy.path / "results/tables/summary.csv")
    names = ["lenet", "mlp_dropout", "mlp_tanh"]
    assert list(summary["model"].unique()) == [*names, "mlp_scratch"]
    assert all((copy.path / f"results/figures/training_{name}.svg").exists() for name in names)
    tables = copy.tables()
    shutil.rmtree(copy.path / "results/store")
    by_shards = copy.done("--config", "replicas_per_job=1", cores=1)
    assert by_shards["train_shard"] == 2 * (len(models) + 1)
    assert copy.tables() == tables


METRICS = {
    "top_2_accuracy": ("top-2 accuracy", "前两名精度", "mlp_scratch"),
    "mean_absolute_error": ("mean absolute error", "平均绝对误差", "linear_regression_scratch"),
}
SHOWN = ["tables/training.csv", "tables/kfold_summary.csv", "figures/selection_test.svg"]
SHOWN += [f"notebooks/{language}/index.ipynb" for language in ("en", "zh")]
SHOWN += [
    f"figures/{kind}_{own[-1]}.svg" for kind in ("training", "kfold") for own in METRICS.values()
]


@pytest.mark.thorough
def test_a_new_metric_is_one_function(copy):
    (code,) = (block for block in blocks("python") if "@metric(" in block)
    with (copy.path / "workflow/d2l_lab/training/metrics.py").open("a", encoding="utf-8") as file:
        file.write(f"\n\n{code}")
    models = [own[-1] for own in METRICS.values()]
    copy.keep_models(*models, "mlp_concise", studies=["selection", "selection_test"])
    copy.configure({"book": {"languages": ["en", "zh"]}})
    copy.done(*(f"results/{name}" for name in SHOWN))
    results = copy.path / "results"
    pages = [
        (results / f"notebooks/{each}/index.ipynb").read_text("utf-8") for each in ("en", "zh")
    ]
    history = pd.read_csv(results / "tables/training.csv").set_index(["model", "metric"])["value"]
    for name, (english, chinese, model) in METRICS.items():
        assert 0 < history[model, name].min() <= history[model, name].max() < 10
        kfold = pd.read_csv(results / "tables/kfold_summary.csv").set_index(["model", "metric"])
        assert kfold.loc[(model, f"validation_{name}"), "mean"] > 0
        for kind in ("training", "kfold"):
            assert english in (results / f"figures/{kind}_{model}.svg").read_text("utf-8")
        assert f"test {english}" in pages[0]
        assert f"测试{chinese}" in pages[1]
    two, one = (history["mlp_scratch", name] for name in ("top_2_accuracy", "accuracy"))
    assert (two.to_numpy() >= one.to_numpy()).all()
    assert "top-2 accuracy" in (results / "figures/selection_test.svg").read_text("utf-8")
    words = {*copy.tool("history").stdout.split()}  # a head has several lines
    assert words >= {"held-out", "top", "2", "mean", "absolute", "error"}
    told = copy.tool("compare", "mlp_scratch", "mlp_concise").stdout
    assert re.search(r"^test_top_2_accuracy +0\.", told, re.MULTILINE)


@pytest.mark.thorough
def test_a_table_outside_of_the_project_is_an_entry_of_the_configuration(copy):
    (entry,) = (block for block in blocks("yaml") if "kind: csv" in block)
    table = copy.path.parent / "data/houses.csv"
    table.parent.mkdir()
    table.write_text(houses(300))
    copy.keep_models("mlp_scratch", studies=["confusion"])
    copy.configure(yaml.safe_load(entry))
    copy.configure(DIGITS)
    done = copy.done()
    assert done["prepare"] == 6
    assert (done["train"], done["kfold"]) == (3, 3)
    results = copy.path / "results"
    summary = pd.read_csv(results / "tables/summary.csv").set_index(["model", "metric"])["mean"]
    assert summary["house_prices", "test_loss"] < 2 * NOISE**2
    assert summary["house_kinds", "test_accuracy"] > 0.8
    confusion = pd.read_csv(results / "tables/confusion.csv", dtype={"true": str})
    names = confusion.groupby("model")["true"].agg(set)
    assert names["house_kinds"] == {"cheap", "dear"}
    assert names["digit_reader"] == {*"0123456789"}  # no clothes, though the pictures are such
    for name in ("digits_image_grid", "predictions_digit_reader"):
        assert "Trouser" not in (results / f"figures/{name}.svg").read_text("utf-8")
    drawn = {path.stem for path in (results / "figures").glob("*house*.svg")}
    assert drawn == {f"{kind}_{name}" for kind in ("training", "kfold") for name in NAMES}
    assert copy.done() == {}
    table.write_text(houses(301))
    again = copy.done()
    assert (again["prepare"], again["train"], again["kfold"]) == (4, 2, 2)
    table.write_text(table.read_text().replace("\n", "\n50,many,3,1,cheap\n", 1))
    refused = copy.run()
    assert refused.returncode == 1
    assert "houses.csv: line 2, column rooms: 'many' is not a number; " in refused.stdout
    assert "Traceback" not in refused.stdout


SMALL = "tests/data/fashion_mnist"
KEYS = ("images", "labels", "test_images", "test_labels")
FILES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
PATHS = {key: f"{SMALL}/{file}-ubyte.gz" for key, file in zip(KEYS, FILES, strict=True)}
READER = {"module": "softmax_regression.concise", "dataset": "digits", "epochs": 1}
DIGITS = {"datasets": {"digits": {"kind": "idx", **PATHS}}, "models": {"digit_reader": READER}}
NAMES = ("house_prices", "house_kinds")
NOISE = 15


def houses(count):
    """Make up some houses."""
    rng = np.random.default_rng(0)
    rows = ["area,rooms,age,price,kind"]
    for _ in range(count):
        area, rooms, age = rng.uniform(30, 200), rng.integers(1, 7), rng.integers(80)
        price = 2.5 * area + 20 * rooms - 0.5 * age + rng.normal(scale=NOISE)
        rows.append(f"{area:.1f},{rooms},{age},{price:.1f},{'dear' if price > 330 else 'cheap'}")
    return "\n".join(rows) + "\n"
