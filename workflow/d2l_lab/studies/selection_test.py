"""The model that cross-validation has picked, tested once (notes 4.4.2)."""

import pandas as pd

from d2l_lab.studies._tested import beside_validation, examine
from d2l_lab.studies.given import Data, Studied

TABLES = ("selection_test",)


def study(selection: Studied, fashion_mnist_test: Data) -> dict[str, pd.DataFrame]:
    """Test the model of the study `selection`, and compare the result with its validation.

    Returns
    -------
    dict
        ``selection_test``: learning_rate, and the columns of `beside_validation`.
    """
    layers = [(selection.arrays["W"], selection.arrays["b"])]
    tested = examine(layers, fashion_mnist_test)
    return {"selection_test": beside_validation("selection", selection, ["learning_rate"], tested)}
