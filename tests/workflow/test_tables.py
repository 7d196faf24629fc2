"""Every table of a run, and every column, is explained in the reference."""

import csv
from collections.abc import Iterator

import pytest
import yaml

from checkout import ROOT, Checkout
from d2l_lab.config import hyperparameters, modules
from d2l_lab.tables import benchmarks
from d2l_lab.tools.reference import COLUMNS

EXPLAINED = yaml.safe_load(COLUMNS.read_text("utf-8"))["tables"]
SWEPT, HYPERPARAMETERS = "{swept}", "{hyperparameters}"
# Tables of a run with sweeps, and of the benchmark.
OF_OTHER_RUNS = {
    "sweeps",
    "sweep_choice",
    *map(benchmarks.shown_as, benchmarks.TABLES),
}


def headers(checkout: Checkout) -> Iterator[tuple[str, list[str]]]:
    for path in (checkout.path / "results/tables").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield path.stem, next(csv.reader(file))


def test_every_table_and_column_of_a_run_is_explained_and_nothing_else(published):
    found = dict(headers(published))
    assert found.keys() == EXPLAINED.keys() - OF_OTHER_RUNS
    added = {key for module in modules() for key in hyperparameters(module)}
    for name, columns in found.items():
        known = [column for column in EXPLAINED[name] if column != HYPERPARAMETERS]
        if HYPERPARAMETERS in EXPLAINED[name]:
            columns = [column for column in columns if column not in added]  # noqa: PLW2901
        assert columns == known, name


@pytest.mark.parametrize("name", sorted(OF_OTHER_RUNS))
def test_a_table_of_other_runs_is_explained_too(name):
    assert EXPLAINED[name]
    assert (ROOT / f"workflow/report/{name}.rst").exists()
