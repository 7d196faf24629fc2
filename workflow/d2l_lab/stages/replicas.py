"""Combine the replicas of a training: those in earlier results, and those that a job trains.

A replica is a replicate or a fold. It is the same to the bit whichever replicas are trained with
it, so none is trained twice: a replica in an earlier result of the same training is copied from
there. The shards of a large training, jobs of a few replicas each, become one result in the same
way.
"""

import csv
import logging
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from d2l_lab.stages import shards
from d2l_lab.stages.job import Input, Job
from d2l_lab.tables import divergences
from d2l_lab.tables.divergences import Divergence
from d2l_lab.training.fit import Record
from d2l_lab.training.metrics import METRICS

HISTORY = "history.csv"
log = logging.getLogger(__name__)


class Known(NamedTuple):
    """The trained data of R replicas.

    Parameters
    ----------
    numbers : sequence of R ints
    history : list of Record
        Replicas are identified by their numbers.
    diverged : list of Divergence
    tensors : dict from a file's name to a dict of Tensors, each (R, ...)
    seconds_per_epoch : float
        The time of one replica, trained with the others.
    """

    numbers: Sequence[int]
    history: list[Record]
    diverged: list[Divergence]
    tensors: dict[str, dict[str, Tensor]]
    seconds_per_epoch: float

    def only(self, numbers: Sequence[int]) -> "Known":
        """Keep the replicas with these numbers, in this order."""
        places = [self.numbers.index(number) for number in numbers]
        tensors = {
            file: {name: values[places].clone() for name, values in named.items()}
            for file, named in self.tensors.items()
        }
        history, diverged = (
            [each for each in every if each.replica in numbers]
            for every in (self.history, self.diverged)
        )
        return Known(numbers, history, diverged, tensors, self.seconds_per_epoch)


Train = Callable[[Sequence[Job], list[int]], list[Known]]


def work(jobs: Sequence[Job], counted: str, train: Train) -> None:
    """Train the replicas that some jobs lack, and write everything that each job must make.

    The kind of replica, "replicate" or "fold", is the header of the history's first column. `train`
    trains replicas by their numbers, for jobs that differ only in their optimiser, and further
    replicas along with them if necessary.
    """
    wanted = shards.numbers_of(jobs[0].settings)
    parts = [known(job.earlier, wanted) for job in jobs]
    lacking: dict[tuple[int, ...], list[int]] = {}  # jobs by the replicas that they lack
    for place, found in enumerate(parts):
        missing = sorted({*wanted}.difference(*(part.numbers for part in found)))
        lacking.setdefault(tuple(missing), []).append(place)
    for missing, places in lacking.items():
        if missing:
            trained = train([jobs[place] for place in places], [*missing])
            for place, part in zip(places, trained, strict=True):
                parts[place].append(part.only(missing))
        for place in places:
            write(jobs[place], union(parts[place]).only(wanted), counted, trained=len(missing))


def write(job: Job, whole: Known, counted: str, trained: int) -> None:
    """Write the data of all replicas of a job, whether trained now or copied."""
    job.measured["replicas"] = len(whole.numbers)
    job.measured["trained"] = trained
    job.measured["seconds_per_epoch"] = whole.seconds_per_epoch
    write_history(job.folder / HISTORY, in_order(whole.history), counted)
    divergences.write(job.folder, whole.diverged, counted)
    for name, tensors in whole.tensors.items():
        save_file(tensors, job.folder / name)


def known(earlier: Sequence[Input], wanted: Sequence[int]) -> list[Known]:
    """Read the wanted replicas from as few earlier results as possible."""
    unknown, parts = {*wanted}, []
    for result in sorted(earlier, key=lambda r: len(shards.numbers_of(r.settings)), reverse=True):
        useful = sorted(unknown.intersection(shards.numbers_of(result.settings)))
        if useful:
            log.info("reusing %d replicas of %s", len(useful), result.folder)
            parts.append(read(result).only(useful))
            unknown -= {*useful}
    return parts


def read(result: Input) -> Known:
    """Read everything that a result has about its replicas."""
    return Known(
        shards.numbers_of(result.settings),
        read_history(result.folder / HISTORY),
        divergences.read(result.folder),
        {path.name: load_file(path) for path in sorted(result.folder.glob("*.safetensors"))},
        result.measured["seconds_per_epoch"],
    )


def union(parts: Sequence[Known]) -> Known:
    """Merge the data of different replicas; the time is that of the last."""
    tensors = {
        file: {name: torch.cat([part.tensors[file][name] for part in parts]) for name in named}
        for file, named in parts[0].tensors.items()
    }
    numbers, history, diverged = ([*chain(*(part[field] for part in parts))] for field in (0, 1, 2))
    return Known(numbers, history, diverged, tensors, parts[-1].seconds_per_epoch)


def in_order(history: Sequence[Record]) -> list[Record]:
    """Sort records as a training writes them: by epoch, then split, then replica."""
    last = history[-1].epoch  # every split is evaluated in it
    splits = list(dict.fromkeys(record.split for record in history if record.epoch == last))
    return sorted(history, key=lambda r: (r.epoch, splits.index(r.split), r.replica))


def write_history(path: Path, history: Sequence[Record], counted: str) -> None:
    """Write a history as CSV, in full precision; metrics of other tasks are empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([counted, "epoch", "split", *METRICS])
        for record in history:
            measured = (record.measured.get(name, "") for name in METRICS)
            writer.writerow([record.replica, record.epoch, record.split, *measured])


def read_history(path: Path) -> list[Record]:
    """Read what `write_history` has written, in full precision."""
    with path.open(newline="", encoding="utf-8") as file:
        (_, _, _, _, *names), *rows = csv.reader(file)
    history = []
    for replica, epoch, split, loss, *measured in rows:
        pairs = zip(names, measured, strict=True)
        metrics = {name: float(value) for name, value in pairs if value}
        history.append(Record(int(replica), int(epoch), split, float(loss), metrics))
    return history
