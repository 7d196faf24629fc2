"""Snakemake's own commands on results leave exactly what the tools report."""

import os

import pytest

from checkout import Checkout
from d2l_lab.store import locks

NOTHING = "results/store: nothing that the current configuration does not use\n"


def left(checkout: Checkout) -> set[str]:
    """List the files in the store and under the plain names."""
    names = {*checkout.files("results")} - {"README.md", ".run", "store/.run"}
    return {name for name in names if not name.startswith("logs/")}


def told(checkout: Checkout) -> list[str]:
    """Return the output of prune, and the first line of explain."""
    explained = checkout.tool("explain").stdout.splitlines()
    return [checkout.tool("prune").stdout, explained[0]]


def test_delete_all_output_deletes_everything_but_not_during_a_run(linear_copy):
    delete, (report,) = "--delete-all-output", linear_copy.path.glob("results/store/report/all/*")
    (report / "not declared.html").touch()
    before = left(linear_copy)
    linear_copy.done(delete, "--dry-run")
    descriptor = locks.take(linear_copy.path / "results/.run")
    answer = linear_copy.run(delete)
    os.close(descriptor)
    assert answer.returncode == 1
    assert "results: another run is using this folder" in answer.stdout
    assert left(linear_copy) == before
    linear_copy.done(delete)
    assert left(linear_copy) == set()
    assert told(linear_copy) == [NOTHING, "8 of 8 results will be made"]


def test_the_dependencies_of_one_target_are_deleted_and_the_rest_stays(linear_copy, linear_run):
    linear_copy.done(
        "--delete-all-output", "results/figures/training_linear_regression_scratch.svg"
    )
    gone = ("train/", "generate/", "figures/training")
    stored = {name.removeprefix("store/") for name in left(linear_copy)}
    assert [name for name in stored if name.startswith(gone)] == []
    assert linear_copy.tables() == linear_run.tables()
    assert told(linear_copy)[0] == NOTHING


@pytest.mark.thorough
def test_no_other_command_of_snakemake_changes_what_a_run_finds(linear_copy, linear_run):
    summary = "results/tables/summary.csv"
    without_jobs = (
        ["--touch"],
        ["--touch", "--forceall"],
        ["--delete-temp-output"],
        ["--unlock"],
        ["--cleanup-metadata", summary],
        ["--cleanup-shadow"],
        ["--summary"],
        ["--list-untracked"],
        ["--list-changes", "code"],
        ["--generate-unit-tests"],
    )
    for commands in (without_jobs, [["--rerun-triggers", "mtime"]], [["--forcerun", "tables"]]):
        for arguments in commands:
            # Its own process: Snakemake uses the folder in which it was imported.
            assert "Traceback" not in linear_copy.run(*arguments, env={}).stdout, arguments
        assert told(linear_copy) == [NOTHING, "everything is up to date"]
        assert linear_copy.ran("--dry-run") == set()
    assert linear_copy.tables() == linear_run.tables()
