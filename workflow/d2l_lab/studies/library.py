"""Try what the notes say about functions of PyTorch and NumPy (notes 3.2 to 4.4.4)."""

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.utils.data import TensorDataset

from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("library", "library_normal")
STD = 0.01  # the notes' argument of torch.normal
MATRICES = [((3, 4), (4, 2)), ((1, 4), (4, 1))]
OTHERS = [  # shapes that can be multiplied but are not both matrices
    ((4,), (4,)),
    ((3, 4), (4,)),
    ((4,), (4, 2)),
    ((5, 3, 4), (4, 2)),
    ((5, 3, 4), (5, 4, 2)),
    ((2, 5, 3, 4), (5, 4, 2)),
]
LENGTHS = (1, 2, 3, 10)
OPTIMISERS = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")
IMAGE = (1, 28, 28)
ROWS = 100
FACTORIALS = 20  # the notes' number of features
Facts = list[tuple[str, str, float, int]]


def study(seed: int, *, numbers: int, replicates: int) -> dict[str, pd.DataFrame]:
    """Try each function, and draw `numbers` numbers by `torch.normal` in each replicate.

    Returns
    -------
    library : DataFrame
        fact, section, value, n: in how many of n cases the fact fails, or what its name says.
    library_normal : DataFrame
        replicate, std (the argument), and the deviation and variance of the drawn numbers.
    """
    be_deterministic()
    draws = generator(seed, "library", "facts")
    facts = products(draws) + datasets() + classifiers(draws) + layers(draws)
    facts += optimisers(draws) + polynomials(draws)
    return {
        "library": pd.DataFrame(facts, columns=["fact", "section", "value", "n"]).astype(
            {"value": float}
        ),
        "library_normal": pd.DataFrame(
            [normal(seed, replicate, numbers) for replicate in range(replicates)]
        ),
    }


def normal(seed: int, replicate: int, numbers: int) -> dict[str, float]:
    """Draw numbers with the notes' argument std, and measure their spread (notes 3.2)."""
    draws = generator(seed, "library", "normal", replicate)
    drawn = torch.normal(0.0, STD, (numbers,), generator=draws).double()
    deviation, variance = drawn.std().item(), drawn.var().item()
    return {"replicate": replicate, "std": STD, "deviation": deviation, "variance": variance}


def products(draws: torch.Generator) -> Facts:
    """Multiply by `mm` and `matmul` tensors of two and of other dimensions (notes 3.2).

    NumPy's product is the reference.
    """

    def fails(multiply: Callable[[Tensor, Tensor], Tensor], shapes: Any) -> bool:
        A, B = (torch.randn(shape, dtype=torch.float64, generator=draws) for shape in shapes)
        if refuses(multiply, A, B):
            return True
        return not np.allclose(multiply(A, B).numpy(), np.matmul(A.numpy(), B.numpy()))

    by_mm = [not fails(torch.mm, shapes) for shapes in OTHERS]
    by_mm += [fails(torch.mm, shapes) for shapes in MATRICES]
    by_matmul = [fails(torch.matmul, shapes) for shapes in OTHERS + MATRICES]
    return [
        ("mm_of_other_than_matrices", "3.2", sum(by_mm), len(by_mm)),
        ("matmul_fails", "3.2", sum(by_matmul), len(by_matmul)),
    ]


def datasets() -> Facts:
    """Make a `TensorDataset` of tensors of equal and of unequal length (notes 3.3)."""
    pairs = [*product(LENGTHS, repeat=2)]
    otherwise = [
        refuses(TensorDataset, torch.zeros(first, 2), torch.zeros(second, 1)) != (first != second)
        for first, second in pairs
    ]
    return [("dataset_of_unequal_lengths", "3.3", sum(otherwise), len(pairs))]


def classifiers(draws: torch.Generator) -> Facts:
    """Try argmax on rows (notes 3.6), and the loss's default reduction (3.7.2)."""
    y_hat = torch.randn(ROWS, 10, generator=draws)
    y = torch.randint(10, (ROWS,), generator=draws)
    others = [
        any(value > row[place] for value in row)
        for row, place in zip(y_hat.tolist(), y_hat.argmax(axis=1).tolist(), strict=True)
    ]
    default, mean = nn.CrossEntropyLoss(), nn.CrossEntropyLoss(reduction="mean")
    return [
        ("argmax_is_not_the_greatest", "3.6", sum(others), ROWS),
        ("default_reduction", "3.7.2", (default(y_hat, y) - mean(y_hat, y)).abs().item(), ROWS),
    ]


def layers(draws: torch.Generator) -> Facts:
    """Pass images to a linear layer, and a function to `apply` (notes 3.7.1)."""
    X = torch.randn(ROWS, *IMAGE, generator=draws)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    visited = []
    net.apply(visited.append)
    missed = [layer for layer in net if not any(layer is seen for seen in visited)]
    return [
        ("linear_takes_images", "3.7.1", not refuses(net[1], X) or refuses(net, X), 1),
        ("apply_leaves_out", "3.7.1", len(missed), len(net)),
    ]


class ThreeKinds(nn.Module):
    """A model that uses a parameter, a plain tensor with a gradient, and a buffer."""

    def __init__(self, draws: torch.Generator):
        super().__init__()
        self.parameter = nn.Parameter(torch.randn(3, generator=draws))
        self.plain = torch.randn(3, generator=draws).requires_grad_()
        self.register_buffer("buffer", torch.randn(3, generator=draws))

    def forward(self, X: Tensor) -> Tensor:
        """Return a number for each row of X (n, 3)."""
        return X @ (self.parameter * self.plain * self.buffer)


def optimisers(draws: torch.Generator) -> Facts:
    """Take a step with each optimiser, and see which tensors have changed (notes 4.2.1)."""
    wrong = plain_moves = 0
    for name in OPTIMISERS:
        make = getattr(torch.optim, name)
        model = ThreeKinds(draws)
        moved = moves(model, make(model.parameters(), lr=0.1), draws)
        wrong += sum(moved[kind] != (kind == "parameter") for kind in moved)
        plain_moves += moves(model, make([model.plain], lr=0.1), draws)["plain"]
    return [
        ("others_than_parameters_move", "4.2.1", wrong, 3 * len(OPTIMISERS)),
        ("plain_tensors_move", "4.2.1", plain_moves, len(OPTIMISERS)),
    ]


def moves(
    model: ThreeKinds, optimiser: torch.optim.Optimizer, draws: torch.Generator
) -> dict[str, bool]:
    """Take a step on the mean square of the outputs; return which kinds of tensors changed."""
    kinds = ("parameter", "plain", "buffer")
    before = {kind: getattr(model, kind).detach().clone() for kind in kinds}
    optimiser.zero_grad()
    model(torch.randn(ROWS, 3, generator=draws)).square().mean().backward()
    optimiser.step()
    return {kind: not torch.equal(before[kind], getattr(model, kind)) for kind in kinds}


def polynomials(draws: torch.Generator) -> Facts:
    """Try gamma as a factorial, and a vector as a column in `np.dot` (notes 4.4.4)."""
    others = [math.gamma(n) != math.factorial(n - 1) for n in range(1, FACTORIALS + 1)]
    X = torch.randn(ROWS, FACTORIALS, dtype=torch.float64, generator=draws).numpy()
    w = torch.randn(FACTORIALS, dtype=torch.float64, generator=draws).numpy()
    apart = np.abs(np.dot(X, w) - (X @ w.reshape(-1, 1))[:, 0]).max()
    return [
        ("gamma_is_no_factorial", "4.4.4", sum(others), FACTORIALS),
        ("dot_takes_no_column", "4.4.4", apart, ROWS),
    ]


def refuses(function: Callable[..., Any], *arguments: Any) -> bool:
    """Return whether a function refuses these arguments."""
    try:
        function(*arguments)
    except (RuntimeError, AssertionError):
        return True
    return False
