"""The model whose hyperparameters were picked together, tested once (notes 4.4.2)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from d2l_lab.studies._tested import beside_validation, examine_outputs
from d2l_lab.studies.given import Data, Studied

TABLES = ("hyperparameters_test",)
PICKED = ["hidden_layers", "weight_decay", "learning_rate"]


def study(hyperparameters: Studied, fashion_mnist_test: Data) -> dict[str, pd.DataFrame]:
    """Test the model of the study `hyperparameters`, and put the result beside its validation.

    Returns
    -------
    dict
        ``hyperparameters_test``, a row for each split (validation, test): hidden_layers,
        weight_decay, learning_rate, split, loss, loss_error, accuracy, accuracy_error, n
        (examples), freedom. The errors are standard errors: over the folds for validation, see
        `standard_error`; for the test over the examples, binomial for the accuracy; freedom are
        their degrees.
    """
    (choice,) = hyperparameters.tables["hyperparameters_choice"].to_dict("records")
    tried = hyperparameters.tables["hyperparameters"]
    picked = (tried[PICKED] == [choice[name] for name in PICKED]).all(axis=1)
    folds = tried[picked & (tried["split"] == "validation")]
    outputs = forward(hyperparameters.arrays, fashion_mnist_test)
    table = beside_validation(choice, folds, *examine_outputs(outputs, fashion_mnist_test.y))
    for position, name in enumerate(PICKED):
        table.insert(position, name, choice[name])
    return {"hyperparameters_test": table}


def forward(parameters: Mapping[str, np.ndarray], data: Data) -> np.ndarray:
    """Give the outputs (n, q), float64, of the perceptron with W1, b1, W2, b2 and so on."""
    H = data.numbers.reshape(len(data.X), -1).astype(np.float64)
    layers = len(parameters) // 2
    for number in range(1, layers + 1):
        W, b = (parameters[f"{letter}{number}"].astype(np.float64) for letter in "Wb")
        H = np.einsum("nd,dh->nh", H, W) + b  # not by BLAS: its sums depend on its threads
        if number < layers:
            H = np.maximum(H, 0)
    return H
