"""A requested target is current when a run ends, and only its dependencies are computed."""

import re
import subprocess

import pandas as pd
import pytest

from checkout import Checkout, made

LINEAR = "linear_regression_scratch"
DRY = "--dry-run"
NOTHING = set()
FIGURE, TABLE = f"results/figures/training_{LINEAR}.svg", "results/tables/summary.csv"
PAGE, BOOK_PAGE = "results/notebooks/zh/kfold.ipynb", "results/book/zh/index.html"
OF_FIGURE = {f"train/{LINEAR}.cpu", f"figures/training_{LINEAR}"}
OF_TABLE = {f"train/{LINEAR}.cpu", f"kfold/{LINEAR}.cpu", "tables/all"}


def shown(checkout: Checkout) -> dict[str, bytes]:
    """Return the files that people read, in the folders of plain names."""
    return {
        name: data
        for name, data in checkout.files("results").items()
        if name.startswith(("tables/", "figures/", "notebooks/", "book/"))
    }


def require_current_there_and_back(checkout: Checkout, *targets: str) -> list[set[str]]:
    """Request targets after a change and after its reversal; return the results that each needs.

    A target is a plain name, or the name of a rule to run until.
    """
    first, before = checkout.config(), shown(checkout)
    checkout.configure({"models": {LINEAR: {"learning_rate": 0.02}}})
    second = checkout.config()
    asked = [[target] if "/" in target else ["--until", target] for target in targets]
    listed = [checkout.ran(DRY, *arguments) for arguments in asked]
    known, current = set(), {}
    for target, arguments, expected in zip(targets, asked, listed, strict=True):
        assert checkout.ran(*arguments) == expected - known
        known |= expected
        if "/" in target:
            name = target.removeprefix("results/")
            current[name] = (checkout.path / target).read_bytes()
            assert current[name] != before[name]
    rates = pd.read_csv(checkout.path / "results/tables/models.csv")["learning_rate"]
    assert [*rates] == [0.02]

    checkout.write_config(first)
    for arguments in asked:
        assert checkout.ran(DRY, *arguments) == NOTHING
    assert checkout.ran(*asked[0]) == NOTHING
    assert shown(checkout) == before

    checkout.write_config(second)
    assert checkout.ran(*asked[-1]) == NOTHING
    now = shown(checkout)
    assert {name: now[name] for name in current} == current
    return listed


@pytest.mark.thorough
def test_a_requested_figure_table_or_rule_is_current_and_only_its_dependencies_run(linear_copy):
    listed = require_current_there_and_back(linear_copy, FIGURE, "tables", TABLE)
    assert listed == [OF_FIGURE, OF_TABLE, OF_TABLE]


@pytest.mark.thorough
def test_a_requested_page_or_book_is_current_and_only_its_dependencies_run(linear_book, tmp_path):
    copy = linear_book.copy(tmp_path / "copy")
    page, book = require_current_there_and_back(copy, PAGE, BOOK_PAGE)
    pages = {name for name in book if name.startswith("notebook/")}
    assert {name for name in page if name.startswith("notebook/")} == {"notebook/kfold"} < pages
    assert book >= page | {"book/zh"}
    assert page.isdisjoint({"book/zh", "report/all"})
    assert "report/all" not in book


def test_a_figure_of_a_study_in_an_empty_store_trains_no_model(checkout):
    target = "results/figures/capacity.svg"
    expected = {"study/capacity", "figures/capacity"}
    assert checkout.ran(DRY, target) == expected
    assert checkout.ran(target) == expected
    assert {"figures/capacity.svg", "tables/capacity.csv"} < shown(checkout).keys()


def test_the_graph_of_rules_is_the_same_before_the_first_run_and_after_it(few, checkout):
    def graph(checkout):
        lines = checkout.run("--rulegraph").stdout.partition("digraph")[2].splitlines()
        return sorted(lines)  # Snakemake prints them in random order

    checkout.write_config(few.config())
    before = graph(checkout)
    assert any('"train"' in line for line in before)
    assert graph(few) == before


def test_deleted_or_edited_files_that_people_read_are_restored(linear_copy):
    before = shown(linear_copy)
    results = linear_copy.path / "results"
    (results / "figures" / f"training_{LINEAR}.svg").unlink()
    with (results / "tables/summary.csv").open("a") as table:
        table.write("mine\n")
    (results / "tables/mine.csv").write_text("mine\n")
    assert linear_copy.ran() == NOTHING
    assert shown(linear_copy) == before


def test_a_dry_run_shows_how_each_model_is_trained(checkout):
    output = checkout.run(DRY).stdout
    for name, model in checkout.config()["models"].items():
        training = (
            f"{model['epochs']} epochs, batch size {model['batch_size']}, "
            f"sgd, learning rate {model['learning_rate']:g}\n"
        )
        assert f": train {name} on cpu: 2 replicates, {training}" in output
        assert f": cross-validate {name} on cpu: 2 folds, {training}" in output


def test_the_printed_command_of_a_training_runs_in_a_bare_shell(linear_copy):
    linear_copy.configure({"models": {LINEAR: {"learning_rate": 0.02}}})
    output = linear_copy.run(DRY, "--printshellcmds").stdout
    assert made(output) >= OF_FIGURE
    (command,) = re.findall(r"^Shell command: (.* d2l_lab\.stages train .*)$", output, re.M)
    pasted = ["env", "-i", "PATH=/usr/bin:/bin", "bash", "-c", command]
    subprocess.run(pasted, cwd=linear_copy.path, check=True)
    assert f"train/{LINEAR}.cpu" not in linear_copy.ran(DRY)
