"""What the stages `train` and `kfold` share: from datasets on the disk to a history on the disk."""

import csv
import importlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor

from d2l_lab.errors import LabError
from d2l_lab.stages.job import Job
from d2l_lab.training.devices import claim
from d2l_lab.training.fit import DivergedError, Evaluation, Examples, Record, Replicas, fit
from d2l_lab.training.minibatches import padded, shuffles
from d2l_lab.training.randomness import be_deterministic, generator

log = logging.getLogger(__name__)


def load(folder: Path, settings: dict) -> tuple[Examples, int]:
    """Read a dataset onto the device.

    Parameters
    ----------
    folder : Path
        A result of the stages `prepare` or `generate`.
    settings : dict
        Of the stage: device, and features, how many columns to take (None for all).

    Returns
    -------
    examples : Examples
    outputs : int
        How many outputs a model of these examples has.
    """
    tensors = load_file(folder / "examples.safetensors")
    X, features = tensors["X"], settings["features"]
    X = X if features is None else X[:, :features].contiguous()
    device = settings["device"]
    return Examples(X.to(device), tensors["y"].to(device)), int(tensors["outputs"])


class Trained(NamedTuple):
    """Replicas after their training.

    Parameters
    ----------
    model : Replicas
    history : list of Record
        The replicas go by the numbers that the stage gave them.
    seconds_per_epoch : float
        Of one replica, in the company of the others.
    """

    model: Replicas
    history: list[Record]
    seconds_per_epoch: float


def train(
    job: Job,
    examples: Examples,
    outputs: int,
    rows: Mapping[int, Tensor],
    held_out: Evaluation,
    counted: str,
) -> Trained:
    """Train one replica for each of `rows`.

    Parameters
    ----------
    job : Job
    examples : Examples
        What to train on.
    outputs : int
    rows : mapping from the number of each of R replicas to a Tensor
        The rows of `examples` that it may see.
    held_out : Evaluation
    counted : str
        What the replicas are: "replicate" or "fold". Each has random numbers of its own, by its
        number.

    Raises
    ------
    LabError
        If a loss stops being finite.
    """
    settings = job.settings
    family = settings["module"].split(".")[-2]
    numbers = list(rows)

    def generators(purpose: str) -> list[torch.Generator]:
        seed = settings["seed"]
        return [generator(seed, family, counted, purpose, number) for number in numbers]

    model = importlib.import_module("d2l_lab.models." + settings["module"]).build(
        examples.X[0].numel(),
        outputs,
        generators("initial values"),
        settings["learning_rate"],
        settings["device"],
        **{
            k: v
            for k, v in settings.items()
            if k
            not in (
                "module",
                "dataset",
                "epochs",
                "batch_size",
                "learning_rate",
                "features",
                "evaluate_every",
                "evaluate_train",
                "device",
                "seed",
                "replicates",
                "folds",
                "only",
            )
        },
    )
    train_every = held_out.every if settings["evaluate_train"] else None
    started = time.perf_counter()
    try:
        (history,) = fit(
            [model],
            examples,
            shuffles([*rows.values()], generators("shuffles")),
            [Evaluation("train", examples, padded([*rows.values()]), train_every), held_out],
            epochs=settings["epochs"],
            batch_size=settings["batch_size"],
            on_epoch=progress(settings["epochs"]),
        )
    except DivergedError as error:
        name = job.name.partition(".")[0]
        raise LabError(
            f"{name}: {counted} {numbers[error.replica]}, epoch {error.epoch}, {error.where}: the "
            f"loss is {error.loss} with learning_rate {settings['learning_rate']:g}; "
            f"give models.{name}.learning_rate a smaller value"
        ) from None
    seconds = time.perf_counter() - started
    named = [record._replace(replica=numbers[record.replica]) for record in history]
    return Trained(model, named, seconds / settings["epochs"] / len(rows))


def setup(job: Job) -> None:
    """Make torch deterministic, and the job's device its own, if it is there."""
    be_deterministic()
    claim(job.settings["device"])


def progress(epochs: int) -> Callable[[list[Record]], None]:
    """Make the function that logs a line after each epoch that was evaluated."""
    started = time.perf_counter()

    def on_epoch(records: list[Record]) -> None:
        splits = dict.fromkeys(record.split for record in records)
        if len(splits) == 1:
            return
        epoch = records[0].epoch
        left = timedelta(seconds=round((time.perf_counter() - started) / epoch * (epochs - epoch)))
        parts = [_describe(split, [r for r in records if r.split == split]) for split in splits]
        log.info("epoch %d/%d  %s  time left %s", epoch, epochs, "  ".join(parts), left)

    return on_epoch


def _describe(split: str, records: list[Record]) -> str:
    """Say a split's mean over the replicas."""
    text = f"{split}: loss {sum(r.loss for r in records) / len(records):.6f}"
    if records[0].accuracy is not None:
        text += f", accuracy {sum(r.accuracy for r in records) / len(records):.4f}"
    return text


def write_history(path: Path, history: Sequence[Record], counted: str) -> None:
    """Write a history as CSV, with every digit of its numbers."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([counted, *Record._fields[1:]])
        writer.writerows(history)


def read_history(path: Path) -> list[Record]:
    """Read what `write_history` has written, to the last digit."""
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    return [
        Record(int(replica), int(epoch), split, float(loss), float(accuracy) if accuracy else None)
        for replica, epoch, split, loss, accuracy in rows
    ]
