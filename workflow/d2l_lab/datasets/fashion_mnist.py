"""Fashion-MNIST: its classes and its files (notes 3.5)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path

import numpy as np

from d2l_lab.errors import LabError

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


@contextmanager
def torchvision_root(files: Path) -> Iterator[Path]:
    """Give, for a while, the folder in which torchvision finds the four unpacked IDX files."""
    with tempfile.TemporaryDirectory() as root:
        raw = Path(root, "FashionMNIST", "raw")
        raw.parent.mkdir()
        raw.symlink_to(files.resolve(), target_is_directory=True)
        yield Path(root)


def read(folder: Path, *, train: bool) -> tuple[np.ndarray, np.ndarray]:
    """Read the training or the test set, as torchvision's dataset class does (notes 3.5).

    All training waits for this, and torchvision takes a second to load: more than the reading.

    Returns
    -------
    images : ndarray of shape (N, 1, 28, 28), uint8
        Grey values from 0 to 255, which the notes' ToTensor divides by 255.
    labels : ndarray of shape (N,), int64
        Indices of `CLASSES`.

    Raises
    ------
    LabError
        If a file is not as long as it says.
    """
    half = "train" if train else "t10k"
    images = read_idx(folder / f"{half}-images-idx3-ubyte")
    labels = read_idx(folder / f"{half}-labels-idx1-ubyte")
    return images[:, np.newaxis], labels.astype(np.int64)


def read_idx(path: Path) -> np.ndarray:
    """Read an IDX file of bytes: how many axes there are, the length of each, and the bytes.

    The format is Yann LeCun's, of MNIST: two bytes of zero, one for the type, one for the number
    of axes, four for each length, from the greatest down.

    Raises
    ------
    LabError
        If the file is not as long as it says.
    """
    content = path.read_bytes()
    start = 4 + 4 * sum(content[3:4])
    lengths = [int.from_bytes(content[at : at + 4]) for at in range(4, start, 4)]
    if not lengths or len(content) != start + prod(lengths):
        raise LabError(
            f"{path}: {len(content)} bytes are no whole IDX file of bytes, which is as long as its "
            "head says; replace it by a whole one"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(lengths)
