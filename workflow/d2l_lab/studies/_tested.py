"""A model that was picked by validation, and its one test (notes 4.4.2)."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import log_softmax

from d2l_lab.tables.statistics import standard_error


def examine_outputs(outputs: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the cross-entropy of each example, and whether its class is found (notes 3.6).

    Both are (n,), float64 and bool; the outputs are (n, q), the classes y (n,).
    """
    losses = -log_softmax(outputs, axis=1)[np.arange(len(y)), y]
    return losses, outputs.argmax(axis=1) == y


def beside_validation(
    choice: dict[str, Any], folds: pd.DataFrame, losses: np.ndarray, hits: np.ndarray
) -> pd.DataFrame:
    """Put the test beside the validation, each number with its standard error.

    Over the folds for validation, which are not independent; for the test over the examples,
    binomial for the accuracy. Beside them stand the degrees of freedom.
    """
    accuracy, n, k = hits.mean(), len(hits), len(folds)
    errors = {
        f"{metric}_error": standard_error(folds[metric].std(), k, folds=True)
        for metric in ("loss", "accuracy")
    }
    rows = [
        {
            "split": "validation",
            "loss": choice["validation_loss"],
            "loss_error": errors["loss_error"],
            "accuracy": choice["validation_accuracy"],
            "accuracy_error": errors["accuracy_error"],
            "n": folds["n"].sum(),
            "freedom": k - 1,
        },
        {
            "split": "test",
            "loss": losses.mean(),
            "loss_error": pd.Series(losses).sem(),
            "accuracy": accuracy,
            "accuracy_error": np.sqrt(accuracy * (1 - accuracy) / n),
            "n": n,
            "freedom": n - 1,
        },
    ]
    return pd.DataFrame(rows)
