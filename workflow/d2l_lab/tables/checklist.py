"""What the checklist of reproducible machine learning asks of models and data, in numbers."""

from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from safetensors import safe_open
from safetensors.numpy import load_file

EXAMPLES = "examples.safetensors"


def count_parameters(folder: Path) -> int:
    """Count the parameters of one replica of a trained model."""
    with safe_open(folder / "parameters.safetensors", "numpy") as tensors:
        shapes = [tensors.get_slice(name).get_shape() for name in tensors.keys()]  # noqa: SIM118
    return sum(prod(shape[1:]) for shape in shapes)  # the first dimension counts the replicas


def describe_data(folder: Path) -> dict[str, Any]:
    """Describe one half of a dataset.

    Returns
    -------
    dict
        examples, inputs (numbers that an example has), classes, and the least and the greatest
        share of a class; of numbers to predict, the last three are missing.
    """
    tensors = load_file(folder / EXAMPLES)
    X, y = tensors["X"], tensors["y"]
    found = {"examples": len(X), "inputs": prod(X.shape[1:])}
    if not np.issubdtype(y.dtype, np.integer):
        return found | {"classes": pd.NA, "least_share": np.nan, "greatest_share": np.nan}
    shares = np.bincount(y, minlength=int(tensors["outputs"])) / len(y)
    ends = {"least_share": shares.min(), "greatest_share": shares.max()}
    return found | {"classes": len(shares)} | ends
