"""Every recipe of the guide works: all are followed in one checkout, which then runs."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest

from checkout import BOOK, ROOT, Checkout
from documents import blocks, follow

MODELS = "docs/how-to/add-a-model.md"
METRIC = "docs/how-to/add-a-metric.md"
TUTORIAL = "docs/tutorial/first-run.md"
RECIPES = (
    MODELS,
    "docs/how-to/add-data.md",
    "docs/how-to/add-an-optimiser.md",
    "docs/how-to/add-a-study.md",
    "docs/how-to/write-a-page.md",
    "docs/how-to/sweep.md",
    TUTORIAL,
)
ADDED = (
    *("mlp_tanh", "mlp_dropout", "lenet"),
    *("house_prices", "house_kinds", "digit_reader", "linear_with_outliers"),
    *("mlp_by_signs", "mlp_two_layers"),
)
HOUSES = ("house_prices", "house_kinds")
STUDIES = ("confusion", "gradient_noise")
NOISE = 15

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def followed(built: Checkout, once) -> Checkout:
    """A checkout that has followed all recipes and run; tests must not edit it."""

    def make(path):
        checkout = built.copy(path)
        checkout.keep_models("mlp_concise", studies=["confusion"])
        table = path.parent / "data/houses.csv"
        table.parent.mkdir()
        table.write_text(houses(300))
        for recipe in RECIPES:
            follow(recipe, checkout)
        checkout.configure({"book": BOOK | {"languages": ["en"]}})
        output = checkout.run().stdout
        assert "(100%) done" in output, output
        (path / "output").write_text(output)

    return once("followed", make)


def houses(count):
    """Make up some houses."""
    rng = np.random.default_rng(0)
    rows = ["area,rooms,age,price,kind"]
    for _ in range(count):
        area, rooms, age = rng.uniform(30, 200), rng.integers(1, 7), rng.integers(80)
        price = 2.5 * area + 20 * rooms - 0.5 * age + rng.normal(scale=NOISE)
        rows.append(f"{area:.1f},{rooms},{age},{price:.1f},{'dear' if price > 330 else 'cheap'}")
    return "\n".join(rows) + "\n"


def read(checkout, table):
    return pd.read_csv(checkout.path / f"results/tables/{table}.csv")


def test_no_recipe_of_the_guide_is_left_out():
    with_files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "docs").glob("*/*.md")
        if any(block.language in {"python", "rst"} for block in blocks(path.relative_to(ROOT)))
    }
    elsewhere = {"docs/how-to/use-from-python.md", "docs/reference/python.md", METRIC}
    assert with_files - elsewhere == {*RECIPES} - {"docs/how-to/sweep.md", TUTORIAL}


def test_each_model_is_in_the_tables_and_figures(followed):
    summary = read(followed, "summary")
    assert set(summary["model"]) == {"mlp_concise", *ADDED}
    assert (summary["diverged"] == 0).all()
    figures = followed.path / "results/figures"
    for name in ADDED:
        assert (figures / f"training_{name}.svg").exists(), name
        assert (figures / f"kfold_{name}.svg").exists(), name


def test_a_model_learns_from_a_table_outside_of_the_project(followed):
    summary = read(followed, "summary").set_index(["model", "metric"])["mean"]
    assert summary["house_prices", "test_loss"] < 2 * NOISE**2
    assert summary["house_kinds", "test_accuracy"] > 0.8
    names = read(followed, "confusion").groupby("model")["true"].agg(set)
    assert names["house_kinds"] == {"cheap", "dear"}
    assert names["digit_reader"] == {*"0123456789"}  # not clothes, although the pictures show some
    for name in ("digits_image_grid", "predictions_digit_reader"):
        assert "Trouser" not in (followed.path / f"results/figures/{name}.svg").read_text("utf-8")
    drawn = {path.stem for path in (followed.path / "results/figures").glob("*house*.svg")}
    assert drawn == {f"{kind}_{name}" for kind in ("training", "kfold") for name in HOUSES}


def test_a_new_study_is_shown_on_a_new_page(followed):
    noise = read(followed, "gradient_noise").groupby("batch_size")["distance"].mean()
    assert noise.is_monotonic_decreasing
    page = (followed.path / "results/book/en/noise.html").read_text("utf-8")
    assert "The noise of a gradient" in page
    assert "gradient_noise" in page
    assert 'href="noise.html"' in (followed.path / "results/book/en/index.html").read_text("utf-8")


def test_a_sweep_has_tested_one_of_its_points(followed):
    choice = read(followed, "sweep_choice")
    assert set(choice["sweep"]) == {"rate_and_width"}
    assert set(choice["split"]) == {"validation", "test"}


def test_a_changed_table_is_learned_from_again_and_a_wrong_one_is_refused(followed, tmp_path):
    copy = followed.copy(tmp_path / "checkout")
    table = tmp_path / "data/houses.csv"
    table.parent.mkdir()
    table.write_text(houses(300))
    assert copy.done("--dry-run") == {}
    table.write_text(houses(301))
    planned = copy.done("--dry-run")
    assert (planned["prepare"], planned["train"], planned["kfold"]) == (4, 2, 2)
    table.write_text(table.read_text().replace("\n", "\n50,many,3,1,cheap\n", 1))
    refused = copy.run()
    assert refused.returncode == 1
    assert "houses.csv: line 2, column rooms: 'many' is not a number; " in refused.stdout
    assert "Traceback" not in refused.stdout


def test_the_models_of_the_guide_have_the_same_bits_in_shards(followed, tmp_path):
    copy = followed.copy(tmp_path / "copy")
    names = ("mlp_tanh", "mlp_dropout", "lenet")
    copy.keep_models(*names)
    unused = {"houses": None, "kinds_of_houses": None}
    copy.configure({"sweeps": None, "datasets": unused, "book": {"languages": []}})
    copy.done()
    tables = copy.tables()
    shutil.rmtree(copy.path / "results/store")
    by_shards = copy.done("--config", "replicas_per_job=1", cores=1)
    assert by_shards["train_shard"] == 2 * len(names)
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


def test_a_new_metric_is_one_function(copy):
    (code,) = (block.code for block in blocks(METRIC))
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
    words = {*copy.tool("history").stdout.split()}  # a header has several lines
    assert words >= {"held-out", "top", "2", "mean", "absolute", "error"}
    told = copy.tool("compare", "mlp_scratch", "mlp_concise").stdout
    assert re.search(r"^test_top_2_accuracy +0\.", told, re.MULTILINE)


def test_the_chinese_book_has_every_translation_for_what_was_added(followed, tmp_path):
    copy = followed.copy(tmp_path / "copy")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/houses.csv").write_text(houses(300))
    copy.configure({"book": BOOK})
    assert "draw gradient_noise" in copy.run("--dry-run").stdout
