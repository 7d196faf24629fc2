"""Read, write and describe the divergences of replicas.

A replica has diverged when its loss stops being a finite number. This is a result, too: from then
on, its rows have no numbers, and means over replicas that include it are unknown.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

FILE = "diverged.csv"  # in a training's result
COUNTED = {"train": "replicate", "kfold": "fold"}  # the kind of replica in each stage


class Divergence(NamedTuple):
    """The divergence of one replica.

    Parameters
    ----------
    replica : int
        The number of the replicate or fold.
    epoch : int
    where : str
        Where in that epoch: ``step 3``, or ``split test`` if an evaluation found it.
    loss : float
        Infinite or NaN.
    """

    replica: int
    epoch: int
    where: str
    loss: float


class Diverged(NamedTuple):
    """A training with diverged replicas.

    Parameters
    ----------
    model, device, stage : str
    replicas : int
        The number of all replicas.
    optimizer : str
    learning_rate : float
    found : sequence of Divergence
    """

    model: str
    device: str
    stage: str
    replicas: int
    optimizer: str
    learning_rate: float
    found: Sequence[Divergence]

    @classmethod
    def of(
        cls, model: str, stage: str, settings: Mapping[str, Any], folder: Path
    ) -> "Diverged | None":
        """Read it from a training's result; return None if no replica has diverged."""
        if not (found := read(folder)):
            return None
        told = (settings[key] for key in ("optimizer", "learning_rate"))
        return cls(model, settings["device"], stage, settings[f"{COUNTED[stage]}s"], *told, found)

    @property
    def first(self) -> Divergence:
        """The divergence in the earliest epoch."""
        return min(self.found, key=lambda each: (each.epoch, each.replica))

    def __str__(self) -> str:
        """Say how many replicas diverged, and where the first did."""
        counted, first = COUNTED[self.stage], self.first
        number = f"{len(self.found)} of {self.replicas} {counted}s"
        where = f"{counted} {first.replica}, epoch {first.epoch}, {first.where}"
        return f"{number} diverged (first {where}: the loss is {first.loss})"


def write(folder: Path, found: Sequence[Divergence], counted: str) -> None:
    """Write the divergences of a result, in the order of the replicas, even if there are none."""
    with (folder / FILE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([counted, *Divergence._fields[1:]])
        writer.writerows(sorted(found))


def read(folder: Path) -> list[Divergence]:
    """Read the divergences of a result; older results without this file have none."""
    if not (folder / FILE).exists():
        return []
    with (folder / FILE).open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    return [
        Divergence(int(replica), int(epoch), where, float(loss))
        for replica, epoch, where, loss in rows
    ]


def lines(trainings: Iterable[Diverged]) -> list[str]:
    """Return one line for each model that has diverged, with how to fix it."""
    by_model: dict[str, list[Diverged]] = {}
    for training in trainings:
        by_model.setdefault(training.model, []).append(training)
    return [f"{model}: {told(own)}" for model, own in by_model.items()]


def told(trainings: Sequence[Diverged]) -> str:
    """Say where the trainings of one model diverged, at what rate, and how to fix it."""
    model, rate = trainings[0].model, trainings[0].learning_rate
    several = len({training.device for training in trainings}) > 1
    found = [f"{each} on {each.device}" if several else str(each) for each in trainings]
    at = f"with {trainings[0].optimizer}, learning_rate {rate:g}"
    return f"{'; '.join(found)} {at}; reduce models.{model}.learning_rate"
