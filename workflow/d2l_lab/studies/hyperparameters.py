"""Learning rate, weight decay and number of layers, picked together by K-fold (notes 4.4.2)."""

from functools import partial
from itertools import product

import numpy as np
import pandas as pd
import torch

from d2l_lab.models.mlp.concise import build
from d2l_lab.studies._picked import Candidate, pick, split_folds
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("hyperparameters", "hyperparameters_choice")
ARRAYS = ("W1", "b1", "W2", "b2", "W3", "b3")  # for as many layers as the chosen model has


def study(
    fashion_mnist_train: Data,
    seed: int,
    *,
    learning_rates: list[float],
    weight_decays: list[float],
    hidden_layers: list[int],
    hidden_units: int,
    examples: int,
    folds: int,
    epochs: int,
    batch_size: int,
) -> dict[str, pd.DataFrame | np.ndarray]:
    """Pick a point of a grid by K-fold on a part of the images, and train it on that whole part.

    It gets no test data, so the choice cannot depend on any. Every point sees the same folds and
    minibatches, and points with the same layers start at the same initial values. Without hidden
    layers the model is softmax regression. The lowest mean validation loss wins; ties go to fewer
    layers, then to less weight decay, then to the smaller learning rate. A point that diverges in a
    fold cannot win.

    Returns
    -------
    dict
        ``hyperparameters``: hidden_layers, weight_decay, learning_rate, fold, split (train,
        validation), loss, accuracy and any other metrics after the last epoch (NaN if it has
        diverged), n (the examples of that split).

        ``hyperparameters_choice``, one row: hidden_layers, weight_decay, learning_rate,
        validation_loss, validation_accuracy (means over the folds), train_loss, train_accuracy
        (of the model trained on the whole part).

        W1 (d, h), b1 (1, h) and so on, float32: that model's parameters.

    Raises
    ------
    LabError
        If there are fewer images than examples or fewer examples than folds, if every point
        diverges, or if the chosen one diverges on the whole part.
    """
    be_deterministic()
    fashion_mnist_train.require(examples, "hyperparameters")
    grid = product(*map(sorted, (hidden_layers, weight_decays, learning_rates)))
    candidates = [
        Candidate(
            {"hidden_layers": layers, "weight_decay": float(decay), "learning_rate": float(rate)},
            partial(build, hidden_units=[hidden_units] * layers),
        )
        for layers, decay, rate in grid
    ]
    draw = generator(seed, "hyperparameters", "part")
    rows = torch.randperm(len(fashion_mnist_train.X), generator=draw)[:examples]
    parts = split_folds("hyperparameters", rows, folds, generator(seed, "hyperparameters", "folds"))
    settings = {"seed": seed, "epochs": epochs, "batch_size": batch_size}
    return pick("hyperparameters", fashion_mnist_train, rows, parts, candidates, **settings)
