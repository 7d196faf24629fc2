"""After a change of config.yaml, a page of the book shows the change and its effects."""

import shutil

import nbformat
import pandas as pd
import pytest

from checkout import ROOT
from d2l_lab.config.shipped import SHIPPED

LINEAR = "linear_regression_scratch"
PAGE = "results/notebooks/{}/changes.ipynb"
COMPARED = {"comparison/all", "notebook/changes"}


@pytest.fixture
def shipped(linear_copy):
    """A checkout in which the shipped configuration has run, with a book."""
    linear_copy.configure({"book": {"languages": ["en", "zh"]}})
    shutil.copy(linear_copy.path / "config.yaml", linear_copy.path / SHIPPED.relative_to(ROOT))
    return linear_copy


def page(checkout, language="en"):
    """Return the text of the page."""
    cells = nbformat.read(checkout.path / PAGE.format(language), as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    shown = "\n".join(output.data["text/html"] for output in outputs)
    return shown.replace("<wbr>", "")  # possible breaks of a long word


@pytest.mark.thorough
def test_the_page_shows_what_was_changed_and_by_how_much_the_metrics_differ(shipped):
    assert shipped.ran(PAGE.format("en")) == {"notebook/changes"}
    assert "Nothing was changed" in page(shipped)
    (page_in_chinese,) = (shipped.path / "results/store/notebook/changes").glob("*/zh/*.ipynb")
    assert "什么都没有改" in page_in_chinese.read_text("utf-8")

    shipped.configure({"models": {LINEAR: {"learning_rate": 0.1}}})
    trained = {f"train/{LINEAR}.cpu", f"kfold/{LINEAR}.cpu"}
    assert shipped.ran(PAGE.format("en")) == trained | COMPARED | {"tables/all"}
    told = page(shipped)
    assert f"<td>models.{LINEAR}.learning_rate</td><td>0.03</td><td>0.1</td>" in told
    differences = pd.read_csv(next(shipped.path.glob("results/store/**/changes_metrics.csv")))
    row = differences.set_index("metric").loc["test_loss"]
    assert row["shipped"] > row["yours"]
    assert row["ci_low"] < row["difference"] < row["ci_high"]
    assert row["difference"] == pytest.approx(row["yours"] - row["shipped"])
    assert f"<td>{row['difference']:.4g}"[:7] in told


@pytest.mark.thorough
def test_missing_shipped_results_are_reported_and_the_named_command_restores_them(shipped):
    graphs = []

    def graph():
        lines = shipped.run("--rulegraph").stdout.partition("digraph")[2].splitlines()
        graphs.append(sorted(lines))

    (trained,) = (shipped.path / f"results/store/train/{LINEAR}.cpu").iterdir()
    shipped.configure({"models": {LINEAR: {"learning_rate": 0.1}}})
    shipped.done(PAGE.format("en"))
    graph()
    before = shipped.files("results/notebooks")
    shutil.rmtree(trained)
    assert shipped.ran(PAGE.format("en")) == COMPARED
    graph()
    assert "<code>make compare A=default TRAIN=yes</code>" in page(shipped)
    assert "validation loss" in page(shipped)  # the folds exist
    assert shipped.tool("compare", "default", "--train").returncode == 0
    assert trained.is_dir()
    assert shipped.ran(PAGE.format("en")) == set()  # the earlier page is in the store
    graph()
    assert shipped.files("results/notebooks") == before
    assert shipped.ran("--dry-run", "--forceall", PAGE.format("en")) == COMPARED | {
        "tables/all",
        "generate/linear_train",
        "generate/linear_test",
        f"train/{LINEAR}.cpu",
        f"kfold/{LINEAR}.cpu",
    }
    assert graphs[0] == graphs[1] == graphs[2]
