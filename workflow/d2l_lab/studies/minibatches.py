"""Epochs of minibatches by the notes' data_iter and by DataLoader (notes 3.2, 3.3)."""

from collections.abc import Iterable, Iterator
from random import Random

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("minibatches", "minibatches_examples", "minibatches_order")
WAYS = ("data_iter", "DataLoader")


def study(
    linear_train: Data, seed: int, *, batch_size: int, epochs: int, replicates: int
) -> dict[str, pd.DataFrame]:
    """Read epochs of the training set both ways, and record the order of the examples.

    Each replicate has its own random numbers.

    Returns
    -------
    minibatches : DataFrame
        way (data_iter, DataLoader), batch, example: the row numbers in the order of reading, in the
        first epoch of the first replicate.
    minibatches_examples : DataFrame
        example, feature (x[0], x[1], …), x, y.
    minibatches_order : DataFrame
        way, replicate, epoch, compared_with, same_places, rank_correlation, examples: how similar
        the order of an epoch is to that of the index, of the epoch before it, or of the same epoch
        in the replicate before it. Two random orders have one example at the same place on average,
        and the mean square of their rank correlation is 1 / (examples - 1).
    """
    be_deterministic()
    X, y = to_examples(linear_train)
    rows = torch.arange(len(X))
    readers = [
        (way, replicate, reader(way, replicate, (X, y, rows), batch_size, seed))
        for way in WAYS
        for replicate in range(replicates)
    ]
    seen = {
        (way, replicate, epoch): [numbers.numpy() for *_, numbers in batches]
        for way, replicate, batches_of_epochs in readers
        for epoch, batches in zip(range(epochs), batches_of_epochs, strict=False)
    }
    first = [
        pd.DataFrame({"way": way, "batch": batch, "example": numbers})
        for way in WAYS
        for batch, numbers in enumerate(seen[way, 0, 0])
    ]
    features = pd.DataFrame(linear_train.X.astype(np.float64)).rename(columns="x[{}]".format)
    examples = features.assign(y=linear_train.y[:, 0].astype(np.float64), example=rows.numpy())
    long = examples.melt(id_vars=["example", "y"], var_name="feature", value_name="x")
    return {
        "minibatches": pd.concat(first, ignore_index=True),
        "minibatches_examples": long[["example", "feature", "x", "y"]],
        "minibatches_order": compare({key: np.concatenate(part) for key, part in seen.items()}),
    }


def reader(
    way: str, replicate: int, tensors: tuple[Tensor, ...], batch_size: int, seed: int
) -> Iterator[Iterable[Iterable[Tensor]]]:
    """Yield epochs one after the other, each as an iterator of minibatches."""
    shuffle = generator(seed, "minibatches", way, replicate)
    random = Random(shuffle.initial_seed())  # noqa: S311
    loader = DataLoader(TensorDataset(*tensors), batch_size, shuffle=True, generator=shuffle)
    while True:
        yield loader if way == "DataLoader" else data_iter(batch_size, random, *tensors)


def data_iter(batch_size: int, random: Random, *tensors: Tensor) -> Iterator[Iterable[Tensor]]:
    """Yield the examples in random order, batch by batch, like the notes' iterator (3.2)."""
    indices = list(range(len(tensors[0])))
    random.shuffle(indices)
    for i in range(0, len(indices), batch_size):
        batch = torch.tensor(indices[i : i + batch_size])
        yield [tensor[batch] for tensor in tensors]


def compare(orders: dict[tuple[str, int, int], np.ndarray]) -> pd.DataFrame:
    """Compare the order of each epoch with the index, and with earlier orders."""
    rows = []
    for (way, replicate, epoch), order in orders.items():
        others = {
            "index": np.arange(len(order)),
            "epoch before": orders.get((way, replicate, epoch - 1)),
            "replicate before": orders.get((way, replicate - 1, epoch)),
        }
        rows += [
            (way, replicate, epoch, name, (order == other).sum(), correlation(order, other))
            for name, other in others.items()
            if other is not None
        ]
    columns = ["way", "replicate", "epoch", "compared_with", "same_places", "rank_correlation"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(examples=[len(orders[tuple(row)]) for row in table[columns[:3]].to_numpy()])


def correlation(order: np.ndarray, other: np.ndarray) -> float:
    """Return the rank correlation of the examples' positions in two orders.

    It is undefined for a single example.
    """
    if len(order) < 2:
        return np.nan
    places, others = np.argsort(order), np.argsort(other)
    return float(np.corrcoef(places, others)[0, 1])
