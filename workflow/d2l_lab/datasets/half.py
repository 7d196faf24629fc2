"""The training or test set that a module of datasets returns."""

from typing import NamedTuple

import numpy as np

# Names that readers of tables take for missing values, so no class may have them.
MISSING = {"", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "null", "none", "?"}


class Half(NamedTuple):
    """The training or the test set of a dataset.

    Parameters
    ----------
    X : ndarray, (n, d), float32; or (n, 1, h, w), uint8, the grey values of images
    y : ndarray, (n,), int64 for classes; (n, q), float32 for numbers
    classes : tuple of str
        The name of each label of a classification.
    standardise : bool
        Whether models get X with mean 0 and standard deviation 1. Both are computed from the rows
        that a model trains on, so it is not done here.
    """

    X: np.ndarray
    y: np.ndarray
    classes: tuple[str, ...] = ()
    standardise: bool = False
