"""Images and labels in the file format of MNIST (notes 3.5)."""

from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from d2l_lab.datasets.files import content
from d2l_lab.datasets.half import MISSING, Half
from d2l_lab.datasets.survey import Survey
from d2l_lab.errors import LabError

TASK = "classification"
SHOWS = ("image_grid", "predictions")
UNSIGNED_BYTE = 0x08  # the format's code for this type
IMAGES, LABELS = 3, 1  # the numbers of axes of files with images and labels
KINDS = {IMAGES: "images: bytes, with 3 axes", LABELS: "labels: bytes, with 1 axis"}


def read(
    split: str,
    *,
    images: Path,
    labels: Path,
    test_images: Path,
    test_labels: Path,
    classes: list[str] | None = None,
) -> Half:
    """Read the training or the test set: images (n, 1, h, w), uint8, and labels (n,), int64.

    Without names, the classes are named by their labels.

    Raises
    ------
    LabError
        If a file is not what its key says, or the files do not match.
    """
    halves = {"train": read_half(images, labels), "test": read_half(test_images, test_labels)}
    (X, y), (X_test, y_test) = halves.values()
    if X.shape[1:] != X_test.shape[1:]:
        sizes = [" × ".join(map(str, half.shape[2:])) for half in (X, X_test)]
        raise LabError(
            f"{test_images}: images of {sizes[1]} pixels, but those of {images} have {sizes[0]}; "
            "give files whose images are of one size"
        )
    require_classes(y, y_test, labels, test_labels)
    for name in classes or ():
        if name.lower() in MISSING:
            raise LabError(f"{labels}: classes: {name!r} may stand for a missing value; rename it")
    if classes and len(classes) <= y.max():
        raise LabError(
            f"{labels}: a label {y.max()}, but classes lists {len(classes)} names, for the labels "
            f"0 to {len(classes) - 1}; name them all, or leave classes out"
        )
    return Half(*halves[split], tuple(classes or map(str, range(y.max() + 1))))


def survey(**settings: Any) -> Survey:
    """Check all files before anything is computed."""
    X, *_ = read("train", **settings)
    return Survey(TASK, len(X), X[0].size, is_images=True)


def read_half(images: Path, labels: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read the images, and the same number of labels."""
    X, y = read_idx(images, IMAGES), read_idx(labels, LABELS)
    if len(X) != len(y):
        raise LabError(
            f"{labels}: {len(y)} labels for the {len(X)} images of {images}; give files that "
            "belong together"
        )
    return X[:, np.newaxis], y.astype(np.int64)


def require_classes(y: np.ndarray, y_test: np.ndarray, labels: Path, test_labels: Path) -> None:
    """Make sure that there are two classes or more, and that training covers those of the test."""
    if len(np.unique(y)) < 2:
        raise LabError(f"{labels}: every label is {y[0]}; give data of at least two classes")
    unknown = ~np.isin(y_test, y)
    if unknown.any():
        row = int(unknown.argmax())
        raise LabError(
            f"{test_labels}: entry {row + 1}: the label {y_test[row]} is nowhere in {labels}; "
            "train on every class that is to be tested"
        )


def read_idx(path: Path, axes: int) -> np.ndarray:
    """Read an IDX file of bytes: the number of axes, the length of each, and the bytes.

    The format is that of Yann LeCun's MNIST: two zero bytes, one byte for the type, one for the
    number of axes, and four bytes, most significant first, for each length.

    Raises
    ------
    LabError
        If the file does not contain bytes, has the wrong number of axes or the wrong length, or is
        empty.
    """
    data = content(path)
    if len(data) >= 4 and data[:4] != bytes([0, 0, UNSIGNED_BYTE, axes]):
        raise LabError(
            f"{path}: begins with {data[:4].hex()}, but an IDX file of {KINDS[axes]}, begins with "
            f"{bytes([0, 0, UNSIGNED_BYTE, axes]).hex()}; give such a file"
        )
    start = 4 + 4 * axes
    lengths = [int.from_bytes(data[at : at + 4]) for at in range(4, start, 4)]
    if len(data) != start + prod(lengths):
        raise LabError(
            f"{path}: {len(data)} bytes are no whole IDX file of bytes, which is as long as its "
            "head says; replace it by a whole one"
        )
    if not prod(lengths):
        raise LabError(f"{path}: an IDX file with nothing in it; replace it by one with data")
    return np.frombuffer(data, np.uint8, offset=start).reshape(lengths)
