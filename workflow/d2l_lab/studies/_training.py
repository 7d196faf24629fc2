"""What studies that train share: their data as tensors, and the words for a divergence."""

import torch

from d2l_lab.errors import LabError
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Examples


def to_examples(data: Data) -> Examples:
    """Make tensors of one half of a dataset."""
    return Examples(torch.from_numpy(data.X), torch.from_numpy(data.y))


def diverged(
    study: str, where: str, found: str, learning_rate: float, key: str = "learning_rate"
) -> LabError:
    """Say in the user's words that a training has diverged, and which setting to change."""
    return LabError(
        f"study {study}: {where}: {found} with learning_rate {learning_rate:g}; "
        f"give studies.{study}.{key} a smaller value"
    )
