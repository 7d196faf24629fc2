"""Properties of softmax and its cross-entropy, and their overflow (notes 3.4, 3.6, 3.7.2)."""

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from d2l_lab.models.softmax_regression.scratch import cross_entropy, softmax
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("softmax", "softmax_overflow")
SCALES = 10 ** np.arange(0, 4.5, 0.5)
SHIFT = 10  # standard deviation of the constant added to all logits of a row


def study(seed: int, *, examples: int, classes: int) -> dict[str, pd.DataFrame]:
    """Measure random logits (examples, classes), drawn from N(0, 1), with random labels.

    Returns
    -------
    softmax : DataFrame
        property, section, value, n: properties of softmax and cross-entropy in the notes, measured
        in float64 over all n rows.
    softmax_overflow : DataFrame
        scale, plain_finite, stable_finite, greatest_difference: the share of rows, multiplied by
        `scale`, with a finite loss in float32, by the notes' plain formulas (3.6) and by
        `nn.CrossEntropyLoss` (3.7.2), and the greatest difference where both are finite.
    """
    be_deterministic()
    O = _normal((examples, classes), seed, "logits")  # noqa: E741 (the notes' name)
    shifts = SHIFT * _normal((examples, 1), seed, "shifts")
    y = torch.randint(classes, (examples,), generator=generator(seed, "softmax", "labels"))
    found = probabilities(O, shifts) + gradients(O, y) + losses(O, y)
    properties = pd.DataFrame(found, columns=["property", "section", "value"])
    return {
        "softmax": properties.astype({"value": float}).assign(n=examples),
        "softmax_overflow": pd.DataFrame([overflow(O.float(), y, scale) for scale in SCALES]),
    }


def probabilities(O: Tensor, shifts: Tensor) -> list[tuple[str, str, float]]:  # noqa: E741
    """Measure what makes softmax of logits (n, q) a distribution (notes 3.4, 3.6)."""
    P = softmax(O)
    in_order_of_logits = P.gather(-1, O.argsort(dim=-1))
    reordered = (in_order_of_logits.diff(dim=-1) < 0).any(dim=-1)
    return [
        ("least_probability", "3.4", P.min().item()),
        ("distance_from_one", "3.4", greatest(P.sum(dim=-1) - 1)),
        ("order_changes", "3.4", reordered.sum().item()),
        ("shift_change", "3.4", greatest(softmax(O + shifts) - P)),
        ("greatest_log_probability", "3.6", P.log().max().item()),
    ]


def gradients(O: Tensor, y: Tensor) -> list[tuple[str, str, float]]:  # noqa: E741
    """Compare cross-entropy's gradient in the logits with its formula, and with 0 (notes 3.4).

    The gradient should be softmax minus label. It vanishes where softmax equals the distribution of
    the labels, here with soft labels p and logits log p.
    """
    P, labels = softmax(O), one_hot(y, O.shape[-1])
    logits = O.clone().requires_grad_()
    cross_entropy(softmax(logits), y).sum().backward()
    minimiser = P.log().requires_grad_()
    (-P * softmax(minimiser).log()).sum().backward()
    return [
        ("gradient_difference", "3.4", greatest(logits.grad - (P - labels))),
        ("minimiser_gradient", "3.4", greatest(minimiser.grad)),
    ]


def losses(O: Tensor, y: Tensor) -> list[tuple[str, str, float]]:  # noqa: E741
    """Compare `nn.CrossEntropyLoss` and its reductions with the formulas (notes 3.7.2)."""
    each, total, mean = (
        nn.CrossEntropyLoss(reduction=reduction)(O, y) for reduction in ("none", "sum", "mean")
    )
    return [
        ("reduction_sum", "3.7.2", greatest(total - each.sum())),
        ("reduction_mean", "3.7.2", greatest(mean - each.mean())),
        ("reduction_none_size", "3.7.2", each.numel() - len(y)),
        ("concise_difference", "3.7.2", greatest(cross_entropy(softmax(O), y) - each)),
    ]


def overflow(O: Tensor, y: Tensor, scale: float) -> dict[str, float]:  # noqa: E741
    """Count the finite losses of logits (n, q), float32, multiplied by `scale`."""
    plain = cross_entropy(softmax(O * scale), y)
    stable = nn.CrossEntropyLoss(reduction="none")(O * scale, y)
    finite = plain.isfinite() & stable.isfinite()
    return {
        "scale": scale,
        "plain_finite": plain.isfinite().double().mean().item(),
        "stable_finite": stable.isfinite().double().mean().item(),
        "greatest_difference": greatest((plain - stable)[finite]) if finite.any() else np.nan,
    }


def greatest(differences: Tensor) -> float:
    """Return the greatest absolute value."""
    return differences.abs().max().item()


def _normal(shape: tuple[int, int], seed: int, purpose: str) -> Tensor:
    draws = generator(seed, "softmax", purpose)
    return torch.randn(shape, dtype=torch.float64, generator=draws)
