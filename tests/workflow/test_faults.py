"""After an external fault there is a clear line and no partial file, and the next run succeeds."""

import gzip
import shutil

import pandas as pd
import pytest

from d2l_lab.store import provenance
from disks import remount, small_disk

SMALL = "tests/data/fashion_mnist"
IMAGES = "train-images-idx3-ubyte.gz"


@pytest.fixture
def images(checkout):
    """A checkout with only the model that is quickest to train on images."""
    checkout.keep_models("softmax_regression_scratch")
    return checkout


@pytest.fixture
def line(checkout):
    """A checkout with only the model that is quickest to train."""
    checkout.keep_models("linear_regression_scratch")
    return checkout


def failed(checkout):
    """Run; return the lines that the failing stage prints."""
    answer = checkout.run()
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stdout
    for folder in (checkout.path / "results" / "store").glob("*/*/*"):
        assert provenance.is_whole(folder) or not any(folder.iterdir())
        assert not folder.name.endswith(".part")
    return answer.stdout.splitlines()


def broken_copy(checkout, breaking):
    """Make the first source of data a copy of the small files with broken images."""
    broken = checkout.path / "broken"
    shutil.copytree(checkout.path / SMALL, broken)
    breaking(broken / IMAGES)
    return {"folder": "broken"}


def replace_by_other_images(path):
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[::-1]))


@pytest.mark.thorough
def test_a_bad_file_is_reported_and_another_source_replaces_it(images):
    source = broken_copy(images, replace_by_other_images)
    images.configure({"datasets": {"fashion_mnist": {"sources": [source]}}})
    lines = "\n".join(failed(images))
    assert "train-images-idx3-ubyte" in lines
    assert "broken" in lines
    images.configure({"datasets": {"fashion_mnist": {"sources": [source, {"folder": SMALL}]}}})
    assert images.done("--until", "prepare") == {"download_fashion_mnist": 1, "prepare": 2}


def test_a_full_disk_is_reported_and_the_next_run_succeeds(line):
    results = line.path / "results"
    shutil.rmtree(results)
    with small_disk(results, 200):
        assert any("No space left on device" in told for told in failed(line))
        remount(results, "size=100m")
        line.done("--until", "tables")
        assert "summary.csv" in line.tables()


@pytest.mark.thorough
def test_results_that_cannot_be_written_are_reported_before_any_job(line):
    results = line.path / "results"
    shutil.rmtree(results)
    results.write_text("a file")
    assert any(told.startswith("results: is a file, ") for told in failed(line))
    results.unlink()
    with small_disk(results, 1000):
        remount(results, "ro")
        assert any("results: is not writable" in told for told in failed(line))
        remount(results, "rw,size=100m")
        assert line.done()["figures"] == 2


@pytest.mark.thorough
def test_a_diverging_model_is_a_result_and_does_not_affect_the_others(copy_of_few):
    checkout, diverging = copy_of_few, "mlp_scratch"
    config, before = checkout.config(), checkout.tables()
    changes = {"models": {diverging: {"learning_rate": 1e6}}, "claims": True}
    checkout.configure(changes | {"studies": {"confusion": {}, "agreement": {}, "uncertainty": {}}})
    answer = checkout.run("--quiet", "all")
    assert answer.returncode == 0, answer.stdout
    (told,) = [line for line in answer.stdout.splitlines() if line.startswith(f"{diverging}: ")]
    assert "2 of 2 replicates diverged (first replicate 0, epoch 1, step 2: " in told
    assert "; 2 of 2 folds diverged (first fold 0, " in told
    assert told.endswith(f"with sgd, learning_rate 1e+06; reduce models.{diverging}.learning_rate")

    def others(table):
        return [line for line in table.splitlines() if diverging.encode() not in line]

    after = checkout.tables()
    for name in ("training", "summary", "kfold", "kfold_summary", "parameters"):
        assert others(after[f"{name}.csv"]) == others(before[f"{name}.csv"])
    summary = pd.read_csv(checkout.path / "results/tables/summary.csv").set_index("model")
    assert (summary["diverged"] > 0).groupby("model").all().to_dict() == {
        name: name == diverging for name in config["models"]
    }
    claims = pd.read_csv(checkout.path / "results/tables/claims.csv").set_index("id")
    about = claims.loc["folds_estimate_the_test_error"]
    assert about["verdict"] == "not decided"
    assert about["reason"] == f"rests on a model that diverged: {diverging}"
    assert (claims.loc[claims["reason"].notna(), "verdict"] == "not decided").all()
    for name in (f"training_{diverging}", f"predictions_{diverging}", "test_accuracy", "confusion"):
        assert b"diverged" in (checkout.path / f"results/figures/{name}.svg").read_bytes()

    explained = checkout.tool("explain").stdout
    assert f"train {diverging}.cpu: up to date; 2 of 2 replicates diverged" in explained
    assert "2 of 2" in checkout.tool("history", "--model", diverging).stdout
    checkout.write_config(config)
    assert checkout.ran() == set()
    assert checkout.tables() == before
