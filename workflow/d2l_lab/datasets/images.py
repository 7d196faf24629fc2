"""Images as numbers (notes 3.5)."""

from typing import Any

import numpy as np


def to_numbers(X: Any) -> Any:
    """Turn grey values, uint8, into numbers from 0 to 1, float32, as the notes' ToTensor does.

    X is an array or a tensor. Other types than bytes are not images, and are returned unchanged.
    """
    if X.dtype.itemsize > 1:
        return X
    numbers = X.astype(np.float32) if isinstance(X, np.ndarray) else X.float()
    numbers /= 255
    return numbers
