"""Fashion-MNIST is fetched, verified and read."""

import logging

import yaml
from safetensors.numpy import load_file

from checkout import ROOT
from d2l_lab.datasets.fashion_mnist import CLASSES
from d2l_lab.stages import download, prepare
from jobs import run

SMALL = ROOT / "tests/data/fashion_mnist"
QUICK = yaml.safe_load((ROOT / "tests/config/quick.yaml").read_text("utf-8"))
SHA256 = QUICK["datasets"]["fashion_mnist"]["sha256"]


def test_the_images_are_stored_as_tensors_with_the_names_of_their_classes(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    sources = [{"folder": "nowhere"}, {"folder": str(SMALL)}]
    settings = {"sha256": SHA256, "sources": sources}
    downloaded = run(download, tmp_path / "files", settings)
    for name in SHA256:
        assert f"folder {SMALL}: {name}: ok, verified" in caplog.text
    told = {"module": "fashion_mnist", "dataset": {"classes": [*CLASSES]}, "split": "test"}
    folder = run(prepare, tmp_path / "test", told, files=[downloaded]).folder
    tensors = load_file(folder / "examples.safetensors")
    assert (tensors["X"].shape, tensors["X"].dtype) == ((200, 1, 28, 28), "uint8")
    assert (tensors["X"].min(), tensors["X"].max()) == (0, 255)
    labels = (downloaded.folder / "t10k-labels-idx1-ubyte").read_bytes()[8:]
    assert bytes(tensors["y"].astype("uint8")) == labels
    assert tensors["outputs"] == 10
    rows = (folder / "classes.csv").read_text("utf-8").splitlines()
    assert rows == ["label,name", *(f"{label},{name}" for label, name in enumerate(CLASSES))]
