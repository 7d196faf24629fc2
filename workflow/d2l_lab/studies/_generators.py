"""The random numbers of a study: those of each purpose and each replicate are independent."""

from collections.abc import Callable, Iterable

import torch

from d2l_lab.training.randomness import generator

Generators = Callable[[str], list[torch.Generator]]


def generators_of(seed: int, *study: str, numbers: Iterable[int]) -> Generators:
    """Return a function that makes the generators for a purpose.

    Parameters
    ----------
    seed : int
    *study : str
        The study's name, and what distinguishes one use of it from another.
    numbers : iterable of int
        The numbers of the replicates; each gets a generator.
    """
    numbers = list(numbers)
    return lambda purpose: [generator(seed, *study, purpose, number) for number in numbers]
