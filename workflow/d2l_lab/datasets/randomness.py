"""Where the random numbers of datasets come from."""

import numpy as np


def make_rng(module: str, seed: int, purpose: str) -> np.random.Generator:
    """Make the generator for one purpose of a module: other purposes have other numbers."""
    return np.random.default_rng([seed, *f"{module} {purpose}".encode()])
