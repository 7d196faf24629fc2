"""The replicas of a training: which a result holds, which are known already, and one job's part.

A replica, a replicate or a fold, is the same to the bit whatever its company. So none is trained
twice: what earlier results of the same training hold is taken from there. That is also how jobs of
a few replicas each, the shards of a large training, become one result.
"""

import logging
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from d2l_lab.stages import shards, training
from d2l_lab.stages.job import Job
from d2l_lab.store import provenance
from d2l_lab.training.fit import Record

HISTORY = "history.csv"
log = logging.getLogger(__name__)


class Known(NamedTuple):
    """What is known of R replicas.

    Parameters
    ----------
    numbers : tuple of R int
    history : list of Record
    tensors : dict from a file's name to a dict of Tensors, each (R, ...)
    seconds_per_epoch : float
        Of one replica.
    """

    numbers: tuple[int, ...]
    history: list[Record]
    tensors: dict[str, dict[str, Tensor]]
    seconds_per_epoch: float

    def only(self, numbers: Sequence[int]) -> "Known":
        """Keep those of these numbers, in their order."""
        places = [self.numbers.index(number) for number in numbers]
        return Known(
            tuple(numbers),
            [record for record in self.history if record.replica in numbers],
            _each(self.tensors, lambda values: values[places].clone()),
            self.seconds_per_epoch,
        )


def work(job: Job, counted: str, train: Callable[[list[int]], Known]) -> None:
    """Write the history and the tensors of all replicas that a job is asked for.

    Parameters
    ----------
    job : Job
    counted : str
        What the replicas are: "replicate" or "fold".
    train : callable
        Trains the replicas of these numbers.
    """
    wanted = shards.numbers_of(job.settings)
    parts = known(job, wanted)
    missing = sorted({*wanted}.difference(*(part.numbers for part in parts)))
    if missing:
        parts.append(train(missing))
    whole = union(parts).only(wanted)
    job.measured["replicas"] = len(wanted)
    job.measured["trained"] = len(missing)
    job.measured["seconds_per_epoch"] = whole.seconds_per_epoch
    training.write_history(job.folder / HISTORY, in_order(whole.history), counted)
    for name, tensors in whole.tensors.items():
        save_file(tensors, job.folder / name)


def known(job: Job, wanted: Sequence[int]) -> list[Known]:
    """Read the wanted replicas that earlier results hold, from as few of these as will do."""
    held = {e.folder: shards.numbers_of(e.settings) for e in job.earlier}
    unknown, parts = {*wanted}, []
    for folder in sorted(held, key=lambda one: len(held[one]), reverse=True):
        useful = sorted(unknown.intersection(held[folder]))
        if useful:
            log.info("%d of them are known from %s", len(useful), folder)
            parts.append(read(folder, held[folder]).only(useful))
            unknown -= {*useful}
    return parts


def read(folder: Path, numbers: Sequence[int]) -> Known:
    """Read all that a result says of its replicas."""
    return Known(
        tuple(numbers),
        training.read_history(folder / HISTORY),
        {path.name: load_file(path) for path in sorted(folder.glob("*.safetensors"))},
        provenance.read(folder)["measured"]["seconds_per_epoch"],
    )


def union(parts: Sequence[Known]) -> Known:
    """Put what is known of different replicas together; it took as long as the last of them."""
    if len(parts) == 1:
        return parts[0]
    return Known(
        tuple(chain(*(part.numbers for part in parts))),
        [*chain(*(part.history for part in parts))],
        {
            file: {
                name: torch.cat([part.tensors[file][name] for part in parts]) for name in tensors
            }
            for file, tensors in parts[0].tensors.items()
        },
        parts[-1].seconds_per_epoch,
    )


def in_order(history: Sequence[Record]) -> list[Record]:
    """Order records as a training writes them: by epoch, then split, then replica."""
    last = history[-1].epoch  # in which every split is evaluated
    splits = list(dict.fromkeys(record.split for record in history if record.epoch == last))
    return sorted(history, key=lambda one: (one.epoch, splits.index(one.split), one.replica))


def _each(
    tensors: dict[str, dict[str, Tensor]], change: Callable[[Tensor], Tensor]
) -> dict[str, dict[str, Tensor]]:
    return {
        file: {name: change(values) for name, values in ones.items()}
        for file, ones in tensors.items()
    }
