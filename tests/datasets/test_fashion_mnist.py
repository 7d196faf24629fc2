"""Fashion-MNIST is read correctly, tested on a small part of the real data."""

import numpy as np
import pytest
import torch
from torchvision.datasets import FashionMNIST
from torchvision.transforms import ToTensor

from d2l_lab.datasets import fashion_mnist
from d2l_lab.datasets.files import sha256
from d2l_lab.errors import LabError
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Examples
from recipes import unpack


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return unpack(tmp_path_factory.mktemp("download"))


@pytest.mark.parametrize(("train", "size"), [(True, 500), (False, 200)])
def test_the_images_and_labels_equal_those_that_torchvision_reads(folder, train, size):
    images, labels, *_ = fashion_mnist.read(folder, "train" if train else "test")
    assert (images.dtype, labels.dtype, images.shape) == (np.uint8, np.int64, (size, 1, 28, 28))
    with fashion_mnist.torchvision_root(folder) as root:
        theirs = FashionMNIST(root, train=train)
    assert np.array_equal(images, theirs.data.unsqueeze(1))
    assert np.array_equal(labels, theirs.targets)
    assert tuple(theirs.classes) == fashion_mnist.CLASSES


@pytest.mark.parametrize("length", [0, 3, 4, 7, 15, 16, 500])
def test_a_file_whose_length_contradicts_its_header_is_refused_in_one_line(
    tmp_path, folder, length
):
    name = "train-images-idx3-ubyte"
    unpack(tmp_path)
    (tmp_path / name).write_bytes((folder / name).read_bytes()[:length])
    what = f"has {length} bytes, but its header" if length else "the file is empty"
    with pytest.raises(LabError, match=rf"{name}: {what}[^\n]*$"):
        fashion_mnist.read(tmp_path, "train")


def test_the_training_loop_sees_an_image_as_totensor_makes_it(folder):
    images, labels, *_ = fashion_mnist.read(folder, "train")
    rows = torch.tensor([[3, 0, 3], [499, 1, 2]])
    X, y = Examples(torch.tensor(images), torch.tensor(labels)).take(rows)
    with fashion_mnist.torchvision_root(folder) as root:
        notes_way = FashionMNIST(root, train=True, transform=ToTensor())
    for row, image, label in zip(rows.flatten(), X.flatten(0, 1), y.flatten(), strict=True):
        expected, of_class = notes_way[int(row)]
        assert torch.equal(image, expected)
        assert label == of_class
    assert np.array_equal(Data(images, labels, 10).numbers[rows], X)


def test_the_first_training_examples_are_the_known_ones_of_fashion_mnist(folder):
    _, labels, *_ = fashion_mnist.read(folder, "train")
    first = [fashion_mnist.CLASSES[label] for label in labels[:4]]
    assert first == ["Ankle boot", "T-shirt/top", "T-shirt/top", "Dress"]


def test_the_names_of_the_classes_apply_only_to_the_publishers_labels(folder, monkeypatch):
    """Other data may use the same file names, but their labels are not clothes."""
    assert fashion_mnist.read(folder, "test").classes == tuple("0123456789")
    given = [f"digit {label}" for label in range(10)]
    assert fashion_mnist.read(folder, "test", classes=given).classes == tuple(given)
    digests = {name: sha256(folder / name) for name in fashion_mnist.FILES}
    monkeypatch.setattr(fashion_mnist, "FILES", digests)
    assert fashion_mnist.read(folder, "test").classes == fashion_mnist.CLASSES
    assert fashion_mnist.read(folder, "test", classes=given).classes == tuple(given)
