"""Provide a few images of the run, for the notes' code that runs on the pages."""

from pathlib import Path

import numpy as np
from safetensors import safe_open

from d2l_lab.datasets.images import to_numbers

COUNT = 5120  # twenty minibatches of 256, enough to learn something quickly
SIDE, CLASSES = 28, 10  # Fashion-MNIST's


def first_images(store: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """Read the first training images, and their labels.

    Parameters
    ----------
    store : Path
        The store of results. If it has several sets of images, the newest is read.

    Returns
    -------
    X : ndarray, (n, height, width), float32
        Values from 0 to 1.
    y : ndarray, (n,), int64
        If there are no images, None is returned instead of both.
    """
    found = store.glob("prepare/*_train/*/examples.safetensors")
    for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True):
        with safe_open(path, framework="numpy") as stored:
            X = stored.get_slice("X")
            if len(X.get_shape()) == 4:
                count = min(COUNT, X.get_shape()[0])
                return to_numbers(X[:count])[:, 0], stored.get_slice("y")[:count].ravel()
    return None


def random_images() -> tuple[np.ndarray, np.ndarray]:
    """Draw random images with random labels, for runs without images."""
    rng = np.random.default_rng(0)
    X = rng.random((COUNT, SIDE, SIDE), dtype=np.float32)
    return X, rng.integers(CLASSES, size=COUNT)
