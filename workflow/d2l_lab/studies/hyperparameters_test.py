"""The model whose hyperparameters were picked together, tested once (notes 4.4.2)."""

import pandas as pd

from d2l_lab.studies._tested import beside_validation, examine
from d2l_lab.studies.given import Data, Studied

TABLES = ("hyperparameters_test",)
PICKED = ["hidden_layers", "weight_decay", "learning_rate"]


def study(hyperparameters: Studied, fashion_mnist_test: Data) -> dict[str, pd.DataFrame]:
    """Test the model of the study `hyperparameters`, and compare the result with its validation.

    Returns
    -------
    dict
        ``hyperparameters_test``: hidden_layers, weight_decay, learning_rate, and the columns of
        `beside_validation`.
    """
    arrays = hyperparameters.arrays
    layers = [(arrays[f"W{k}"], arrays[f"b{k}"]) for k in range(1, len(arrays) // 2 + 1)]
    tested = examine(layers, fashion_mnist_test)
    table = beside_validation("hyperparameters", hyperparameters, PICKED, tested)
    return {"hyperparameters_test": table}
