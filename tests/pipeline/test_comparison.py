"""A plan compares its results with the shipped configuration's, and never computes those."""

import pytest
import yaml

from checkout import NO_BOOK
from d2l_lab.config import shipped, validate
from d2l_lab.pipeline.plan import Plan
from d2l_lab.tools.prune import unused
from shown import write_all

MODEL = {"module": "linear_regression.scratch", "dataset": "linear"}
CONFIG = {"replicates": 2, "folds": 2, "studies": {}, "claims": False}
SHIPPED = CONFIG | {"models": {"line": MODEL, "other": MODEL | {"epochs": 5}}}


@pytest.fixture(autouse=True)
def _shipped(tmp_path, monkeypatch):
    """Use a small configuration as the shipped one, and an empty store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shipped, "SHIPPED", tmp_path / "shipped.yaml")
    shipped.SHIPPED.write_text(yaml.safe_dump(SHIPPED), "utf-8")


def planned(config=SHIPPED, **changes):
    return Plan(validate(config | changes), ["cpu"])


def changed(**changes):
    """Plan with another learning rate for the model `line`."""
    models = {"line": MODEL | {"learning_rate": 0.05}, "other": SHIPPED["models"]["other"]}
    return planned(models=models, **changes)


def states(plan):
    rows = plan["comparison", "all"].settings["models"]
    return {model: state for stage, model, _, state, _ in rows if stage in ("train", "")}


def test_nothing_is_compared_without_a_change_or_without_a_book():
    assert not planned().stage("comparison")
    assert not planned(replicas_per_job=1, book={"languages": ["zh"]}).stage("comparison")
    assert not changed(book=NO_BOOK).stage("comparison")


def test_each_changed_key_is_listed_with_both_values():
    models = {"line": MODEL | {"features": 1}, "mine": MODEL}
    listed = planned(models=models, seed=1)["comparison", "all"].settings["changes"]
    by_key = {key: values for key, *values in listed}
    assert by_key.pop("models.mine")[0] == ""
    assert by_key.pop("models.other")[1] == ""
    assert by_key == {"seed": ["0", "1"], "models.line.features": ["null", "1"]}


def test_no_listed_change_reveals_where_files_are_on_this_machine(tmp_path):
    (tmp_path / "houses.csv").write_text("area,price\n" + "1,2\n" * 20, "utf-8")
    datasets = {"houses": {"kind": "csv", "file": f"{tmp_path}/houses.csv", "target": "price"}}
    plan = planned(
        datasets=datasets, models=SHIPPED["models"] | {"mine": MODEL | {"dataset": "houses"}}
    )
    told = str(plan["comparison", "all"].settings)
    assert "houses.csv" in told
    assert str(tmp_path) not in told


def test_only_shipped_results_in_the_store_are_compared_and_none_is_computed():
    missing = changed()
    assert states(missing) == {"line": "missing", "other": "same"}
    assert missing.borrowed == []
    write_all(planned())
    there = changed()
    assert states(there) == {"line": "compared", "other": "same"}
    assert there["comparison", "all"].key != missing["comparison", "all"].key
    assert {each.reference for each in there.borrowed} == {
        planned()[stage, "line.cpu"].reference for stage in ("train", "kfold")
    }
    assert not {*there.borrowed} & {*there.results.values()}
    for each in there.borrowed:
        assert each not in there.missing(lambda result: False)
        assert each.folder not in {found.folder for found in unused(there)}  # kept by prune
    for results in (there, missing):
        graph = results["figures", "workflow_graph"].settings
        assert ["train", "comparison"] in graph["edges"]
        assert graph["stages"]["train"] == 2
    (there.borrowed[0].folder / "history.csv").write_text("altered")
    assert [each.stage for each in changed().borrowed] == ["kfold"]


def test_a_shipped_result_that_the_plan_makes_is_compared_before_it_is_stored():
    models = SHIPPED["models"] | {"line": MODEL | {"epochs": 7}, "copy": MODEL}
    plan = planned(models=models)
    assert states(plan) == {"line": "compared", "other": "same", "copy": "renamed"}
    assert plan.borrowed == []
    yours, shipped_one = plan["comparison", "all"].inputs["train_line_cpu"]
    assert (yours, shipped_one) == (plan["train", "line.cpu"], plan["train", "copy.cpu"])


def test_models_that_only_one_configuration_has_are_listed():
    plan = planned(models={"line": MODEL, "mine": MODEL | {"epochs": 7}})
    assert states(plan) == {"line": "same", "mine": "new", "other": "left out"}


def test_an_invalid_shipped_configuration_is_reported_and_stops_no_run():
    shipped.SHIPPED.write_text("models: {line: {module: gone.scratch, dataset: linear}}\n", "utf-8")
    ((*_, state, words),) = planned()["comparison", "all"].settings["models"]
    assert state == "invalid"
    assert "models.line.module: " in words
