"""Fashion-MNIST, read by torchvision's dataset class, as in notes 3.5."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torch import Tensor
from torchvision.datasets import FashionMNIST

CLASSES: tuple[str, ...] = tuple(FashionMNIST.classes)


@contextmanager
def root_of(files: Path) -> Iterator[Path]:
    """Give, for a while, the folder in which torchvision finds the four unpacked IDX files.

    Parameters
    ----------
    files
        The folder that holds them.
    """
    with tempfile.TemporaryDirectory() as root:
        raw = Path(root, "FashionMNIST", "raw")
        raw.parent.mkdir()
        raw.symlink_to(files.resolve(), target_is_directory=True)
        yield Path(root)


def read(folder: Path, *, train: bool) -> tuple[Tensor, Tensor]:
    """Read the training or the test set (notes 3.5).

    Parameters
    ----------
    folder
        Holds the four unpacked IDX files in `FashionMNIST/raw`.
    train
        The training set rather than the test set.

    Returns
    -------
    images : Tensor of shape (N, 1, 28, 28), uint8
        Grey values from 0 to 255, which the notes' ToTensor divides by 255.
    labels : Tensor of shape (N,), int64
        Indices of `CLASSES`.
    """
    dataset = FashionMNIST(folder, train=train, download=False)
    return dataset.data.unsqueeze(1), dataset.targets
