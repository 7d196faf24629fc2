"""The source of the datasets' random numbers."""

import numpy as np


def make_rng(module: str, seed: int, purpose: str) -> np.random.Generator:
    """Return the generator for one purpose of a module; purposes have independent numbers."""
    return np.random.default_rng([seed, *f"{module} {purpose}".encode()])
