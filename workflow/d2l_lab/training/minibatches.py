"""The rows that each replica sees, in order (the notes' `data_iter` in 3.2, for R replicas)."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor


class Rows(NamedTuple):
    """The rows of a dataset that each replica uses, padded to one length.

    Parameters
    ----------
    index : Tensor, (R, n), int64
        Row numbers; padded places have the replica's own first row, never another replica's.
    weight : Tensor, (R, n), float32
        1, or exactly 0 for a padded place; or each example's share, see `shares`.
    """

    index: Tensor
    weight: Tensor

    def to(self, device: str) -> "Rows":
        """Copy to a device."""
        return Rows(self.index.to(device), self.weight.to(device))

    def shares(self, batch_size: int) -> "Rows":
        """Weight each example by its share in its replica's mean over a minibatch.

        The share is 1 / the number of examples in the replica's minibatch, and 0 for a padded
        place. Weighted like this, the gradients of the losses sum to the gradient of the mean loss.
        """
        n = self.weight.shape[1]
        size = min(batch_size, n)  # a larger one needs no padding beyond n
        batches = torch.nn.functional.pad(self.weight, (0, -n % size)).unflatten(1, (-1, size))
        shares = batches / batches.sum(dim=2, keepdim=True).clamp(min=1)
        return Rows(self.index, shares.flatten(1)[:, :n])

    def batches(self, batch_size: int) -> Iterator["Rows"]:
        """Split into minibatches along the rows; the last one may be smaller."""
        return map(Rows, self.index.split(batch_size, dim=1), self.weight.split(batch_size, dim=1))


def padded(rows: Sequence[Tensor]) -> Rows:
    """Stack the row numbers of each replica, padding the shorter ones with weight zero."""
    pad = partial(torch.nn.utils.rnn.pad_sequence, batch_first=True)
    index, weight = pad(list(rows)), pad([torch.ones(len(own)) for own in rows])
    return Rows(torch.where(weight > 0, index, index[:, :1]), weight)


def shared(rows: Tensor, replicas: int) -> Rows:
    """Let R replicas use the same rows, in the same order, without a copy for each."""
    return Rows(*(part.expand(replicas, -1) for part in (rows, torch.ones(len(rows)))))


def shuffles(rows: Sequence[Tensor], generators: Sequence[torch.Generator]) -> Iterator[Rows]:
    """Yield each replica's rows, reshuffled for each epoch, endlessly.

    Each replica has its own generator, so that its order does not depend on the others.
    """
    while True:
        yield padded(
            [
                own[torch.randperm(len(own), generator=generator)]
                for own, generator in zip(rows, generators, strict=True)
            ]
        )
