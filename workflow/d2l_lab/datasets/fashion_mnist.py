"""Fashion-MNIST: its classes and its files (notes 3.5)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from d2l_lab.datasets import idx
from d2l_lab.datasets.files import sha256
from d2l_lab.datasets.half import Half

TASK = "classification"
SHOWS = ("image_grid", "predictions")
SIZE = (60000, 784)  # training examples and pixels
# The publisher's files, each with the SHA-256 of its unpacked content.
FILES = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
SOURCES = [
    {"folder": "data/fashion-mnist"},
    {"url": "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"},
    {"url": "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
    {"debian": "dataset-fashion-mnist"},
]
CLASSES = (
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


def read(folder: Path, split: str, *, classes: list[str] | None = None) -> Half:
    """Read the training or the test set, as torchvision's dataset class does (notes 3.5).

    It does not use torchvision, which takes a second to load, longer than the reading, and all
    training waits for this. Labels get the names in `classes`. Without these, the publisher's files
    have `CLASSES`, and other files, which may show anything, are named by their numbers.

    Returns
    -------
    Half
        Images (n, 1, 28, 28), uint8, with grey values from 0 to 255, which the notes' ToTensor
        divides by 255. Labels (n,), int64.

    Raises
    ------
    LabError
        If a file's length is wrong, or the files do not match.
    """
    images, labels, test_images, test_labels = (folder / name for name in FILES)
    if all(sha256(path) == FILES[path.name] for path in (labels, test_labels)):
        classes = classes or [*CLASSES]
    files = {"images": images, "labels": labels}
    files |= {"test_images": test_images, "test_labels": test_labels}
    return idx.read(split, **files, classes=classes)


@contextmanager
def torchvision_root(files: Path) -> Iterator[Path]:
    """Provide a temporary folder in which torchvision finds the four unpacked IDX files."""
    with tempfile.TemporaryDirectory() as root:
        raw = Path(root, "FashionMNIST", "raw")
        raw.parent.mkdir()
        raw.symlink_to(files.resolve(), target_is_directory=True)
        yield Path(root)
