"""Measurements of `make bench` enter the store unchanged."""

import pytest

from by_hand import Bench
from d2l_lab.store import layout
from d2l_lab.tables import benchmarks


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A folder with two tables of measurements."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(benchmarks, "FOLDER", tmp_path / "results/benchmarks")
    benchmarks.FOLDER.mkdir(parents=True)
    for table in ("runs", "jobs"):
        benchmarks.path_of(table).write_text(f"a table\nof {table}\n")
    (benchmarks.FOLDER / "notes.csv").write_text("which are the user's own\n")
    return Bench(tmp_path)


def test_the_tables_are_copied_byte_by_byte_under_their_own_names(bench):
    folder, answer = bench.make("benchmark", "all", {"sha256": benchmarks.digests()})
    assert (answer.returncode, answer.stderr) == (0, "")
    taken = {path.name: path.read_text() for path in (bench.path / folder).glob("*.csv")}
    assert taken == {
        "benchmark_runs.csv": "a table\nof runs\n",
        "benchmark_jobs.csv": "a table\nof jobs\n",
    }


@pytest.mark.parametrize(
    "change", [lambda path: path.write_text("other"), lambda path: path.unlink()]
)
def test_a_table_other_than_the_planned_one_is_refused_in_one_line(bench, change):
    planned = benchmarks.digests()
    change(benchmarks.path_of("jobs"))
    folder, answer = bench.make("benchmark", "all", {"sha256": planned})
    assert answer.returncode == 1
    (line,) = answer.stderr.splitlines()
    assert line.endswith("benchmarks/jobs.csv: has changed since the run was planned; run again")
    assert not (bench.path / folder / layout.PROVENANCE).exists()
