"""Small experiments that answer exercises on softmax regression (d2l-zh 3.4 to 3.7)."""

import math
import time
from collections.abc import Iterable, Sequence

import pandas as pd
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from d2l_lab.studies._networks import (
    Images,
    Settings,
    draw_weights,
    evaluated,
    take_images,
    train,
    validate,
)
from d2l_lab.studies._timing import measure_seconds
from d2l_lab.studies._tried import Tried, rand, randn
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import with_companion
from d2l_lab.training.randomness import Generators, be_deterministic, generator, generator_factory

TABLES = ("exercises_softmax", "exercises_softmax_timing")
CLASSES = 10
DRAWN = 10_000  # labels to estimate a variance from
JOINTLY = (1, 2, 3, 4, 5, 6, 7, 8)  # observations coded together
MESSAGE = 840  # observations, a multiple of each of these
SHARPNESS = (1, 10, 100, 1000)  # λ
READ = (1, 16, 256)  # batch sizes
PATIENTS = 2000
MISSED, FALSE_ALARM = 10.0, 1.0  # the costs of errors
VOCABULARIES = (10, 1000, 50_000)  # words
CORPUS = 10_000  # words read
FEATURES = 32  # length of the context of a predicted word
BATCH_SIZES, RATES = (16, 64, 256), (0.01, 0.1, 1.0)
FEW, LONG = 100, 200  # images, and epochs to memorise them
LOOKS = (1, 10, 30, 100, 200)  # the epochs after which to evaluate
DECAYS = {"no weight decay": 0.0, "weight decay": 0.01}
QUICK = 3  # factor of the learning rate for memorising
DEVIATION = 0.01  # standard deviation of the initial weights (notes 3.7)


def study(
    fashion_mnist_train: Data,
    seed: int,
    *,
    examples: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Run the experiments for the exercises on softmax regression.

    Returns
    -------
    exercises_softmax : DataFrame
        exercise (section, number and part), case, measure, replicate, value.
    exercises_softmax_timing : DataFrame
        The same columns; each replicate is one measurement of a time.
    """
    be_deterministic()
    numbers = with_companion(range(replicates))
    generators = generator_factory(seed, "exercises_softmax", numbers=numbers)
    tried, timed = Tried(replicates), Tried(replicates)
    try_second_derivatives(tried, generators)
    try_codes(tried, generators("message"))
    try_maximum(tried, generators)
    try_decisions(tried, generators)
    try_vocabularies(tried, timed, generators)
    draw = generator(seed, "exercises_softmax", "images")
    images = take_images(fashion_mnist_train, draw, generators("images"), examples)
    time_reading(timed, images, generators("reading"))
    settings = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    try_hyperparameters(tried, images, generators, **settings)
    try_many_epochs(tried, images, generators, learning_rate)
    return {"exercises_softmax": tried.table(), "exercises_softmax_timing": timed.table()}


# 3.4


def try_second_derivatives(tried: Tried, generators: Generators) -> None:
    """Compare the cross-entropy's second derivatives with the variance of labels from softmax."""
    apart, variances = [], []
    logits = randn(generators("logits"), CLASSES)
    for o, g in zip(logits, generators("labels"), strict=True):
        hessian = torch.autograd.functional.hessian(lambda o: torch.logsumexp(o, dim=0) - o[0], o)
        p = o.softmax(dim=0)
        covariance = p.diag() - p.outer(p)
        apart.append((hessian - covariance).abs().max().item())
        labels = torch.multinomial(p, DRAWN, replacement=True, generator=g)
        drawn = torch.nn.functional.one_hot(labels, CLASSES).double().var(dim=0)
        variances.append((drawn.sum() / covariance.diag().sum() - 1).item())
    tried.note("3.4.1", "Hessian and covariance", "greatest difference", apart)
    tried.note("3.4.1", "drawn labels", "relative difference of the variance", variances)


def try_codes(tried: Tried, generators: Sequence[torch.Generator]) -> None:
    """Encode observations of three equally probable classes in bits, several at a time."""
    messages = [torch.randint(3, (MESSAGE,), generator=g) for g in generators]
    for n in JOINTLY:
        length = math.ceil(math.log2(3**n))  # bits for the number of a joint observation
        powers = 3 ** torch.arange(n)
        lost = []
        for message in messages:
            codes = (message.reshape(-1, n) * powers).sum(dim=1)
            bits = codes.unsqueeze(1) >> torch.arange(length) & 1
            read = (bits << torch.arange(length)).sum(dim=1)
            found = (read.unsqueeze(1) // powers % 3).flatten()
            lost.append((found != message).double().mean().item())
        tried.note("3.4.2", f"{n}", "bits per observation", length / n)
        tried.note("3.4.2", f"{n}", "share that is lost", lost)
    tried.note("3.4.2", "entropy", "least bits", math.log2(3))


def try_maximum(tried: Tried, generators: Generators) -> None:
    """Compare the soft maximum log(exp a + exp b) with the maximum of two numbers, and of more."""
    a, b = randn(generators("numbers"), 2, DRAWN).unbind(dim=1)
    for sharpness in SHARPNESS:
        soft = torch.logaddexp(sharpness * a, sharpness * b) / sharpness
        above = soft - torch.maximum(a, b)
        tried.note("3.4.3", f"{sharpness}", "greatest excess", above.amax(dim=1))
        tried.note("3.4.3", f"{sharpness}", "least excess", above.amin(dim=1))
    soft = -torch.logaddexp(-a, -b)
    tried.note("3.4.3", "minimum", "greatest excess", (soft - torch.minimum(a, b)).amax(dim=1))
    many = randn(generators("more numbers"), DRAWN // CLASSES, CLASSES)
    above = torch.logsumexp(many, dim=-1) - many.amax(dim=-1)
    tried.note("3.4.3", "ten numbers", "least excess", above.amin(dim=1))
    tried.note("3.4.3", "ten numbers", "greatest excess", above.amax(dim=1))


# 3.5


def time_reading(timed: Tried, images: Images, generators: Sequence[torch.Generator]) -> None:
    """Time one epoch of a DataLoader with minibatches of several sizes, by image."""
    data = TensorDataset(images.X, images.y[: len(images.X)])
    for size in READ:
        times = [
            measure_seconds(DataLoader(data, size, shuffle=True, generator=g)) / len(data)
            for g in generators
        ]
        timed.note(
            "3.5.1", f"batch size {size}", "microseconds per image", 1e6 * torch.tensor(times)
        )


# 3.6


def try_decisions(tried: Tried, generators: Generators) -> None:
    """Decide who is treated, by the likelier class and by the lower expected cost."""
    probability = torch.sigmoid(2 * randn(generators("patients"), PATIENTS) - 2)
    is_ill = rand(generators("illness"), PATIENTS) < probability
    rules = {
        "likelier class": probability > 0.5,
        "lower expected cost": probability * MISSED > (1 - probability) * FALSE_ALARM,
    }
    for name, treated in rules.items():
        cost = MISSED * (is_ill & ~treated) + FALSE_ALARM * (~is_ill & treated)
        tried.note("3.6.4", name, "cost per patient", cost.mean(dim=1))
        tried.note("3.6.4", name, "accuracy", (is_ill == treated).double().mean(dim=1))


def try_vocabularies(tried: Tried, timed: Tried, generators: Generators) -> None:
    """Predict words from growing vocabularies; measure the unread share and the time of a step."""
    for words in VOCABULARIES:
        frequencies = 1 / torch.arange(1, words + 1, dtype=torch.float64)  # Zipf's law
        unread, times = [], []
        W = torch.zeros(FEATURES, words, requires_grad=True)
        for g in generators(f"{words} words"):
            read = torch.multinomial(frequencies, CORPUS, replacement=True, generator=g)
            unread.append(1 - len(read.unique()) / words)
            X = torch.randn(16, FEATURES, generator=g)
            start = time.perf_counter()
            torch.nn.functional.cross_entropy(X @ W, read[:16]).backward()
            times.append(1e3 * (time.perf_counter() - start))
        tried.note("3.6.5", f"{words}", "share of words never read", unread)
        timed.note("3.6.5", f"{words}", "milliseconds per step", times)


# 3.7


def try_hyperparameters(
    tried: Tried,
    images: Images,
    generators: Generators,
    epochs: int,
    batch_size: int,
    learning_rate: float,
) -> None:
    """Train with several batch sizes, learning rates and numbers of epochs."""
    replicas = len(images.rows)
    tried.note("3.7.1", "images", "examples", images.rows.shape[1])
    for size in dict.fromkeys([*BATCH_SIZES, batch_size]):
        is_own = size == batch_size
        rates = [learning_rate, *RATES] if is_own else [learning_rate]
        each = torch.tensor(rates).repeat_interleave(replicas)
        settings = Settings(each, torch.zeros_like(each), size, epochs)
        several = images.repeated(len(rates))
        found = [
            validate(several, layers, torch.relu)[1].split(replicas)
            for epoch, layers in enumerate(softmax_regressions(several, generators, settings), 1)
            if epoch in (1, -(-epochs // 3), epochs)
        ]
        tried.note("3.7.1", f"batch size {size}", "validation accuracy", found[-1][0])
        if is_own:
            for rate, accuracy in zip(RATES, found[-1][1:], strict=True):
                tried.note("3.7.1", f"learning rate {rate:g}", "validation accuracy", accuracy)
            for epoch, accuracies in zip(
                dict.fromkeys([1, -(-epochs // 3), epochs]), found, strict=True
            ):
                tried.note("3.7.1", f"{epoch} epochs", "validation accuracy", accuracies[0])


def try_many_epochs(
    tried: Tried, images: Images, generators: Generators, learning_rate: float
) -> None:
    """Train on few images for many epochs, without and with weight decay."""
    replicas = len(images.rows)
    few = images._replace(rows=images.rows[:, :FEW]).repeated(len(DECAYS))
    decays = torch.tensor([*DECAYS.values()]).repeat_interleave(replicas)
    settings = Settings(torch.full_like(decays, QUICK * learning_rate), decays, FEW // 5, LONG)
    for epoch, layers in enumerate(softmax_regressions(few, generators, settings), start=1):
        if epoch in LOOKS:
            X, y = few.X[few.rows], few.y[few.rows]
            measures = {
                "validation": validate(few, layers, torch.relu),
                "training": evaluated(X, y, layers, torch.relu),
            }
            for split, (losses, accuracies) in measures.items():
                for name, loss, accuracy in zip(
                    DECAYS, losses.split(replicas), accuracies.split(replicas), strict=True
                ):
                    tried.note("3.7.2", f"{name}, {epoch} epochs", f"{split} loss", loss)
                    tried.note("3.7.2", f"{name}, {epoch} epochs", f"{split} accuracy", accuracy)


def softmax_regressions(
    images: Images, generators: Generators, settings: Settings
) -> Iterable[list[Tensor]]:
    """Train softmax regression, each replicate from its own values and in its own order."""
    times = len(images.rows) // len(generators("shuffles"))
    orders = [g for _ in range(times) for g in generators("shuffles")]
    initial = [g for _ in range(times) for g in generators("initial values")]
    sizes = (images.X.shape[1], images.classes)
    layers = draw_weights(sizes, lambda _inputs, _outputs: DEVIATION, initial)
    return train(images, orders, layers, torch.relu, settings)
