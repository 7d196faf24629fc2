"""The jobs that made the results."""

import pytest

from d2l_lab.store import layout, provenance
from d2l_lab.store import results as store_results
from d2l_lab.store.lineage import lineage
from d2l_lab.tables import jobs


@pytest.fixture
def results(tmp_path, monkeypatch):
    """Data, a model trained on them, and a table of both."""
    monkeypatch.chdir(tmp_path)
    made = {}
    for reference, inputs in {
        "generate/data/0": [],
        "train/model/1": ["generate/data/0"],
        "tables/all/2": ["train/model/1", "generate/data/0"],
    }.items():
        ingredients = {"inputs": {"given": inputs}, "libraries": {"torch": f"2.{len(inputs)}"}}
        with store_results.writing(layout.result_folder(reference), ingredients) as (folder, _):
            (folder / "file.csv").write_text(reference)
        made[reference] = layout.result_folder(reference)
    return made


def test_a_lineage_goes_back_to_the_data(results):
    assert list(lineage([results["tables/all/2"]])) == sorted(results)
    assert list(lineage([results["train/model/1"]])) == ["generate/data/0", "train/model/1"]


def test_a_deleted_result_is_left_out_with_inputs_that_only_it_used(results):
    (results["train/model/1"] / layout.PROVENANCE).unlink()
    assert list(lineage([results["tables/all/2"]])) == ["generate/data/0", "tables/all/2"]


def test_every_job_has_a_row_with_its_key_time_and_machine(results):
    table = jobs.tabulate(lineage(results.values()))
    assert tuple(table) == jobs.COLUMNS
    assert list(table["key"]) == ["0", "2", "1"]
    assert (table["seconds"] > 0).all()
    assert table["peak_mebibytes"].between(1, 1e6).all()
    assert set(table["cpu"]) == {provenance.cpu()}


def test_facts_join_versions_machines_and_stages(results):
    facts = jobs.facts(lineage(results.values()))
    assert facts["libraries"] == {"torch": "2.0, 2.1, 2.2"}
    assert facts["stages"] == {"generate": 1, "tables": 1, "train": 1}
    assert facts["days"] == [provenance.read(results["train/model/1"])["started"][:10]]
    assert [machine["cpu"] for machine in facts["machines"]] == [provenance.cpu()]
