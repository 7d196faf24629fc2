"""What goes wrong outside: a clear line, nothing half written, and the next run succeeds."""

import gzip
import shutil

import pytest

from d2l_lab.store import provenance
from disks import remount, small_disk

SMALL = "tests/data/fashion_mnist"
IMAGES = "train-images-idx3-ubyte.gz"


@pytest.fixture
def images(checkout):
    """A checkout with the one model that is quickest to train on images."""
    checkout.keep_models("softmax_regression_scratch")
    return checkout


@pytest.fixture
def line(checkout):
    """A checkout with the one model that is quickest of all."""
    checkout.keep_models("linear_regression_scratch")
    return checkout


def failed(checkout):
    """Run; give the lines that the failing stage prints."""
    answer = checkout.run()
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stdout
    for folder in (checkout.path / "results" / "store").glob("*/*/*"):
        assert provenance.is_whole(folder) or not any(folder.iterdir())
        assert not folder.name.endswith(".part")
    return answer.stdout.splitlines()


def broken_copy(checkout, breaking):
    """Make the first source of data a copy of the small files, the images of which are broken."""
    broken = checkout.path / "broken"
    shutil.copytree(checkout.path / SMALL, broken)
    breaking(broken / IMAGES)
    return {"folder": "broken"}


def truncate(path):
    path.write_bytes(path.read_bytes()[:1000])


def replace_by_other_images(path):
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[::-1]))


@pytest.mark.thorough
@pytest.mark.parametrize("breaking", [truncate, replace_by_other_images])
def test_a_bad_file_is_told_and_a_further_source_mends_it(images, breaking):
    source = broken_copy(images, breaking)
    images.configure({"datasets": {"fashion_mnist": {"sources": [source]}}})
    lines = "\n".join(failed(images))
    assert "train-images-idx3-ubyte" in lines
    assert "broken" in lines
    images.configure({"datasets": {"fashion_mnist": {"sources": [source, {"folder": SMALL}]}}})
    assert images.done("--until", "prepare") == {"download_fashion_mnist": 1, "prepare": 2}


def test_a_full_disk_is_told_and_the_next_run_succeeds(line):
    results = line.path / "results"
    shutil.rmtree(results)
    with small_disk(results, 200):
        assert any("No space left on device" in told for told in failed(line))
        remount(results, "size=100m")
        line.done()
        assert len([*results.glob("figures/*.svg")]) == 2


@pytest.mark.thorough
def test_results_that_cannot_be_written_are_told_before_any_job(line):
    results = line.path / "results"
    shutil.rmtree(results)
    results.write_text("a file")
    assert any(told.startswith("results: is a file; ") for told in failed(line))
    results.unlink()
    with small_disk(results, 1000):
        remount(results, "ro")
        assert any("cannot be written" in told for told in failed(line))
        remount(results, "rw,size=100m")
        assert line.done()["figures"] == 2


def test_a_learning_rate_that_is_too_large_is_told(line):
    line.configure({"models": {"linear_regression_scratch": {"learning_rate": 1e6}}})
    told = [words for words in failed(line) if words.startswith("linear_regression_scratch: ")]
    assert len(told) == 2
    for words in told:
        assert "learning_rate 1e+06" in words
        assert "give models.linear_regression_scratch.learning_rate a smaller value" in words
