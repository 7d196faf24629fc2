"""The notes' training loop, written once, on softmax regression and the perceptron (notes 4.2.5).

It uses double precision, so that rounding does not hide differences from the loop that trains all
models of this project.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from d2l_lab.datasets.images import to_numbers
from d2l_lab.models.mlp import concise as mlp_concise
from d2l_lab.models.mlp import scratch as mlp_scratch
from d2l_lab.models.softmax_regression import concise as softmax_concise
from d2l_lab.models.softmax_regression import scratch as softmax_scratch
from d2l_lab.studies._together import train_together
from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import with_companion
from d2l_lab.training.minibatches import shuffles
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("plain_loop",)


def study(
    fashion_mnist_train: Data,
    seed: int,
    *,
    examples: int,
    hidden_units: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    replicates: int,
) -> dict[str, pd.DataFrame]:
    """Train both models by the plain loop and by the project's, from the same initial values.

    Both use the first `examples` images, in the same minibatches.

    Returns
    -------
    plain_loop : DataFrame
        module (such as mlp.scratch), replicate, steps, greatest_difference (of a parameter between
        the two loops, after the last step), greatest_value (of a parameter, absolute).

    Raises
    ------
    LabError
        If a loss stops being finite.
    """
    be_deterministic()
    units = {"hidden_units": hidden_units}
    networks = {
        "softmax_regression": softmax_concise.network,
        "mlp": partial(mlp_concise.network, hidden_units=hidden_units),
    }
    builders = {
        "softmax_regression.scratch": softmax_scratch.build,
        "softmax_regression.concise": softmax_concise.build,
        "mlp.scratch": partial(mlp_scratch.build, **units),
        "mlp.concise": partial(mlp_concise.build, **units),
    }
    numbers = with_companion(range(replicates))
    X, y = fashion_mnist_train.X[:examples], fashion_mnist_train.y[:examples]
    data = fashion_mnist_train._replace(X=to_numbers(X).astype(np.float64), y=y)
    sgd = {"epochs": epochs, "batch_size": batch_size}
    with double_precision():
        models, _ = train_together(
            "plain_loop",
            data,
            [torch.arange(len(y))] * len(numbers),
            [*builders.values()],
            [learning_rate] * len(builders),
            [],
            seed=seed,
            counted="replicate",
            rates_key="learning_rate",
            **sgd,
        )
        plain = {
            (family, replicate): train_plainly(network, data, seed, replicate, learning_rate, **sgd)
            for family, network in networks.items()
            for replicate in range(replicates)
        }
    rows = [
        (module, replicate, *compare(model.parameters(), replicate, *plain[family, replicate]))
        for module, model in zip(builders, models, strict=True)
        for family in [module.partition(".")[0]]
        for replicate in range(replicates)
    ]
    columns = ["module", "replicate", "steps", "greatest_difference", "greatest_value"]
    return {"plain_loop": pd.DataFrame(rows, columns=columns)}


@contextmanager
def double_precision() -> Iterator[None]:
    """Temporarily make double precision the default for new tensors."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def train_plainly(
    network: Callable[..., nn.Module],
    data: Data,
    seed: int,
    replicate: int,
    learning_rate: float,
    *,
    epochs: int,
    batch_size: int,
) -> tuple[int, list[Tensor]]:
    """Train one replicate by the notes' loop; return the steps taken, and W and b of each layer."""
    initial, shuffle = (
        generator(seed, "plain_loop", what, replicate) for what in ("initial values", "shuffles")
    )
    net = network(data.X[0].size, data.outputs, generator=initial)
    updater = torch.optim.SGD(net.parameters(), lr=learning_rate)
    loss = nn.CrossEntropyLoss(reduction="none")
    X, y = to_examples(data)
    orders = shuffles([torch.arange(len(y))], [shuffle])
    steps = 0
    for _ in range(epochs):
        batches = [(X[rows], y[rows]) for rows in next(orders).index[0].split(batch_size)]
        train_epoch(net, batches, loss, updater)
        steps += len(batches)
    values = [parameter.detach() for parameter in net.parameters()]
    return steps, [value.T if value.dim() > 1 else value for value in values]


def train_epoch(
    net: nn.Module,
    train_iter: Iterable[tuple[Tensor, Tensor]],
    loss: nn.Module,
    updater: torch.optim.Optimizer,
) -> None:
    """Train one epoch, like the notes' `train_epoch_ch3` with PyTorch's optimisers (3.6)."""
    net.train()
    for X, y in train_iter:
        y_hat = net(X)
        l = loss(y_hat, y)  # noqa: E741 (the notes' name)
        updater.zero_grad()
        l.mean().backward()
        updater.step()


def compare(
    parameters: dict[str, Tensor], replicate: int, steps: int, plain: list[Tensor]
) -> tuple[int, float, float]:
    """Return the steps, the greatest difference of a parameter, and the greatest absolute value."""
    own = [values[replicate].squeeze(0) for values in parameters.values()]
    pairs = [*zip(own, plain, strict=True)]
    apart = max((first - second).abs().max().item() for first, second in pairs)
    return steps, apart, max(value.abs().max().item() for value in plain)
