"""The tools, on checkouts in which everything has run."""

import pytest

from d2l_lab.store import layout

MODEL = "linear_regression_scratch"
CHANGE = {"models": {MODEL: {"learning_rate": 0.02}}}


def told(checkout, tool, *arguments):
    """Run a tool, which must succeed; return its lines."""
    answer = checkout.tool(tool, *arguments)
    assert (answer.returncode, answer.stderr) == (0, "")
    return answer.stdout.splitlines()


def to_make(checkout):
    """Return the names of the results that explain says will be made."""
    lines = [line for line in told(checkout, "explain") if ": will be made: " in line]
    return {"/".join(line.partition(":")[0].split(" ")) for line in lines}


def results(checkout):
    store = checkout.path / layout.STORE
    return {
        str(path.parent.relative_to(store)): path.read_bytes()
        for path in store.glob(f"*/*/*/{layout.PROVENANCE}")
    }


@pytest.mark.thorough
def test_a_run_does_what_explain_announces(linear_copy):
    checkout = linear_copy
    assert to_make(checkout) == set()
    checkout.configure(CHANGE)
    for history in checkout.path.glob("results/store/*/*/*/history.csv"):
        history.write_text("modified")
    foretold = to_make(checkout)
    assert foretold == checkout.ran()
    assert f"kfold/{MODEL}.cpu" in foretold
    assert told(checkout, "explain")[0] == "everything is up to date"


@pytest.mark.thorough
def test_pruning_leaves_what_the_configuration_uses(linear_copy):
    checkout = linear_copy
    config, before = checkout.config(), results(checkout)
    checkout.configure(CHANGE)
    checkout.done()
    checkout.write_config(config)
    checkout.done()
    assert len(results(checkout)) > len(before)
    assert told(checkout, "prune")[-1].endswith("to delete: make prune DELETE=yes")
    assert told(checkout, "prune", "--delete")[-1].startswith("deleted ")
    assert results(checkout) == before
    assert checkout.ran("--dry-run") == set()


def test_history_has_every_model_of_a_run(published):
    lines = told(published, "history")
    models = published.config()["models"]
    assert lines[0] == f"{2 * len(models)} results of {len(models)} models, newest first"
    assert all(sum(f" {model} " in line for line in lines) == 2 for model in models)
    assert all(len(line) <= 120 for line in lines)
