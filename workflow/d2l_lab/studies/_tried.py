"""Collect the measurements of many small experiments on exercises in one table."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

COLUMNS = ["exercise", "case", "measure", "replicate", "value"]


class Tried:
    """Measurements of many small experiments, one row each.

    Each belongs to an exercise of the book, such as 3.1.2: section and number.

    Parameters
    ----------
    replicates : int
        The number of replicates to record; a companion trained along with them is not recorded.
    """

    def __init__(self, replicates: int):
        self._replicates = replicates
        self._rows: list[tuple[str, str, str, int, float]] = []

    def note(
        self, exercise: str, case: str, measure: str, values: float | Iterable[float] | Tensor
    ) -> None:
        """Record a measure of a case: one value for each replicate, or a single one."""
        numbers = np.atleast_1d(np.asarray(values, dtype=np.float64))
        self._rows += [
            (exercise, case, measure, replicate, value)
            for replicate, value in enumerate(numbers[: self._replicates].tolist())
        ]

    def table(self) -> pd.DataFrame:
        """Return all measurements: exercise, case, measure, replicate, value."""
        return pd.DataFrame(self._rows, columns=COLUMNS)


def randn(generators: Sequence[torch.Generator], *shape: int) -> Tensor:
    """Draw from N(0, 1), in double precision, one tensor for each generator: (R, *shape)."""
    return torch.stack([torch.randn(shape, generator=g, dtype=torch.float64) for g in generators])


def rand(generators: Sequence[torch.Generator], *shape: int) -> Tensor:
    """Draw uniformly from 0 to 1, likewise."""
    return torch.stack([torch.rand(shape, generator=g, dtype=torch.float64) for g in generators])


def laplace(generators: Sequence[torch.Generator], *shape: int) -> Tensor:
    """Draw from the double exponential distribution with variance 1, likewise."""
    uniform = rand(generators, *shape) - 0.5
    smallest = torch.finfo(uniform.dtype).tiny
    return -uniform.sign() * (1 - 2 * uniform.abs()).clamp_min(smallest).log() / 2**0.5
