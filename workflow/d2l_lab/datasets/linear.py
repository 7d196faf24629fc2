"""The linear data of notes 3.2: y = Xw + b + noise."""

from collections.abc import Sequence

import numpy as np


def generate(
    weights: Sequence[float], bias: float, noise: float, examples: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw n examples: X from N(0, 1), and y = Xw + b with noise from N(0, noise²).

    Returns
    -------
    X : ndarray, (n, d), float32
    y : ndarray, (n, 1), float32
    """
    X = rng.normal(size=(examples, len(weights)))
    y = X @ np.array(weights) + bias + rng.normal(scale=noise, size=examples)
    return X.astype(np.float32), y.astype(np.float32).reshape(-1, 1)
