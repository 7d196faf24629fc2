"""Which rows each replica sees, and in what order (notes 3.2's `data_iter`, for R replicas)."""

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
        Row numbers; a padded place holds the replica's own first row, never another's.
    weight : Tensor, (R, n), float32
        One, or exactly zero for a padded place; or each example's share, see `shares`.
    """

    index: Tensor
    weight: Tensor

    def to(self, device: str) -> "Rows":
        """Copy to a device."""
        return Rows(self.index.to(device), self.weight.to(device))

    def shares(self, batch_size: int) -> "Rows":
        """Weigh each example by its share in its replica's mean over a minibatch.

        The share is one by the number of examples in the replica's minibatch, and zero for a padded
        place. By these, gradients of the losses become those of the mean losses.
        """
        n = self.weight.shape[1]
        size = min(batch_size, n)  # a greater one holds them all, and is no reason to pad so far
        batches = torch.nn.functional.pad(self.weight, (0, -n % size)).unflatten(1, (-1, size))
        shares = batches / batches.sum(dim=2, keepdim=True).clamp(min=1)
        return Rows(self.index, shares.flatten(1)[:, :n])

    def batches(self, batch_size: int) -> Iterator["Rows"]:
        """Cut into minibatches along the rows; the last may be smaller."""
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
    """Shuffle each replica's rows again for each epoch, without end.

    Each replica has a generator of its own, so that its order does not depend on the others.
    """
    while True:
        yield padded(
            [
                own[torch.randperm(len(own), generator=generator)]
                for own, generator in zip(rows, generators, strict=True)
            ]
        )
