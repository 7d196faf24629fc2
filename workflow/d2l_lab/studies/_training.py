"""Provide data as tensors, and the error for a divergence, to studies that train models."""

import torch

from d2l_lab.errors import LabError
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Examples


def to_examples(data: Data) -> Examples:
    """Turn the training or the test set of a dataset into tensors."""
    return Examples(torch.from_numpy(data.X), torch.from_numpy(data.y))


def diverged(
    study: str, where: str, found: str, learning_rate: float, key: str = "learning_rate"
) -> LabError:
    """Return the error for a diverged training, with the setting to change."""
    return LabError(
        f"study {study}: {where}: {found} with learning_rate {learning_rate:g}; "
        f"reduce studies.{study}.{key}"
    )
