"""Adding two vectors element by element, and by one operation (notes 3.1)."""

import operator
import time
from collections.abc import Callable, Sequence

import pandas as pd
import torch
from torch import Tensor

from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("vectorisation", "vectorisation_timing")
CALLS = 200  # calls of the quick way per time measurement


def study(seed: int, *, lengths: Sequence[int], repeats: int) -> dict[str, pd.DataFrame]:
    """Add two random vectors both ways, and measure the times.

    Returns
    -------
    vectorisation : DataFrame
        length, greatest_difference of the two sums.
    vectorisation_timing : DataFrame
        length, way (loop, vectorised), repeat, seconds.
    """
    be_deterministic()
    sums, timings = [], []
    for length in lengths:
        draws = generator(seed, "vectorisation", length)
        a, b = (torch.randn(length, generator=draws) for _ in range(2))
        # This also warms up both ways.
        sums.append((length, (loop(a, b) - (a + b)).abs().max().item()))
        for repeat in range(repeats):
            timings.append((length, "loop", repeat, seconds(loop, a, b, 1)))
            timings.append((length, "vectorised", repeat, seconds(operator.add, a, b, CALLS)))
    return {
        "vectorisation": pd.DataFrame(sums, columns=["length", "greatest_difference"]),
        "vectorisation_timing": pd.DataFrame(
            timings, columns=["length", "way", "repeat", "seconds"]
        ),
    }


def loop(a: Tensor, b: Tensor) -> Tensor:
    """Add two vectors, element by element."""
    c = torch.zeros(len(a))
    for i in range(len(a)):
        c[i] = a[i] + b[i]
    return c


def seconds(add: Callable[[Tensor, Tensor], Tensor], a: Tensor, b: Tensor, calls: int) -> float:
    """Time an addition, on average over some calls."""
    started = time.perf_counter()
    for _ in range(calls):
        add(a, b)
    return (time.perf_counter() - started) / calls
