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
KINDS = {IMAGES: "images (bytes, 3 axes)", LABELS: "labels (bytes, 1 axis)"}


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
            f"{test_images}: images of {sizes[1]} pixels, but those in {images} have {sizes[0]}; "
            "all images must have the same size"
        )
    require_classes(y, y_test, labels, test_labels)
    for name in classes or ():
        if name.lower() in MISSING:
            raise LabError(f"{labels}: classes: {name!r} looks like a missing value; rename it")
    if classes and len(classes) <= y.max():
        raise LabError(
            f"{labels}: contains the label {y.max()}, but classes lists {len(classes)} names, for "
            f"the labels 0 to {len(classes) - 1}; name every class, or leave classes out"
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
            f"{labels}: {len(y)} labels for the {len(X)} images in {images}; choose files that "
            "belong together"
        )
    return X[:, np.newaxis], y.astype(np.int64)


def require_classes(y: np.ndarray, y_test: np.ndarray, labels: Path, test_labels: Path) -> None:
    """Require at least two classes, and training examples of every class in the test set."""
    if len(np.unique(y)) < 2:
        raise LabError(f"{labels}: every label is {y[0]}; use data with at least two classes")
    unknown = ~np.isin(y_test, y)
    if unknown.any():
        row = int(unknown.argmax())
        raise LabError(
            f"{test_labels}: entry {row + 1}: the label {y_test[row]} does not occur in {labels}; "
            "every class in the test set needs training examples"
        )


def read_idx(path: Path, axes: int) -> np.ndarray:
    """Read an IDX file of bytes, the format of Yann LeCun's MNIST, as an array with these axes.

    It begins with two zero bytes, one byte for the type and one for the number of axes. Each axis
    has its length in four bytes, most significant first. The values follow.

    Raises
    ------
    LabError
        If the file does not contain bytes, has another number of axes, is shorter or longer than
        its header says, or has no values.
    """
    data = content(path)
    if len(data) >= 4 and data[:4] != bytes([0, 0, UNSIGNED_BYTE, axes]):
        raise LabError(
            f"{path}: begins with {data[:4].hex()}, but an IDX file of {KINDS[axes]} begins with "
            f"{bytes([0, 0, UNSIGNED_BYTE, axes]).hex()}; choose such a file"
        )
    start = 4 + 4 * axes
    lengths = [int.from_bytes(data[at : at + 4]) for at in range(4, start, 4)]
    if len(data) != start + prod(lengths):
        raise LabError(
            f"{path}: has {len(data)} bytes, but its header announces another length; replace it "
            "with a complete copy"
        )
    if not prod(lengths):
        raise LabError(f"{path}: an IDX file without any values; replace it with one that has some")
    return np.frombuffer(data, np.uint8, offset=start).reshape(lengths)
