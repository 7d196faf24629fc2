"""One epoch of mini-batches by hand and by DataLoader (notes 3.2, 3.3)."""

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

TABLES = ("minibatches", "minibatches_examples")


def study(linear_train: Data, seed: int, *, batch_size: int) -> dict[str, pd.DataFrame]:
    """Read one epoch of the training set both ways, and note which examples came when.

    Returns
    -------
    minibatches : DataFrame
        way (data_iter, DataLoader), batch, example: the row numbers in the order they came.
    minibatches_examples : DataFrame
        example, feature (x[0], x[1], …), x, y.
    """
    be_deterministic()
    X, y = to_examples(linear_train)
    rows = torch.arange(len(X))
    loader = DataLoader(
        TensorDataset(X, y, rows),
        batch_size,
        shuffle=True,
        generator=generator(seed, "minibatches", "DataLoader"),
    )
    ways = {
        "data_iter": data_iter(batch_size, Random(seed), X, y, rows),  # noqa: S311
        "DataLoader": loader,
    }
    seen = [
        pd.DataFrame({"way": way, "batch": batch, "example": numbers.numpy()})
        for way, batches in ways.items()
        for batch, (_, _, numbers) in enumerate(batches)
    ]
    features = pd.DataFrame(linear_train.X.astype(np.float64)).rename(columns="x[{}]".format)
    examples = features.assign(y=linear_train.y[:, 0].astype(np.float64), example=rows.numpy())
    long = examples.melt(id_vars=["example", "y"], var_name="feature", value_name="x")
    return {
        "minibatches": pd.concat(seen, ignore_index=True),
        "minibatches_examples": long[["example", "feature", "x", "y"]],
    }


def data_iter(batch_size: int, random: Random, *tensors: Tensor) -> Iterator[Iterable[Tensor]]:
    """Give the examples in random order, batch by batch: the notes' iterator by hand (3.2)."""
    indices = list(range(len(tensors[0])))
    random.shuffle(indices)
    for i in range(0, len(indices), batch_size):
        batch = torch.tensor(indices[i : i + batch_size])
        yield [tensor[batch] for tensor in tensors]
