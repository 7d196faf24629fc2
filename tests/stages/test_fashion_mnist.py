"""Fashion-MNIST by hand: fetched, verified, and read."""

import json
import re

import pytest
import yaml
from safetensors.numpy import load_file

from by_hand import Bench
from checkout import ROOT
from d2l_lab.datasets.fashion_mnist import CLASSES
from d2l_lab.store import layout, provenance

SMALL = ROOT / "tests/data/fashion_mnist"
SHA256 = yaml.safe_load((ROOT / "tests/config/quick.yaml").read_text("utf-8"))["datasets"][
    "fashion_mnist"
]["sha256"]
LABELS = "t10k-labels-idx1-ubyte"


def sources(*folders):
    return ["--sources", json.dumps([{"folder": str(folder)} for folder in folders])]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def downloaded(bench):
    return bench.made(
        "download", "fashion_mnist", {"sha256": SHA256}, *sources("nowhere", SMALL), "--log", "log"
    )


def test_every_file_comes_verified_from_the_first_source_that_has_it(bench, downloaded):
    files = provenance.read(downloaded)["files"]
    assert {name: file["sha256"] for name, file in files.items()} == SHA256
    log = (bench.path / "log").read_text()
    for name in SHA256:
        assert f"folder nowhere: {name}: no such file" in log
        assert f"folder {SMALL}: {name}: ok, verified" in log


def test_where_the_bytes_come_from_is_no_part_of_the_key(bench, downloaded):
    place = bench.place("download", "fashion_mnist", {"sha256": SHA256})
    assert bench.path / place == downloaded
    assert str(SMALL) not in (downloaded / layout.PROVENANCE).read_text()


def test_a_file_of_other_bytes_is_refused_and_nothing_is_kept(bench):
    settings = {"sha256": SHA256 | {LABELS: "0" * 64}}
    folder, answer = bench.make("download", "fashion_mnist", settings, *sources(SMALL))
    assert answer.returncode == 1
    complaint = [line for line in answer.stderr.splitlines() if not re.match(r"\d\d:", line)]
    assert complaint[0] == f"no source gave 1 of 4 files: {LABELS}"
    assert "expected 000000000000" in complaint[1]
    assert "Traceback" not in answer.stderr
    assert [*folder.parent.glob(f"{folder.name}*")] == []


def test_sources_that_are_no_list_are_answered_by_the_usage(bench):
    answer = bench.run("download", "--settings", "{}", "--result", "a/b", "--sources", "{}")
    assert answer.returncode == 2
    assert "error: argument --sources: '{}' is no JSON array" in answer.stderr


def test_the_images_are_stored_once_as_tensors_with_the_names_of_their_classes(bench, downloaded):
    folder = bench.made("prepare", "fashion_mnist_test", {"split": "test"}, files=downloaded)
    tensors = load_file(folder / "examples.safetensors")
    assert tensors["X"].shape == (200, 1, 28, 28)
    assert tensors["X"].dtype == "uint8"
    assert tensors["X"].min() == 0
    assert tensors["X"].max() == 255
    labels = (downloaded / LABELS).read_bytes()[8:]
    assert bytes(tensors["y"].astype("uint8")) == labels
    assert tensors["outputs"] == 10
    rows = (folder / "classes.csv").read_text("utf-8").splitlines()
    assert rows == ["label,name", *(f"{label},{name}" for label, name in enumerate(CLASSES))]
