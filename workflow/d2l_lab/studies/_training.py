"""What the studies that train share, beside the one training loop."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch

from d2l_lab.errors import LabError
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import DivergedError, Examples


def to_examples(data: Data) -> Examples:
    """Make tensors of one half of a dataset."""
    return Examples(torch.from_numpy(data.X), torch.from_numpy(data.y))


@contextmanager
def explained(
    study: str, counted: str, learning_rates: Sequence[float], key: str
) -> Iterator[None]:
    """Say in the user's words that a training has diverged.

    Parameters
    ----------
    study : str
        Its name in the configuration.
    counted : str
        What the replicas are, such as ``replicate``.
    learning_rates : sequence of float
        Of each model that is trained.
    key : str
        The study's setting that they come from.
    """
    try:
        yield
    except DivergedError as error:
        raise LabError(
            f"study {study}: {counted} {error.replica}, epoch {error.epoch}, {error.where}: the "
            f"loss is {error.loss} with learning_rate {learning_rates[error.model]:g}; "
            f"give studies.{study}.{key} a smaller value"
        ) from None
