"""Small experiments that answer exercises on the multilayer perceptron (d2l-zh 4.1 to 4.4)."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import torch
from torch import Tensor, nn

from d2l_lab.studies._networks import (
    Activation,
    Images,
    Settings,
    draw_weights,
    logits,
    take_images,
    train,
    validate,
)
from d2l_lab.studies._tried import Tried, randn
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import with_companion
from d2l_lab.training.randomness import Generators, be_deterministic, generator, generator_factory

TABLES = ("exercises_mlp",)
SLOPE = 0.25  # PReLU's slope below zero; PyTorch's initial value
POINTS = 2001  # along a line through the space of the inputs
UNITS = 16  # hidden units of the network on that line
WIDTHS = (4, 16, 64, 128)
DEPTHS = (1, 2, 3)
WIDTH = 64
RATES = (0.01, 0.03, 0.1, 0.3, 1.0)
DEPTH_RATES = (0.1, 0.3)
ACTIVATIONS: dict[str, Activation] = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "none": lambda X: X,
}
INITIAL: dict[str, Callable[[int, int], float]] = {
    "zero": lambda _inputs, _outputs: 0.0,
    "N(0, 0.01²)": lambda _inputs, _outputs: 0.01,
    "Xavier": lambda inputs, outputs: (2 / (inputs + outputs)) ** 0.5,
    "He": lambda inputs, _outputs: (2 / inputs) ** 0.5,
    "N(0, 1)": lambda _inputs, _outputs: 1.0,
}
DEGREE = 10  # degree of the polynomials on features scaled in several ways
POLYNOMIAL_EXAMPLES = 100
STEPS = 400


def study(
    fashion_mnist_train: Data,
    polynomial: dict,
    seed: int,
    *,
    examples: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Run the experiments for the exercises on the perceptron.

    `polynomial` has the weights and the noise of that dataset.

    Returns
    -------
    exercises_mlp : DataFrame
        exercise (section, number and part), case, measure, replicate, value.
    """
    be_deterministic()
    numbers = with_companion(range(replicates))
    generators = generator_factory(seed, "exercises_mlp", numbers=numbers)
    tried = Tried(replicates)
    try_formulas(tried, generators)
    try_pieces(tried, generators("pieces"))
    try_normalisation(tried, generators("batches"))
    draw = generator(seed, "exercises_mlp", "images")
    images = take_images(fashion_mnist_train, draw, generators("images"), examples)
    tried.note("4.2.1", "images", "examples", images.rows.shape[1])
    sgd = {"epochs": epochs, "batch_size": batch_size}
    try_networks(tried, partial(accuracies, images, generators, **sgd), learning_rate)
    try_scales(tried, polynomial, seed, numbers)
    return {"exercises_mlp": tried.table()}


# 4.1


def try_formulas(tried: Tried, generators: Generators) -> None:
    """Check the derivative of PReLU, and the identity of tanh and sigmoid."""
    x = 3 * randn(generators("inputs"), POINTS).requires_grad_()
    slope = torch.tensor([SLOPE], dtype=x.dtype)
    (derivative,) = torch.autograd.grad(nn.functional.prelu(x, slope).sum(), [x])
    by_formula = torch.where(x > 0, 1.0, SLOPE)
    tried.note("4.1.1", "PReLU", "greatest difference", (derivative - by_formula).abs().amax(1))
    x = x.detach()
    apart = (torch.tanh(x) + 1 - 2 * torch.sigmoid(2 * x)).abs().amax(dim=1)
    tried.note("4.1.3", "tanh and sigmoid", "greatest difference", apart)


def try_pieces(tried: Tried, generators: Sequence[torch.Generator]) -> None:
    """Count the linear pieces of networks along a line through the space of their inputs."""
    layers = draw_weights([2, UNITS, UNITS, 1], INITIAL["He"], generators)
    layers = [layer.double() for layer in layers]
    for b in layers[1::2]:
        b.add_(0.5 * randn(generators, *b.shape[1:]))
    t = torch.linspace(-3, 3, POINTS, dtype=torch.float64)
    line = torch.stack([t, 0.5 * t + 0.3], dim=1).expand(len(generators), -1, -1)
    for name, activation in {"relu": torch.relu, "tanh": torch.tanh}.items():
        outputs = logits(line, layers, activation)[..., 0]
        bends = outputs.diff(n=2, dim=1).abs() > 1e-9
        straight = 1 - bends.double().mean(dim=1)
        tried.note("4.1.2", name, "share of the line that is straight", straight)
        starts = bends[:, 1:] & ~bends[:, :-1]
        tried.note("4.1.2", name, "pieces", 1 + starts.sum(dim=1))
        tried.note("4.1.2", name, "greatest jump", outputs.diff(dim=1).abs().amax(dim=1))


def try_normalisation(tried: Tried, generators: Sequence[torch.Generator]) -> None:
    """Apply elementwise functions and normalisation to whole minibatches."""
    X = randn(generators, 2, 8, 4)
    first, second = X[:, 0], torch.cat([X[:, 0, :1], X[:, 1, 1:]], dim=1)  # share one example
    units = {
        "relu": torch.relu,
        "batch normalisation": normalised,
    }
    for name, unit in units.items():
        apart = (unit(first)[:, 0] - unit(second)[:, 0]).abs().amax(dim=1)
        tried.note("4.1.4", name, "change by the other examples", apart)
    alone = normalised(X[:, 0, :1]).isnan().double().mean(dim=(1, 2))
    tried.note("4.1.4", "batch of one", "share that is no number", alone)


def normalised(X: Tensor) -> Tensor:
    """Normalise each feature over its minibatch: (R, B, d)."""
    mean = X.mean(dim=1, keepdim=True)
    return (X - mean) / (X - mean).square().mean(dim=1, keepdim=True).sqrt()


# 4.2 and 4.3


def try_networks(tried: Tried, own: Callable[..., list[Tensor]], learning_rate: float) -> None:
    """Change one thing at a time in a perceptron with one hidden layer.

    `own` trains perceptrons of some widths with each of some rates; see `accuracies`.
    """
    rates = [*dict.fromkeys([learning_rate, *DEPTH_RATES, *RATES])]
    by_rate = dict(zip(rates, own([WIDTH], rates), strict=True))
    usual = by_rate[learning_rate]

    def note(exercise: str, case: object, values: Tensor) -> None:
        tried.note(exercise, f"{case}", "validation accuracy", values)

    for width in WIDTHS:
        note("4.2.1", width, usual if width == WIDTH else own([width], [learning_rate])[0])
    for depth in DEPTHS:
        if depth == 1:
            every = [by_rate[rate] for rate in DEPTH_RATES]
        else:
            every = own([WIDTH] * depth, DEPTH_RATES)
        for rate, found in zip(DEPTH_RATES, every, strict=True):
            note("4.2.2", f"{depth}, {rate:g}", found)
    for rate in RATES:
        note("4.2.3", f"{rate:g}", by_rate[rate])
    for name, activation in ACTIVATIONS.items():
        is_usual = activation is torch.relu
        (found,) = [usual] if is_usual else own([WIDTH], [learning_rate], activation=activation)
        note("4.3.2", name, found)
    for name, deviations in INITIAL.items():
        is_usual = deviations is INITIAL["He"]
        (found,) = [usual] if is_usual else own([WIDTH], [learning_rate], deviations=deviations)
        note("4.3.3", name, found)


def accuracies(
    images: Images,
    generators: Generators,
    hidden_units: Sequence[int],
    rates: Sequence[float],
    *,
    activation: Activation = torch.relu,
    deviations: Callable[[int, int], float] = INITIAL["He"],
    epochs: int,
    batch_size: int,
) -> list[Tensor]:
    """Train perceptrons with each learning rate, and return the accuracies of the replicates.

    All see the same minibatches, and those of the same shape have the same initial values.
    """
    replicas, times = len(images.rows), len(rates)
    several = images.repeated(times)
    orders = [g for _ in rates for g in generators("shuffles")]
    sizes = [images.X.shape[1], *hidden_units, images.classes]
    layers = draw_weights(sizes, deviations, generators("initial values"))
    layers = [layer.repeat(times, 1, 1) for layer in layers]
    each = torch.tensor(rates, dtype=torch.float32).repeat_interleave(replicas)
    settings = Settings(each, torch.zeros_like(each), batch_size, epochs)
    *_, trained = train(several, orders, layers, activation, settings)
    return [*validate(several, trained, activation)[1].split(replicas)]


# 4.4


def try_scales(tried: Tried, polynomial: dict, seed: int, numbers: Sequence[int]) -> None:
    """Fit polynomials by gradient descent, on features scaled in several ways."""
    losses = {name: [] for name in ("powers", "divided by i!", "standardised")}
    floors = []
    weights, noise = polynomial["weights"], polynomial["noise"]
    for replicate in numbers:
        g = generator(seed, "exercises_mlp", "polynomials", replicate)
        x = torch.randn(POLYNOMIAL_EXAMPLES, 1, generator=g, dtype=torch.float64)
        degrees = torch.arange(DEGREE + 1)
        factorials = torch.lgamma(degrees.double() + 1).exp()
        powers = x**degrees
        known = torch.zeros(DEGREE + 1, dtype=torch.float64)
        known[: len(weights)] = torch.tensor(weights, dtype=torch.float64)[: DEGREE + 1]
        exact = (powers / factorials) @ known
        y = exact + noise * torch.randn(len(x), generator=g, dtype=torch.float64)
        floors.append((y - exact).square().mean().item())
        spread = powers.std(dim=0)
        spread[0] = 1
        centred = powers - powers.mean(dim=0) * (degrees > 0)
        scaled = {
            "powers": powers,
            "divided by i!": powers / factorials,
            "standardised": centred / spread,
        }
        for name, X in scaled.items():
            w = torch.zeros(DEGREE + 1, dtype=torch.float64)
            for _ in range(STEPS):
                w = w - 0.01 * X.T @ (X @ w - y) / len(y)
            losses[name].append((X @ w - y).square().mean().item())
    for name, found in losses.items():
        tried.note("4.4.3", name, "training loss", found)
    tried.note("4.4.4", "the true polynomial", "test loss", floors)
