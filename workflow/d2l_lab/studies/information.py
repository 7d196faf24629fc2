"""Surprisal, entropy and cross-entropy, in nats (notes 3.4)."""

import numpy as np
import pandas as pd
from scipy.special import entr, rel_entr, xlogy

TABLES = ("information_surprisal", "information_entropy", "information_cross_entropy")


def study(seed: int, *, points: int, pairs: int, classes: int) -> dict[str, pd.DataFrame]:
    """Evaluate the formulas on probabilities between 0 and 1, and on random distributions.

    The points are evenly spaced between 0 and 1, both excluded. In each pair, p and q are drawn
    uniformly from all distributions over the classes; in the first pair, q is p.

    Returns
    -------
    information_surprisal : DataFrame
        probability, surprisal: -log p of an event.
    information_entropy : DataFrame
        probability, entropy: that of a coin that lands heads with this probability.
    information_cross_entropy : DataFrame
        pair, entropy (of p), cross_entropy (of p with q), excess: the difference of the two,
        computed independently as the Kullback-Leibler divergence.
    """
    probability = np.arange(1, points + 1) / (points + 1)
    rng = np.random.default_rng([seed, *b"information"])
    p, q = rng.dirichlet(np.ones(classes), size=(2, pairs))
    q[0] = p[0]
    return {
        "information_surprisal": pd.DataFrame(
            {"probability": probability, "surprisal": -np.log(probability)}
        ),
        "information_entropy": pd.DataFrame(
            {"probability": probability, "entropy": entr(probability) + entr(1 - probability)}
        ),
        "information_cross_entropy": pd.DataFrame(
            {
                "pair": range(pairs),
                "entropy": entr(p).sum(axis=1),
                "cross_entropy": -xlogy(p, q).sum(axis=1),
                "excess": rel_entr(p, q).sum(axis=1),
            }
        ),
    }
