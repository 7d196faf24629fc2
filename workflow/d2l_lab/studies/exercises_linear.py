"""Small experiments that answer exercises on linear regression (d2l-zh 3.1 to 3.3).

They use separate data in double precision; each replicate has its own examples.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from random import Random
from typing import NamedTuple

import pandas as pd
import torch
from torch import Tensor, nn

from d2l_lab.studies._tried import Tried, laplace, rand, randn
from d2l_lab.studies.minibatches import data_iter
from d2l_lab.training.randomness import be_deterministic, generator_factory

TABLES = ("exercises_linear",)
WEIGHTS, BIAS = (2.0, -3.4), 4.2  # notes 3.2
SAMPLES = 100  # samples over which a replicate averages the squared errors of mean and median
NEARNESS = (1e0, 1e-2, 1e-4, 1e-6, 1e-8)  # distance of two features, in standard deviations
OUTLIERS, FAR = 0.05, 20.0  # the share of outliers, and their noise in standard deviations
HUBER = 1.0  # the residual, in standard deviations, from which Huber's loss is linear
RESISTANCE = 47.0  # Ω
TEMPERATURE = 5772.0  # K, of the sun's surface
SECOND_CONSTANT = 1.438777e-2  # hc / k, in m K
SHORTEST, LONGEST = 0.2e-6, 3e-6  # wavelengths, in m
MLP_PARAMETERS = 784 * 256 + 256 + 256 * 10 + 10  # notes 4.2

Loss = Callable[[Tensor, Tensor], Tensor]


class Lines(NamedTuple):
    """Data of linear regression for R replicates, with a column of ones for the bias.

    Parameters
    ----------
    X : Tensor, (R, n, d + 1)
    y : Tensor, (R, n)
    orders : list of Tensors, each (R, n)
        The order of the examples in each epoch.
    """

    X: Tensor
    y: Tensor
    orders: list[Tensor]


def study(
    seed: int,
    *,
    examples: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Run the experiments for the exercises on linear regression.

    Returns
    -------
    exercises_linear : DataFrame
        exercise (section, number and part), case, measure, replicate, value.
    """
    be_deterministic()
    generators = generator_factory(seed, "exercises_linear", numbers=range(replicates))
    tried = Tried(replicates)
    sgd = {"batch_size": batch_size, "learning_rate": learning_rate}
    lines = {
        name: generate(generators("features"), draw(generators(name), examples), orders)
        for orders in [shuffled(generators("orders"), examples, epochs)]
        for name, draw in NOISES.items()
    }
    try_constants(tried, generators, examples)
    try_closed_form(tried, generators, lines["normal noise"])
    try_losses(tried, lines, **sgd)
    try_initial_values(tried, generators("initial values"), lines["normal noise"], **sgd)
    try_ohm(tried, generators("voltages"), examples)
    try_planck(tried, generators("spectrum"), examples)
    try_second_derivatives(tried, lines["normal noise"])
    try_shapes(tried, lines["normal noise"], **sgd)
    try_unequal_batches(tried, generators("unequal batches"), lines["normal noise"])
    try_sums(tried, lines["normal noise"], **sgd)
    try_gradient_of_layer(tried, lines["normal noise"])
    return {"exercises_linear": tried.table()}


def with_outliers(generators: Sequence[torch.Generator], examples: int) -> Tensor:
    """Draw normal noise with a few outliers."""
    is_far = rand(generators, examples) < OUTLIERS
    return randn(generators, examples) * is_far.double().mul(FAR - 1).add(1)


NOISES = {
    "normal noise": randn,
    "Laplace noise": laplace,
    "outliers": with_outliers,
}
LOSSES: dict[str, Loss] = {
    "squared": lambda y_hat, y: (y_hat - y) ** 2 / 2,
    "absolute": lambda y_hat, y: (y_hat - y).abs(),
    "Huber": partial(nn.functional.huber_loss, reduction="none", delta=HUBER),
}


def generate(generators: Sequence[torch.Generator], noise: Tensor, orders: list[Tensor]) -> Lines:
    """Draw y = Xw + b + noise, with the notes' w and b."""
    X = randn(generators, noise.shape[1], len(WEIGHTS))
    X = torch.cat([X, torch.ones_like(X[..., :1])], dim=-1)
    return Lines(X, predict(X, truth(X)) + noise, orders)


def truth(X: Tensor) -> Tensor:
    """Return the true weights and the bias, (R, d + 1)."""
    return torch.tensor([*WEIGHTS, BIAS], dtype=X.dtype).expand(len(X), -1)


def predict(X: Tensor, w: Tensor) -> Tensor:
    """Return Xw, (R, n) from (R, n, d) and (R, d)."""
    return (X * w.unsqueeze(1)).sum(dim=-1)


def shuffled(generators: Sequence[torch.Generator], examples: int, epochs: int) -> list[Tensor]:
    """Draw the order of the examples in each epoch."""
    return [
        torch.stack([torch.randperm(examples, generator=g) for g in generators])
        for _ in range(epochs)
    ]


def distance(w: Tensor) -> Tensor:
    """Return the distance of parameters from the true ones, (R,)."""
    return (w - truth(w)).norm(dim=-1)


def train(
    lines: Lines,
    loss: Loss,
    start: Tensor | None = None,
    *,
    batch_size: int,
    learning_rate: float,
    total: bool = False,
    decay: bool = False,
) -> Iterator[Tensor]:
    """Train by minibatch SGD, and yield the parameters (R, d + 1) after each step.

    Parameters
    ----------
    start : Tensor, optional
        The initial parameters; zero if not given.
    total : bool
        Whether the gradient is that of a minibatch's total loss, not of its mean.
    decay : bool
        Whether the learning rate falls as 1 / (1 + epoch).
    """
    w = torch.zeros_like(lines.X[:, 0]) if start is None else start.clone()
    for epoch, order in enumerate(lines.orders):
        rate = learning_rate / (1 + epoch) if decay else learning_rate
        for rows in order.split(batch_size, dim=1):
            X = lines.X.gather(1, rows.unsqueeze(-1).expand(-1, -1, lines.X.shape[-1]))
            w = w.detach().requires_grad_()
            losses = loss(predict(X, w), lines.y.gather(1, rows))
            one_each = losses.flatten(1).sum(1) if total else losses.flatten(1).mean(1)
            (gradient,) = torch.autograd.grad(one_each.sum(), [w])  # replicates are independent
            w = w.detach() - rate * gradient
            yield w


def last(steps: Iterator[Tensor]) -> Tensor:
    """Return the parameters after the last step."""
    *_, w = steps
    return w


# 3.1


def try_constants(
    tried: Tried, generators: Callable[[str], list[torch.Generator]], examples: int
) -> None:
    """Compare mean and median as estimates of the constant behind noisy numbers."""
    draws = {"normal": randn, "Laplace": laplace}
    for noise, draw in draws.items():
        numbers = draw(generators(f"constants, {noise}"), SAMPLES, examples)
        estimates = {"mean": numbers.mean(dim=-1), "median": numbers.median(dim=-1).values}
        for name, found in estimates.items():
            squares = found.square().mean(dim=-1)
            tried.note("3.1.1", f"{name}, {noise} noise", "squared error", squares)
    numbers = randn(generators("constants, normal"), examples)
    b = torch.zeros_like(numbers[:, :1])
    for _ in range(60):  # each step halves the distance from the minimum
        b.requires_grad_()
        (slope,) = torch.autograd.grad((numbers - b).square().sum(), [b])
        b = (b - slope / (4 * examples)).detach()
    found = (b[:, 0] - numbers.mean(dim=1)).abs()
    tried.note("3.1.1", "least squares", "distance from the mean", found)


def try_closed_form(
    tried: Tried, generators: Callable[[str], list[torch.Generator]], lines: Lines
) -> None:
    """Check the gradient's formula, and the closed form with nearly equal features."""
    X, y, n = lines.X, lines.y, lines.X.shape[1]
    w = randn(generators("closed form"), X.shape[-1]).requires_grad_()
    loss = (predict(X, w) - y).square().sum() / (2 * n)
    (gradient,) = torch.autograd.grad(loss, [w])
    by_formula = ((X.mT @ (X @ w.unsqueeze(-1) - y.unsqueeze(-1))) / n).squeeze(-1)
    apart = (gradient - by_formula).detach().abs().amax(dim=1)
    tried.note("3.1.2", "gradient", "greatest difference", apart)
    solved = torch.linalg.solve(X.mT @ X, X.mT @ y.unsqueeze(-1)).squeeze(-1)
    slope = (X.mT @ (predict(X, solved) - y).unsqueeze(-1) / n).abs().amax(dim=(1, 2))
    tried.note("3.1.2", "gradient at the solution", "greatest", slope)
    noise = randn(generators("near feature"), n)
    for near in NEARNESS:
        close = torch.stack([X[..., 0], X[..., 0] + near * noise, X[..., 2]], dim=-1)
        right = truth(close)
        target = predict(close, right).unsqueeze(-1)
        # one by one, so that a singular matrix does not affect the others
        errors = [
            error_of_solution(own, wanted, best)
            for own, wanted, best in zip(close, target, right, strict=True)
        ]
        tried.note("3.1.2", f"distance {near:g}", "greatest error", errors)


def error_of_solution(X: Tensor, y: Tensor, right: Tensor) -> float:
    """Return the greatest error of the normal equation's solution; infinite if there is none."""
    solved, info = torch.linalg.solve_ex(X.mT @ X, X.mT @ y)
    return float("inf") if info else (solved[:, 0] - right).abs().max().item()


def try_losses(tried: Tried, lines: dict[str, Lines], **sgd: float) -> None:
    """Train with several losses and kinds of noise, and with a decreasing rate."""
    for noise, own in lines.items():
        for name, loss in LOSSES.items():
            w = last(train(own, loss, decay=True, **sgd))
            tried.note("3.3.2", f"{name} loss, {noise}", "distance", distance(w))
    own = lines["Laplace noise"]
    steps_of_epoch = -(-own.X.shape[1] // int(sgd["batch_size"]))
    for name, decay in {"constant rate": False, "falling rate": True}.items():
        path = [*train(own, LOSSES["absolute"], decay=decay, **sgd)][-steps_of_epoch - 1 :]
        tried.note("3.1.3", name, "distance", distance(path[-1]))
        moves = torch.stack([(b - a).norm(dim=1) for a, b in pairwise(path)])
        tried.note("3.1.3", name, "length of a step", moves.mean(dim=0))


# 3.2


def try_initial_values(
    tried: Tried, generators: Sequence[torch.Generator], lines: Lines, **sgd: float
) -> None:
    """Train from zero and from small random weights, on the same minibatches."""
    random = 0.01 * randn(generators, lines.X.shape[-1])
    for name, start in {"zero": None, "random": random}.items():
        w = last(train(lines, LOSSES["squared"], start, **sgd))
        tried.note("3.2.1", name, "distance", distance(w))


def try_ohm(tried: Tried, generators: Sequence[torch.Generator], examples: int) -> None:
    """Learn a resistance from noisy voltages at known currents, by gradients from autograd."""
    current = torch.linspace(0, 1, examples, dtype=torch.float64)  # A
    voltage = RESISTANCE * current + randn(generators, examples)  # V
    R = torch.ones(len(voltage), 1, dtype=torch.float64)
    for _ in range(100):
        R.requires_grad_()
        loss = (R * current - voltage).square().mean(dim=1).sum()
        (gradient,) = torch.autograd.grad(loss, [R])
        R = (R - gradient).detach()
    tried.note("3.2.2", "estimate", "resistance", R[:, 0])
    tried.note("3.2.2", "truth", "resistance", RESISTANCE)


def planck(wavelength: Tensor, temperature: Tensor) -> Tensor:
    """Return the spectral energy density by Planck's law, up to a constant."""
    return (wavelength * 1e6) ** -5 / torch.expm1(SECOND_CONSTANT / (wavelength * temperature))


def try_planck(tried: Tried, generators: Sequence[torch.Generator], examples: int) -> None:
    """Learn a temperature from a noisy spectrum, by Gauss and Newton's steps from autograd."""
    wavelength = torch.linspace(SHORTEST, LONGEST, examples, dtype=torch.float64)
    spectrum = planck(wavelength, torch.tensor(TEMPERATURE, dtype=torch.float64))
    measured = spectrum + 0.05 * spectrum.max() * randn(generators, examples)
    T = torch.full((len(measured), 1), 4000.0, dtype=torch.float64)
    for _ in range(12):
        T.requires_grad_()
        computed = planck(wavelength, T)
        # the derivative of each wavelength's density; each replicate has one temperature
        (slope,) = torch.autograd.functional.jvp(
            lambda t: planck(wavelength, t), T.detach(), torch.ones_like(T)
        )[1:]
        step = ((computed - measured) * slope).sum(1) / slope.square().sum(1)
        T = (T - step.unsqueeze(1)).detach()
    tried.note("3.2.3", "estimate", "temperature", T[:, 0])
    tried.note("3.2.3", "truth", "temperature", TEMPERATURE)


def try_second_derivatives(tried: Tried, lines: Lines) -> None:
    """Compute the second derivatives of the loss, and check what they require."""
    X, y = lines.X, lines.y
    n = X.shape[1]

    def loss(w: Tensor) -> Tensor:
        return (predict(X[:1], w.unsqueeze(0)) - y[:1]).square().sum() / (2 * n)

    w = torch.zeros(X.shape[-1], dtype=X.dtype, requires_grad=True)
    hessian = torch.autograd.functional.hessian(loss, w)
    apart = (hessian - X[0].mT @ X[0] / n).abs().max().item()
    tried.note("3.2.4", "Hessian", "greatest difference", apart)
    (kept,) = torch.autograd.grad(loss(w), [w], create_graph=True)
    (lost,) = torch.autograd.grad(loss(w), [w])
    tried.note("3.2.4", "gradient, graph kept", "can be differentiated", kept.requires_grad)
    tried.note("3.2.4", "gradient, as by default", "can be differentiated", lost.requires_grad)
    tried.note("3.2.4", "perceptron", "second derivatives", float(MLP_PARAMETERS) ** 2)


def try_shapes(tried: Tried, lines: Lines, **sgd: float) -> None:
    """Train with a loss that does not give prediction and label the same shape."""

    def broadcast(y_hat: Tensor, y: Tensor) -> Tensor:
        return (y_hat.unsqueeze(-1) - y.unsqueeze(-2)) ** 2 / 2  # (n, 1) and (n,) make (n, n)

    for name, loss in {"same shape": LOSSES["squared"], "broadcast": broadcast}.items():
        w = last(train(lines, loss, **sgd))
        tried.note("3.2.5", name, "distance", distance(w))
        tried.note("3.2.5", name, "greatest weight", w[:, : len(WEIGHTS)].abs().amax(dim=1))


def try_unequal_batches(tried: Tried, generators: Sequence[torch.Generator], lines: Lines) -> None:
    """Read an epoch with a batch size that does not divide the number of examples."""
    n = lines.X.shape[1]
    size = next((size for size in range(max(n // 3, 1), n) if n % size), n)
    for replicate, g in enumerate(generators):
        random = Random(g.initial_seed())  # noqa: S311
        batches = [y for (y,) in data_iter(size, random, lines.y[replicate])]
        if replicate == 0:
            tried.note("3.2.7", "epoch", "examples", sum(map(len, batches)))
            tried.note("3.2.7", "epoch", "batch size", size)
            tried.note("3.2.7", "epoch", "last batch", len(batches[-1]))
    errors = (predict(lines.X, torch.zeros_like(lines.X[:, 0])) - lines.y).square() / 2
    parts = torch.stack([part.mean(dim=1) for part in errors.split(size, dim=1)])
    wrong = (parts.mean(dim=0) / errors.mean(dim=1) - 1).abs()
    tried.note("3.2.7", "mean of the batches' means", "relative error of the loss", wrong)


# 3.3


def try_sums(tried: Tried, lines: Lines, batch_size: int, learning_rate: float) -> None:
    """Train by the total loss of a minibatch, with the same rate and with a divided one."""
    own = {"batch_size": batch_size}
    squared = LOSSES["squared"]
    mean = last(train(lines, squared, learning_rate=learning_rate, **own))
    rates = {"same rate": learning_rate, "rate over batch size": learning_rate / batch_size}
    tried.note("3.3.1", "mean", "distance", distance(mean))
    for name, rate in rates.items():
        w = last(train(lines, squared, learning_rate=rate, total=True, **own))
        tried.note("3.3.1", f"total, {name}", "distance", distance(w))
        apart = (w - mean).abs().amax(dim=1)
        tried.note("3.3.1", f"total, {name}", "difference from the mean's", apart)


def try_gradient_of_layer(tried: Tried, lines: Lines) -> None:
    """Read a layer's gradient before and after `backward`."""
    X, y = lines.X[0, :, :-1], lines.y[0].unsqueeze(-1)
    net = nn.Linear(X.shape[-1], 1).double()
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    tried.note("3.3.3", "before backward", "has a gradient", net.weight.grad is not None)
    nn.MSELoss()(net(X), y).backward()
    tried.note("3.3.3", "after backward", "has a gradient", net.weight.grad is not None)
    by_formula = (-2 * y * X).mean(dim=0)
    apart = (net.weight.grad[0] - by_formula).abs().max().item()
    tried.note("3.3.3", "after backward", "greatest difference", apart)
