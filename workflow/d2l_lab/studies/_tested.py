"""Test the model that K-fold has picked, once (notes 4.4.2)."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import torch
from scipy.special import log_softmax

from d2l_lab.studies.given import Data, Studied
from d2l_lab.tables.statistics import standard_error
from d2l_lab.training.fit import measure
from d2l_lab.training.metrics import metrics_of


def examine(layers: Iterable[tuple[np.ndarray, np.ndarray]], data: Data) -> dict[str, np.ndarray]:
    """Return the cross-entropy, and each other metric, of every example (notes 3.6).

    Parameters
    ----------
    layers : iterable of (W, b)
        Shapes (d, h) and (1, h), with ReLU between layers.
    data : Data

    Returns
    -------
    dict
        The values by metric, each (n,): float64, or bool for yes-or-no metrics.
    """
    outputs = forward(layers, data)
    losses = -log_softmax(outputs, axis=1)[np.arange(len(data.y)), data.y]
    one_replica = [torch.from_numpy(each).unsqueeze(0) for each in (outputs, data.y)]
    metrics = metrics_of("classification")
    return {"loss": losses} | {
        metric.name: measure(metric, *one_replica)[0].numpy() for metric in metrics
    }


def forward(layers: Iterable[tuple[np.ndarray, np.ndarray]], data: Data) -> np.ndarray:
    """Return the outputs (n, q), float64, of layers with ReLU between them."""
    H = data.numbers.reshape(len(data.X), -1)
    for number, (W, b) in enumerate(layers):
        H = (np.maximum(H, 0) if number else H).astype(np.float64)
        # not by BLAS, whose sums depend on the number of threads
        H = np.einsum("nd,dh->nh", H, W.astype(np.float64)) + b
    return H


def beside_validation(
    study: str, picked: Studied, settings: Sequence[str], tested: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Compare the test of a picked model with its validation.

    Parameters
    ----------
    study : str
        A study that picks by `d2l_lab.studies._picked`.
    picked : Studied
        Its results.
    settings : sequence of str
        The columns of the picked settings.
    tested : dict
        The result of `examine`.

    Returns
    -------
    DataFrame
        A row for each split (validation, test): the settings, split, loss, loss_error and so on for
        every metric, n (examples), freedom. The errors are standard errors: over the folds for
        validation (see `standard_error`), over the examples for the test, where they are binomial
        for yes-or-no metrics. freedom is their degrees of freedom.
    """
    (choice,) = picked.tables[f"{study}_choice"].to_dict("records")
    tried = picked.tables[study]
    is_own = (tried[[*settings]] == [choice[name] for name in settings]).all(axis=1)
    folds = tried[is_own & (tried["split"] == "validation")]
    about = {name: choice[name] for name in settings}
    validation, test = {**about, "split": "validation"}, {**about, "split": "test"}
    for metric, values in tested.items():
        validation[metric] = choice[f"validation_{metric}"]
        error = standard_error(folds[metric].std(), len(folds), folds=True)
        validation[f"{metric}_error"] = error
        test[metric], test[f"{metric}_error"] = values.mean(), error_of_examples(values)
    validation["n"], test["n"] = folds["n"].sum(), len(tested["loss"])
    validation["freedom"], test["freedom"] = len(folds) - 1, len(tested["loss"]) - 1
    return pd.DataFrame([validation, test])


def error_of_examples(values: np.ndarray) -> float:
    """Return the standard error of a mean over examples; NaN for a single number."""
    if values.dtype == bool:
        share = values.mean()
        return np.sqrt(share * (1 - share) / len(values))
    return pd.Series(values).sem()
