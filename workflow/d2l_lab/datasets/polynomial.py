"""The polynomial data of notes 4.4.4: y = Σ wᵢ xⁱ / i! + noise."""

import math

import numpy as np

TASK = "regression"
SHOWS = ("fits",)
COLUMNS = "max_degree"  # the key that sets the number of features


def features(x: np.ndarray, max_degree: int) -> np.ndarray:
    """Return the features xⁱ / i! of x (n,) for i = 0 … max_degree - 1: (n, max_degree), float64.

    The factorial keeps high powers from growing too large.
    """
    degrees = np.arange(max_degree)
    factorials = np.array([math.gamma(i + 1) for i in degrees])
    return np.power(x.reshape(-1, 1), degrees) / factorials


def generate(
    rng: np.random.Generator,
    *,
    weights: list[float] = (5, 1.2, -3.4, 5.6),
    max_degree: int = 20,
    noise: float = 0.1,
    examples: int = 100,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw n examples: x from N(0, 1), and y with noise from N(0, noise²).

    The weights are those of the lowest degrees, and all others are zero. There are max_degree
    features, at least as many as weights.

    Returns
    -------
    X : ndarray, (n, max_degree), float32
    y : ndarray, (n, 1), float32
    """
    X = features(rng.normal(size=examples), max_degree)
    y = X[:, : len(weights)] @ np.array(weights) + rng.normal(scale=noise, size=examples)
    return X.astype(np.float32), y.astype(np.float32).reshape(-1, 1)
