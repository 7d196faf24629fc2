"""A learning rate picked by K-fold cross-validation, on training data alone (notes 4.4.2)."""

import numpy as np
import pandas as pd
import torch

from d2l_lab.models.softmax_regression.concise import build
from d2l_lab.studies._picked import Candidate, pick, split_folds
from d2l_lab.studies.given import Data
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("selection", "selection_choice")
ARRAYS = ("W", "b")  # the parameters of the model trained with the chosen learning rate


def study(
    fashion_mnist_train: Data,
    seed: int,
    *,
    learning_rates: list[float],
    folds: int,
    epochs: int,
    batch_size: int,
) -> dict[str, pd.DataFrame | np.ndarray]:
    """Pick softmax regression's learning rate, and train with it on all data (notes 4.4.2).

    It gets no test data, so the choice cannot depend on any. Every learning rate sees the same
    folds, initial values and shuffles. The lowest mean validation loss wins; ties go to the smaller
    learning rate. A learning rate that diverges in a fold cannot win.

    Returns
    -------
    dict
        ``selection``: learning_rate, fold, split (train, validation), loss, accuracy and any other
        metrics after the last epoch (NaN if it has diverged), n (the examples of that split).

        ``selection_choice``, one row: learning_rate, validation_loss, validation_accuracy (means
        over the folds), train_loss, train_accuracy (of the model trained on all data).

        W (d, q) and b (1, q), float32: that model's parameters.

    Raises
    ------
    LabError
        If there are more folds than examples, if every learning rate diverges, or if the chosen one
        diverges on all data.
    """
    be_deterministic()
    rows = torch.arange(len(fashion_mnist_train.X))
    parts = split_folds("selection", rows, folds, generator(seed, "selection", "folds", len(rows)))
    rates = sorted(map(float, learning_rates))
    candidates = [Candidate({"learning_rate": rate}, build) for rate in rates]
    settings = {"seed": seed, "epochs": epochs, "batch_size": batch_size}
    return pick("selection", fashion_mnist_train, rows, parts, candidates, **settings)
