"""Images as numbers (notes 3.5)."""

import torch
from torch import Tensor


def to_numbers(X: Tensor) -> Tensor:
    """Turn grey values, uint8, into numbers from 0 to 1, float32, as ToTensor does (notes 3.5).

    What is not of this type is no image, and is given back as it is.
    """
    return X.float().div_(255) if X.dtype == torch.uint8 else X
