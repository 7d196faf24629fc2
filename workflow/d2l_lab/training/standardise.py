"""Standardise features to mean 0 and standard deviation 1 over each replica's training rows."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from d2l_lab.training.fit import Replicas


class Standardised:
    """Replicas that get standardised features.

    Means and deviations are learned from a replica's own training rows alone, so they contain no
    information about validation or test sets. They are stored with the parameters.

    Parameters
    ----------
    model : Replicas
    X : Tensor, (n, d)
        The features of all examples.
    rows : sequence of R Tensors
        The rows that each replica trains on.
    """

    def __init__(self, model: Replicas, X: Tensor, rows: Sequence[Tensor]):
        self.model = model
        found = moments(X.cpu(), rows)
        self.means, self.deviations = (torch.stack(part).to(X.device) for part in found)

    def predict(self, X: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the outputs (R, B, q) for the features (R, B, d); see `fit.Replicas`."""
        return self.model.predict((X - self.means) / self.deviations, weight)

    def parameters(self) -> dict[str, Tensor]:
        """Return a copy of the parameters on the CPU, with the means and deviations (R, 1, d)."""
        learned = {"feature_means": self.means, "feature_deviations": self.deviations}
        return self.model.parameters() | {name: each.cpu() for name, each in learned.items()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)


def moments(X: Tensor, rows: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """Compute mean and standard deviation over each replica's rows, each (1, d), float32.

    A constant feature has standard deviation 0, so it becomes zero instead of being divided.
    """
    means, deviations, last = [], [], None
    for own in rows:
        if last is None or not torch.equal(own, last):  # replicates share their rows
            seen = X[own].double()
            deviation, mean = torch.std_mean(seen, dim=0, correction=0, keepdim=True)
            is_constant = (seen == seen[:1]).all(dim=0, keepdim=True)
            deviation = torch.where(is_constant, 1.0, deviation)
        means.append(mean.float())
        deviations.append(deviation.float())
        last = own
    return means, deviations
