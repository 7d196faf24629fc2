"""The linear data of notes 3.2: y = Xw + b + noise."""

import numpy as np

TASK = "regression"
COLUMNS = "weights"  # the key that sets the number of features, one for each weight


def generate(
    rng: np.random.Generator,
    *,
    weights: list[float] = (2, -3.4),
    bias: float = 4.2,
    noise: float = 0.01,
    examples: int = 1000,
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
