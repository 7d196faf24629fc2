"""What the modules of datasets give back."""

from typing import NamedTuple

import numpy as np

# What readers of tables take for a missing value, so that no class can be called so.
MISSING = {"", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "null", "none", "?"}


class Half(NamedTuple):
    """The training or the test half of a dataset.

    Parameters
    ----------
    X : ndarray, (n, d), float32; or (n, 1, h, w), uint8, the grey values of images
    y : ndarray, (n,), int64 for classes; (n, q), float32 for numbers
    classes : tuple of str
        The name of each label, if they are labels.
    standardise : bool
        Whether a model is to see X with mean 0 and standard deviation 1. What that takes is learned
        from the rows that it trains on, so it is not done here.
    """

    X: np.ndarray
    y: np.ndarray
    classes: tuple[str, ...] = ()
    standardise: bool = False
