"""K-fold cross-validation (notes 4.4.2)."""

import torch
from torch import Tensor


def kfold(n: int, folds: int, generator: torch.Generator) -> list[tuple[Tensor, Tensor]]:
    """Shuffle rows 0 to n-1 and split them into K parts, each the validation set once.

    Returns
    -------
    list of K pairs (training, validation) of Tensors, int64, each sorted
        The validation parts cover every row exactly once; their sizes differ by at most one.

    Raises
    ------
    ValueError
        If K is not from 2 to n.
    """
    if not 2 <= folds <= n:
        raise ValueError(f"folds: {folds}; with {n} examples, choose a whole number from 2 to {n}")
    parts = torch.randperm(n, generator=generator).tensor_split(folds)
    return [
        (torch.cat(parts[:k] + parts[k + 1 :]).sort().values, parts[k].sort().values)
        for k in range(folds)
    ]
