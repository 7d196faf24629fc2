"""The inputs of a study besides numbers and the settings of a dataset."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from d2l_lab.datasets.images import to_numbers
from d2l_lab.errors import LabError


class Data(NamedTuple):
    """The training or the test set of a dataset.

    Parameters
    ----------
    X : ndarray, (n, ...), float32; or uint8, the grey values of images
    y : ndarray, (n,), int64 for classes; (n, 1), float32 for numbers
    outputs : int
        The number of outputs of a model of these data.
    classes : tuple of str
        The names of the classes, if it has classes.
    """

    X: np.ndarray
    y: np.ndarray
    outputs: int
    classes: tuple[str, ...] = ()

    def require(self, examples: int, study: str) -> None:
        """Raise `LabError` if there are fewer examples than a study should use."""
        if examples > len(self.X):
            raise LabError(
                f"study {study}: {examples} is more than the {len(self.X)} examples there are; "
                f"give studies.{study}.examples at most {len(self.X)}"
            )

    @property
    def numbers(self) -> np.ndarray:
        """X as float32, with images scaled to 0 to 1 like by the notes' ToTensor."""
        return to_numbers(self.X)


class Trained(NamedTuple):
    """A model of the configuration after its training on one device.

    Parameters
    ----------
    model, device, module, dataset : str
        As in the configuration; `module` is for example ``mlp.scratch``.
    history : DataFrame
        replicate, epoch, split, loss and the metrics (missing for those of other tasks). After a
        replicate has diverged, its rows are NaN, and so are its parameters.
    parameters : dict of ndarrays, each (R, ...)
    predicted : ndarray
        Predictions for the test set: classes (R, n) or numbers (R, n, q); -1 or NaN if diverged.
    """

    model: str
    device: str
    module: str
    dataset: str
    history: pd.DataFrame
    parameters: dict[str, np.ndarray]
    predicted: np.ndarray

    @property
    def family(self) -> str:
        """The package of its module, such as ``mlp``."""
        return self.module.partition(".")[0]

    @property
    def diverged(self) -> np.ndarray:
        """The numbers of the diverged replicates."""
        predicted = self.predicted.reshape(len(self.predicted), -1)
        is_class = np.issubdtype(predicted.dtype, np.integer)
        nothing = predicted < 0 if is_class else np.isnan(predicted)
        return np.flatnonzero(nothing.all(axis=1))


class Studied(NamedTuple):
    """The results of another study."""

    tables: dict[str, pd.DataFrame]
    arrays: dict[str, np.ndarray]
