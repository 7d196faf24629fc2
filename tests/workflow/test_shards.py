"""However many replicas a job trains, the tables have the same bytes."""

import shutil

import pytest

FEW = ("linear_regression_scratch", "mlp_scratch")
COUNTS = {"replicates": 4, "folds": 5}


@pytest.fixture(scope="module")
def in_one_job_each(built, once):
    """A checkout of a few models with more replicas than elsewhere, each model in one job."""

    def make(path):
        checkout = built.copy(path)
        checkout.keep_models(*FEW, studies=("agreement",))
        checkout.configure(COUNTS)
        checkout.done()

    return once("in_one_job_each", make)


@pytest.mark.thorough
@pytest.mark.parametrize(("size", "jobs"), [(1, 4 + 5), (3, 2 + 2)])
def test_shards_of_any_size_give_identical_tables(in_one_job_each, tmp_path, size, jobs):
    checkout = in_one_job_each.copy(tmp_path / "copy")
    for stage in ("train", "kfold", "tables"):
        shutil.rmtree(checkout.path / "results/store" / stage)
    checkout.configure({"replicas_per_job": size})
    done = checkout.done()
    assert done["train_shard"] + done["kfold_shard"] == len(FEW) * jobs
    assert done["train"] == done["kfold"] == len(FEW)
    assert checkout.tables() == in_one_job_each.tables()
    checkout.configure({"replicas_per_job": None})
    assert checkout.done() == {}
    if size == 3:
        listed = checkout.tool("history", "--model", FEW[0]).stdout
        assert listed.startswith(f"2 results of {FEW[0]}, newest first\n")
        assert checkout.tool("verify", "--rerun", "2").returncode == 0


@pytest.mark.thorough
def test_more_replicates_train_only_the_new_ones(in_one_job_each, tmp_path):
    checkout = in_one_job_each.copy(tmp_path / "copy")
    checkout.configure({"replicas_per_job": 2, "replicates": 6})
    told = checkout.tool("explain").stdout
    assert f"train {FEW[0]}.cpu.4-5: will be made: for the first time" in told
    done = checkout.done()
    assert (done["train_shard"], done["train"]) == (len(FEW) * 3, len(FEW))
    trained = [
        path.read_text().count('"trained": 2')
        for path in checkout.path.glob(f"results/store/train/{FEW[0]}.cpu.*/*/provenance.json")
    ]
    assert sorted(trained) == [0, 0, 1]  # the store already had the first four
