"""The model that cross-validation has picked, tested once (notes 4.4.2)."""

import numpy as np
import pandas as pd

from d2l_lab.studies._tested import beside_validation, examine_outputs
from d2l_lab.studies.given import Data, Studied

TABLES = ("selection_test",)


def study(selection: Studied, fashion_mnist_test: Data) -> dict[str, pd.DataFrame]:
    """Test the model of the study `selection`, and put the result beside its validation.

    Returns
    -------
    dict
        ``selection_test``, a row for each split (validation, test): learning_rate, split, loss,
        loss_error, accuracy, accuracy_error, n (examples), freedom. The errors are standard errors:
        over the folds for validation, see `standard_error`; for the test over the examples,
        binomial for the accuracy; freedom are their degrees.
    """
    (choice,) = selection.tables["selection_choice"].to_dict("records")
    rate = choice["learning_rate"]
    tried = selection.tables["selection"]
    folds = tried[(tried["learning_rate"] == rate) & (tried["split"] == "validation")]
    losses, hits = examine(selection.arrays["W"], selection.arrays["b"], fashion_mnist_test)
    table = beside_validation(choice, folds, losses, hits)
    table.insert(0, "learning_rate", rate)
    return {"selection_test": table}


def examine(W: np.ndarray, b: np.ndarray, data: Data) -> tuple[np.ndarray, np.ndarray]:
    """Give the cross-entropy of each example, and whether its class is found (notes 3.6).

    Both are (n,), float64 and bool; W is (d, q) and b (1, q).
    """
    X = data.numbers.reshape(len(data.X), -1).astype(np.float64)
    # not by BLAS, whose sums depend on how many threads it has
    outputs = np.einsum("nd,dq->nq", X, W.astype(np.float64)) + b
    return examine_outputs(outputs, data.y)
