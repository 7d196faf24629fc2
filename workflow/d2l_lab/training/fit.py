"""The one training loop: R replicas in lock-step (notes 3.2, 3.6 and 4.4.4)."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import starmap
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from d2l_lab.training.minibatches import Rows

EVALUATION_BATCH = 512  # rows; the same in every run, so that sums keep their order
GATHERED = 2**20  # numbers that are gathered at once at the most, if more than one minibatch is


class Replicas(Protocol):
    """What the loop asks of a model, from scratch or concise."""

    device: str

    def predict(self, X: Tensor) -> Tensor:
        """Give the outputs (R, B, q) for the inputs (R, B, ...)."""

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Give the loss of each example, (R, B)."""

    def step(self, losses: Tensor, weights: Tensor) -> None:
        """Update every replica by the gradient of its weighted mean loss."""


class Examples(NamedTuple):
    """A dataset, whole, as tensors on one device.

    Parameters
    ----------
    X : Tensor, (n, ...), float32; or uint8, the grey values of images
    y : Tensor, (n,), int64 for classes; (n, q), float32 for regression
    """

    X: Tensor
    y: Tensor

    def take(self, index: Tensor) -> "Examples":
        """Gather the rows of an index (R, B): X (R, B, ...), float32, and y (R, B, ...).

        Images become numbers from 0 to 1, as by ToTensor (notes 3.5); until then, as bytes, there
        is a quarter to read. Rows that all replicas share (see `shared`) are gathered once.
        """
        replicas, size = index.shape
        rows = (index[:1] if index.stride(0) == 0 else index).flatten()
        X, y = (part.index_select(0, rows).unflatten(0, (-1, size)) for part in self)
        X = X.float().div_(255) if X.dtype == torch.uint8 else X
        return Examples(*(part.expand(replicas, *part.shape[1:]) for part in (X, y)))


class Evaluation(NamedTuple):
    """What is evaluated beside the training, on which rows, and how often.

    Parameters
    ----------
    split : str
        Its name in the history: train, validation or test.
    examples : Examples
        On the model's device.
    rows : Rows
    every : int or None
        After the first epoch, after each so many, and after the last; None: after the last alone.
    """

    split: str
    examples: Examples
    rows: Rows
    every: int | None

    def is_due(self, epoch: int, epochs: int) -> bool:
        """Tell whether to evaluate after this epoch."""
        if epoch == epochs:
            return True
        return self.every is not None and (epoch == 1 or epoch % self.every == 0)


class Record(NamedTuple):
    """One row of a history; `accuracy` is None for regression."""

    replica: int
    epoch: int
    split: str
    loss: float
    accuracy: float | None


class DivergedError(ArithmeticError):
    """A loss stopped being a finite number.

    Parameters
    ----------
    replica, epoch : int
    where : str
        The step, or the split that was evaluated.
    loss : float
    """

    def __init__(self, replica: int, epoch: int, where: str, loss: float):
        super().__init__(f"replica {replica}, epoch {epoch}, {where}: the loss is {loss}")
        self.replica, self.epoch, self.where, self.loss = replica, epoch, where, loss


def fit(
    model: Replicas,
    train: Examples,
    orders: Iterator[Rows],
    evaluations: Sequence[Evaluation],
    *,
    epochs: int,
    batch_size: int,
    on_epoch: Callable[[list[Record]], None] = lambda _: None,
) -> list[Record]:
    """Train by minibatch stochastic gradient descent.

    Parameters
    ----------
    model : Replicas
        Changed in place.
    train : Examples
        On the model's device.
    orders : iterator of Rows
        The rows of `train` that each replica sees, in order, for one epoch after the other.
    evaluations : sequence of Evaluation
    epochs, batch_size : int
    on_epoch : callable
        Called after each epoch with its records.

    Returns
    -------
    list of Record
        ``train_running``, of every epoch, is the notes' training loss: the mean over the epoch
        while the weights still move. All other splits are evaluated after the epoch.

    Raises
    ------
    DivergedError
        At the end of an epoch in which a loss was not finite, in training or evaluation.
    """
    history = []
    for epoch in range(1, epochs + 1):
        rows = next(orders).to(model.device)
        steps = starmap(partial(step, model), minibatches(train, rows, batch_size))
        losses, hits = zip(*steps, strict=True)
        raise_if_diverged(losses, epoch)
        records = summarise(epoch, "train_running", losses, hits, rows.weight)
        for evaluation in evaluations:
            if evaluation.is_due(epoch, epochs):
                records += evaluate(model, evaluation, epoch)
        on_epoch(records)
        history += records
    return history


def minibatches(
    train: Examples, rows: Rows, batch_size: int
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Gather X, y and weight of each minibatch in turn, of several at once if they are small.

    Nothing is kept of what was given before: its memory is free for what comes next, which then
    finds it in the processor's cache.
    """
    numbers = len(rows.index) * batch_size * train.X[0].numel()
    several = max(1, GATHERED // numbers)
    for some in rows.batches(several * batch_size):
        parts = (*train.take(some.index), some.weight)
        yield from zip(*(part.split(batch_size, dim=1) for part in parts), strict=True)
        del parts


def step(model: Replicas, X: Tensor, y: Tensor, weight: Tensor) -> tuple[Tensor, Tensor | None]:
    """Take one step on a minibatch; give the losses (R, B) before it, and what was `correct`."""
    outputs = model.predict(X)
    losses = model.losses(outputs, y)
    model.step(losses, weight)
    return losses.detach(), correct(outputs.detach(), y)


@torch.no_grad()
def evaluate(model: Replicas, evaluation: Evaluation, epoch: int) -> list[Record]:
    """Evaluate every replica on its rows, with the weights as they are (notes 4.4.4)."""
    losses, hits = [], []
    rows = evaluation.rows.to(model.device)
    for index, _ in rows.batches(EVALUATION_BATCH):
        X, y = evaluation.examples.take(index)
        outputs = model.predict(X)
        losses.append(model.losses(outputs, y))
        hits.append(correct(outputs, y))
    records = summarise(epoch, evaluation.split, losses, hits, rows.weight)
    for record in records:
        if not math.isfinite(record.loss):
            raise DivergedError(record.replica, epoch, f"split {record.split}", record.loss)
    return records


@torch.no_grad()
def outputs_of(model: Replicas, examples: Examples, rows: Rows) -> Tensor:
    """Give the outputs of every replica for its rows: (R, n, q), on the CPU."""
    batches = rows.to(model.device).batches(EVALUATION_BATCH)
    return torch.cat([model.predict(examples.take(i).X).cpu() for i, _ in batches], dim=1)


def correct(outputs: Tensor, y: Tensor) -> Tensor | None:
    """Mark the examples whose most probable class is the label (notes 3.6's `accuracy`).

    Returns
    -------
    Tensor, (R, B), bool; None for regression, where there is nothing to count
    """
    # The same class as by argmax, the first of equal ones, in a tenth of the time.
    return None if y.is_floating_point() else outputs.max(dim=-1).indices == y


def summarise(
    epoch: int, split: str, losses: Sequence[Tensor], hits: Sequence[Tensor | None], weight: Tensor
) -> list[Record]:
    """Average each replica's losses and hits over its rows, in double precision."""

    def means(batches: Sequence[Tensor]) -> list[float]:
        values, weights = torch.cat(tuple(batches), dim=1).cpu().double(), weight.cpu().double()
        return ((values * weights).sum(dim=1) / weights.sum(dim=1)).tolist()

    loss = means(losses)
    accuracy = [None] * len(loss) if hits[0] is None else means(hits)
    return [
        Record(r, epoch, split, *pair) for r, pair in enumerate(zip(loss, accuracy, strict=True))
    ]


def raise_if_diverged(losses: Sequence[Tensor], epoch: int) -> None:
    """Look for a loss that is not finite, once an epoch, so that no step waits for the device."""
    per_step = torch.stack([loss.sum(dim=1) for loss in losses])  # (steps, R)
    if not per_step.isfinite().all():
        step, replica = (~per_step.isfinite()).nonzero()[0].tolist()
        raise DivergedError(replica, epoch, f"step {step + 1}", per_step[step, replica].item())
