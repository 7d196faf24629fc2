"""Reading Fashion-MNIST, on a small piece of the real data."""

import gzip
from pathlib import Path

import numpy as np
import pytest
import torch

from d2l_lab.datasets import fashion_mnist

SMALL = Path(__file__).parents[1] / "data" / "fashion_mnist"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("download")
    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for packed in SMALL.glob("*.gz"):
        (raw / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return root


def idx(name, header_bytes):
    return np.frombuffer(gzip.decompress((SMALL / name).read_bytes())[header_bytes:], np.uint8)


@pytest.mark.parametrize(("train", "prefix", "size"), [(True, "train", 500), (False, "t10k", 200)])
def test_reads_the_bytes_of_the_files_as_grey_values_and_class_indices(folder, train, prefix, size):
    images, labels = fashion_mnist.read(folder, train=train)
    grey_values = idx(f"{prefix}-images-idx3-ubyte.gz", header_bytes=16).reshape(size, 1, 28, 28)
    classes = idx(f"{prefix}-labels-idx1-ubyte.gz", header_bytes=8)
    assert (images.dtype, labels.dtype) == (torch.float32, torch.int64)
    assert np.array_equal(images.numpy(), grey_values.astype(np.float32) / np.float32(255))
    assert np.array_equal(labels.numpy(), classes)
    assert (images.min(), images.max()) == (0, 1)


def test_the_first_training_examples_are_those_known_of_fashion_mnist(folder):
    _, labels = fashion_mnist.read(folder, train=True)
    first = [fashion_mnist.CLASSES[label] for label in labels[:4]]
    assert first == ["Ankle boot", "T-shirt/top", "T-shirt/top", "Dress"]


def test_there_are_ten_classes_in_the_order_of_the_labels():
    assert fashion_mnist.CLASSES == (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    )
