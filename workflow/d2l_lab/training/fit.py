"""The one training loop: R replicas in lock-step (notes 3.2, 3.6 and 4.4.4)."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import takewhile
from typing import NamedTuple, NoReturn, Protocol

import torch
from torch import Tensor

from d2l_lab.datasets.images import to_numbers
from d2l_lab.errors import LabError
from d2l_lab.training.faults import NetError, fault
from d2l_lab.training.metrics import Metric, metrics_of
from d2l_lab.training.minibatches import Rows

EVALUATION_BATCH = 512  # rows; constant, so that sums have the same order in every run
GATHERED = 2**20  # at most so many numbers are gathered at once, unless one minibatch has more


class Replicas(Protocol):
    """The interface of a model for the loop, from scratch or concise."""

    device: str
    way: str  # "scratch" or "concise"
    is_batched: bool  # whether each parameter is (R, ...), not of a single replica

    def train(self, mode: bool) -> None:
        """Set the mode, training or evaluation, which matters for layers such as dropout."""

    def predict(self, X: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the outputs (R, B, q) for the inputs (R, B, ...).

        Rows with weight zero, (R, B), are padding, and do not affect others.
        """

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return the loss of each example, (R, B)."""

    def trainable(self) -> list[Tensor]:
        """Return the parameters themselves, for an optimiser to change in place."""

    def parameters(self) -> dict[str, Tensor]:
        """Return a copy of the parameters on the CPU, each (R, ...), in the notes' names."""


class Optimiser(Protocol):
    """The interface of an optimiser for the loop."""

    def step(self) -> None:
        """Update the parameters by their gradients."""

    def zero_grad(self) -> None:
        """Forget the gradients."""


def with_companion(numbers: Sequence[int]) -> list[int]:
    """Add a second replica to a single one, to be trained and discarded.

    With a single replica torch picks another kernel, whose last digit may differ.
    """
    return [*numbers] if len(numbers) > 1 else [numbers[0], numbers[0] + 1]


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

        Images become floats only here, since bytes take a quarter of the memory to read. Rows that
        all replicas share (see `shared`) are gathered once.
        """
        replicas, size = index.shape
        rows = (index[:1] if index.stride(0) == 0 else index).flatten()
        X, y = (part.index_select(0, rows).unflatten(0, (-1, size)) for part in self)
        return Examples(*(part.expand(replicas, *part.shape[1:]) for part in (to_numbers(X), y)))


class Evaluation(NamedTuple):
    """A split to evaluate during training, with its rows, and how often.

    Parameters
    ----------
    split : str
        Its name in the history: train, validation or test.
    examples : Examples
        The examples, on the model's device.
    rows : Rows
    every : int or None
        Evaluate after the first epoch, then every so many epochs, and after the last one; None
        means only after the last one.
    """

    split: str
    examples: Examples
    rows: Rows
    every: int | None

    def is_due(self, epoch: int, epochs: int) -> bool:
        """Return whether to evaluate after this epoch."""
        if epoch == epochs:
            return True
        return self.every is not None and (epoch == 1 or epoch % self.every == 0)


class Record(NamedTuple):
    """One row of a history.

    Parameters
    ----------
    replica, epoch, split : int, int, str
    loss : float
    metrics : dict
        The metrics of the model's task, by name.
    """

    replica: int
    epoch: int
    split: str
    loss: float
    metrics: dict[str, float]

    @property
    def measured(self) -> dict[str, float]:
        """The loss and the metrics, by name."""
        return {"loss": self.loss, **self.metrics}


class Tally(NamedTuple):
    """The losses and metrics of all examples, in memory that is allocated once.

    If allocated batch by batch, they would be between the large matrices of the steps, whose
    memory later steps could then not reuse.

    Parameters
    ----------
    losses : Tensor, (R, n)
    metrics : list of Metric
        The metrics of the model's task.
    measured : tuple of Tensors, (R, n)
        The values of each metric.
    """

    losses: Tensor
    metrics: list[Metric]
    measured: tuple[Tensor, ...]

    @classmethod
    def of(cls, rows: Rows, y: Tensor) -> "Tally":
        """Allocate memory for these rows of examples with such labels."""
        room = partial(torch.empty, rows.index.shape, device=rows.index.device)
        metrics = metrics_of(task_of(y))
        return cls(room(), metrics, tuple(room() for _ in metrics))

    def batches(self, batch_size: int) -> Iterator["Tally"]:
        """Split along the rows, like `Rows.batches`."""
        parts = (values.split(batch_size, dim=1) for values in (self.losses, *self.measured))
        return (Tally(losses, self.metrics, rest) for losses, *rest in zip(*parts, strict=True))

    def note(self, losses: Tensor, outputs: Tensor, y: Tensor) -> None:
        """Store the losses (R, B) and the metrics of the outputs."""
        self.losses.copy_(losses)
        for metric, values in zip(self.metrics, self.measured, strict=True):
            values.copy_(measure(metric, outputs, y))


class DivergedError(ArithmeticError):
    """A replica's loss stopped being a finite number.

    `model` is its number among those trained together; `where` is the step, or the split that was
    evaluated.
    """

    def __init__(self, model: int, replica: int, epoch: int, where: str, loss: float):
        super().__init__(f"replica {replica}, epoch {epoch}, {where}: the loss is {loss}")
        self.model, self.replica, self.epoch = model, replica, epoch
        self.where, self.loss = where, loss


class Log(NamedTuple):
    """The records of one model.

    Parameters
    ----------
    model : int
        Its number among those trained together.
    records : list of Record
    diverged : set of int
        The replicas whose further records are NaN.
    on_divergence : callable
    """

    model: int
    records: list[Record]
    diverged: set[int]
    on_divergence: Callable[[DivergedError], None]

    def check(self, losses: Tensor, epoch: int, batch_size: int) -> None:
        """Find replicas that diverged in an epoch's steps, from their losses (R, n), in order.

        This is done once per epoch, so that no step waits for the device.
        """
        lost = ~losses.isfinite()
        if not lost.any():
            return
        first = lost.int().argmax(dim=1).tolist()
        for replica in sorted(lost.any(dim=1).nonzero().flatten().tolist(), key=first.__getitem__):
            row = first[replica]
            self.note(replica, epoch, f"step {row // batch_size + 1}", losses[replica, row].item())

    def add(self, records: Sequence[Record]) -> None:
        """Record the measurements of the replicas that have not diverged."""
        for record in records:
            if not math.isfinite(record.loss):
                self.note(record.replica, record.epoch, f"split {record.split}", record.loss)
            self.records.append(self.forget(record))

    def last_epoch(self) -> list[Record]:
        """Return the records of the last epoch recorded."""
        epoch = self.records[-1].epoch
        return [*takewhile(lambda record: record.epoch == epoch, reversed(self.records))][::-1]

    def note(self, replica: int, epoch: int, where: str, loss: float) -> None:
        """Record that a replica has diverged, unless it already had."""
        if replica not in self.diverged:
            self.diverged.add(replica)
            self.on_divergence(DivergedError(self.model, replica, epoch, where, loss))

    def forget(self, record: Record) -> Record:
        """Replace the measurements of a diverged replica by NaN."""
        if record.replica not in self.diverged:
            return record
        return record._replace(loss=math.nan, metrics=dict.fromkeys(record.metrics, math.nan))


def stop(error: DivergedError) -> NoReturn:
    """End a training at the first replica that diverges."""
    raise error


def fit(
    models: Sequence[Replicas],
    optimisers: Sequence[Optimiser],
    train: Examples,
    orders: Iterator[Rows],
    evaluations: Sequence[Evaluation],
    *,
    epochs: int,
    batch_size: int,
    on_epoch: Callable[[list[Record]], None] = lambda _: None,
    on_divergence: Callable[[DivergedError], None] = stop,
) -> list[list[Record]]:
    """Train by minibatch stochastic gradient descent, each model independently of the others.

    All models see the same minibatches, and each is read once. A replica that diverges does
    not change the others by a bit.

    Parameters
    ----------
    models : sequence of Replicas
        All on the device of the examples; changed in place.
    optimisers : sequence of Optimiser
        One for each model.
    orders : iterator of Rows
        The rows of `train` that each replica sees, in order, one item for each epoch.
    on_epoch : callable
        Called after each epoch, for each model, with its records.
    on_divergence : callable
        Called at the end of an epoch for each replica that diverged in it; within a model, in the
        order in which they diverged.

    Returns
    -------
    list of lists of Record
        A history for each model. ``train_running``, in every epoch, is the notes' training loss:
        the mean over the epoch while the weights are still changing. All other splits are evaluated
        after the epoch. After the first loss of a replica that is not finite, in training or
        evaluation, its records are NaN.

    Raises
    ------
    DivergedError
        At the end of an epoch with a loss that is not finite, unless `on_divergence` is given.
    """
    logs = [Log(number, [], set(), on_divergence) for number, _ in enumerate(models)]
    for epoch in range(1, epochs + 1):
        rows = next(orders).to(models[0].device)
        tallies = train_epoch(models, optimisers, train, rows, batch_size)
        for log, tally in zip(logs, tallies, strict=True):
            log.check(tally.losses, epoch, batch_size)
            log.add(summarise(epoch, "train_running", tally, rows.weight))
        for evaluation in evaluations:
            if evaluation.is_due(epoch, epochs):
                for log, records in zip(logs, evaluate(models, evaluation, epoch), strict=True):
                    log.add(records)
        for log in logs:
            on_epoch(log.last_epoch())
        if all(len(log.diverged) == len(rows.index) for log in logs):
            rest = [*unknown(range(epoch + 1, epochs + 1), evaluations, rows, train.y)]
            return [log.records + rest for log in logs]
    return [log.records for log in logs]


def train_epoch(
    models: Sequence[Replicas],
    optimisers: Sequence[Optimiser],
    train: Examples,
    rows: Rows,
    batch_size: int,
) -> list[Tally]:
    """Train each model on each minibatch of an epoch; keep losses and metrics before each step."""
    for model in models:
        model.train(True)
    tallies = [Tally.of(rows, train.y) for _ in models]
    batches = minibatches(train, rows, batch_size)
    for noted in zip(*(tally.batches(batch_size) for tally in tallies), strict=True):
        X, y, shares = next(batches)
        for model, optimiser, tally in zip(models, optimisers, noted, strict=True):
            tally.note(*train_step(model, optimiser, X, y, shares), y)
        del X, y, shares  # frees their memory before the next ones are read
    return tallies


def train_step(
    model: Replicas, optimiser: Optimiser, X: Tensor, y: Tensor, shares: Tensor
) -> tuple[Tensor, Tensor]:
    """Take one step on a minibatch; return the losses (R, B) and the outputs (R, B, q) before it.

    The shares (R, B) are the weights of the examples in their replica's mean loss (see
    `Rows.shares`); padded rows have weight zero. A replica with padded rows only has a gradient of
    zero, and does not move: see `ForEachReplica` in `d2l_lab.training.optimisers`.
    """
    outputs = model.predict(X, shares)
    losses = model.losses(outputs, y)
    losses.backward(shares)
    optimiser.step()
    optimiser.zero_grad()  # here, to free the memory before the next step
    return losses.detach(), outputs.detach()


def minibatches(
    train: Examples, rows: Rows, batch_size: int
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Gather X, y and shares of each minibatch in turn, several at once if they are small.

    No reference to earlier minibatches is kept. If the caller keeps none either, the next ones
    reuse their memory, which is still in the processor's cache.
    """
    numbers = len(rows.index) * batch_size * train.X[0].numel()
    several = max(1, GATHERED // numbers)
    for some in rows.shares(batch_size).batches(several * batch_size):
        parts = (*train.take(some.index), some.weight)
        yield from zip(*(part.split(batch_size, dim=1) for part in parts), strict=True)
        del parts


@torch.no_grad()
def evaluate(models: Sequence[Replicas], evaluation: Evaluation, epoch: int) -> list[list[Record]]:
    """Evaluate every replica of each model on its rows with the current weights (notes 4.4.4).

    Afterwards the models are in evaluation mode.
    """
    for model in models:
        model.train(False)
    rows = evaluation.rows.to(models[0].device)
    tallies = [Tally.of(rows, evaluation.examples.y) for _ in models]
    noted = zip(*(tally.batches(EVALUATION_BATCH) for tally in tallies), strict=True)
    for some, (index, weight) in zip(noted, rows.batches(EVALUATION_BATCH), strict=True):
        X, y = evaluation.examples.take(index)
        for model, tally in zip(models, some, strict=True):
            outputs = model.predict(X, weight)
            tally.note(model.losses(outputs, y), outputs, y)
        del X, y  # as in `train_epoch`
    return [summarise(epoch, evaluation.split, tally, rows.weight) for tally in tallies]


@torch.no_grad()
def predict_all(model: Replicas, examples: Examples, rows: Rows) -> Tensor:
    """Return the outputs of every replica for its rows: (R, n, q), on the CPU."""
    model.train(False)
    batches = rows.to(model.device).batches(EVALUATION_BATCH)
    outputs = [model.predict(examples.take(index).X, weight).cpu() for index, weight in batches]
    return torch.cat(outputs, dim=1)


def task_of(y: Tensor) -> str:
    """Infer the task from the labels: classes are integers."""
    return "regression" if y.is_floating_point() else "classification"


def measure(metric: Metric, outputs: Tensor, y: Tensor) -> Tensor:
    """Return a metric of each example, (R, B), from outputs (R, B, q).

    Raises
    ------
    LabError
        If the metric fails, or returns anything else.
    """
    try:
        found = metric.of_examples(outputs, y)
    except Exception as error:
        told = fault(error)
        if isinstance(told, NetError):
            told = LabError(f"metric {metric.name}: {told}")
        raise told from None
    wanted = (*outputs.shape[:2],)
    if not isinstance(found, Tensor) or found.shape != wanted:
        given = f"a tensor {(*found.shape,)}" if isinstance(found, Tensor) else f"{found!r:.40}"
        raise LabError(
            f"metric {metric.name}: returns {given} for outputs {(*outputs.shape,)}; it must "
            f"return one number for each example, {wanted}"
        )
    return found


def summarise(epoch: int, split: str, tally: Tally, weight: Tensor) -> list[Record]:
    """Average the losses and metrics of each replica over its rows, in double precision."""

    def means(values: Tensor) -> list[float]:
        doubles, weights = values.cpu().double(), weight.cpu().double()
        return ((doubles * weights).sum(dim=1) / weights.sum(dim=1)).tolist()

    names = [metric.name for metric in tally.metrics]
    of_replicas = zip(*map(means, (tally.losses, *tally.measured)), strict=True)
    return [
        Record(r, epoch, split, loss, dict(zip(names, rest, strict=True)))
        for r, (loss, *rest) in enumerate(of_replicas)
    ]


def unknown(
    epochs: range, evaluations: Sequence[Evaluation], rows: Rows, y: Tensor
) -> Iterator[Record]:
    """Yield the records of the last epochs, skipped because every replica has diverged."""
    metrics = {metric.name: math.nan for metric in metrics_of(task_of(y))}
    for epoch in epochs:
        due = [each.split for each in evaluations if each.is_due(epoch, epochs.stop - 1)]
        for split in ("train_running", *due):
            for replica in range(len(rows.index)):
                yield Record(replica, epoch, split, math.nan, metrics)
