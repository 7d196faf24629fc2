"""Train all replicates of one model on one device, and evaluate them on the test set."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from d2l_lab import store
from d2l_lab.stages import command, training
from d2l_lab.training.fit import Evaluation, Record, outputs_of
from d2l_lab.training.minibatches import shared

COUNTED = "replicate"
log = logging.getLogger(__name__)


class Replicates(NamedTuple):
    """What is known of the first R replicates, and how long one of them took for an epoch.

    Parameters
    ----------
    history : list of Record
    parameters : dict of Tensors, each (R, ...)
    predicted : Tensor, (R, n) for classes, (R, n, q) for numbers
    seconds_per_epoch : float
    """

    history: list[Record]
    parameters: dict[str, Tensor]
    predicted: Tensor
    seconds_per_epoch: float

    def only(self, numbers: range) -> "Replicates":
        """Keep the first few, which have these numbers."""
        return Replicates(
            [record for record in self.history if record.replica in numbers],
            {name: values[: len(numbers)].clone() for name, values in self.parameters.items()},
            self.predicted[: len(numbers)].clone(),
            self.seconds_per_epoch,
        )

    def followed_by(self, more: "Replicates") -> "Replicates":
        """Put further ones behind these."""
        return Replicates(
            in_order(self.history + more.history),
            {
                name: torch.cat([values, more.parameters[name]])
                for name, values in self.parameters.items()
            },
            torch.cat([self.predicted, more.predicted]),
            more.seconds_per_epoch,
        )


def work(job: command.Job) -> None:
    """Write the history, the parameters, and the outputs for the test set.

    A replicate is the same to the bit whatever its number of companions: those that an earlier
    result of this very model has are taken from there.
    """
    count = job.settings["replicates"]
    done, known = earlier(job)
    if known < count:
        missing = train(job, range(known, count))
        done = done.followed_by(missing) if done else missing
    done = done.only(range(count))
    job.measured["replicas"] = count
    job.measured["trained"] = max(count - known, 0)
    job.measured["seconds_per_epoch"] = done.seconds_per_epoch
    training.write_history(job.folder / "history.csv", done.history, COUNTED)
    save_file(done.parameters, job.folder / "parameters.safetensors")
    save_file({"predicted": done.predicted}, job.folder / "predictions.safetensors")


def earlier(job: command.Job) -> tuple[Replicates | None, int]:
    """Find the replicates that are known already: of the result with the most of them."""
    found = list(store.relatives(job.place, job.ingredients, apart_from="replicates"))
    if not found:
        return None, 0
    folder, provenance = max(found, key=replicates_of)
    log.info("%d replicates are known from %s", replicates_of((folder, provenance)), folder)
    return read(folder, provenance), replicates_of((folder, provenance))


def replicates_of(result: tuple[Path, dict]) -> int:
    """Give the number of replicates of a folder and its provenance."""
    return result[1]["ingredients"]["settings"]["replicates"]


def read(folder: Path, provenance: dict) -> Replicates:
    """Read all replicates of an earlier result."""
    return Replicates(
        training.read_history(folder / "history.csv"),
        load_file(folder / "parameters.safetensors"),
        load_file(folder / "predictions.safetensors")["predicted"],
        provenance["measured"]["seconds_per_epoch"],
    )


def train(job: command.Job, numbers: range) -> Replicates:
    """Train the replicates of these numbers."""
    training.setup(job)
    (train_folder,), (test_folder,) = job.inputs["train"], job.inputs["test"]
    train, outputs = training.load(train_folder, job.settings)
    test, _ = training.load(test_folder, job.settings)
    # torch takes other roads for a lone replica, which may end at another last digit: it gets
    # company, of which nothing is kept.
    company = numbers if len(numbers) > 1 else range(numbers[0], numbers[0] + 2)
    rows = {number: torch.arange(len(train.X)) for number in company}
    test_rows = shared(torch.arange(len(test.X)), len(company))
    held_out = Evaluation("test", test, test_rows, job.settings["evaluate_every"])
    trained = training.train(job, train, outputs, rows, held_out, COUNTED)
    predicted = outputs_of(trained.model, test, test_rows)
    if outputs > 1:
        predicted = predicted.argmax(dim=-1)
    parameters = trained.model.parameters()
    known = Replicates(trained.history, parameters, predicted, trained.seconds_per_epoch)
    return known.only(numbers)


def in_order(history: Sequence[Record]) -> list[Record]:
    """Order records as a training writes them: by epoch, then split, then replicate."""
    last = history[-1].epoch  # in which every split is evaluated
    splits = list(dict.fromkeys(record.split for record in history if record.epoch == last))
    return sorted(history, key=lambda one: (one.epoch, splits.index(one.split), one.replica))


if __name__ == "__main__":
    command.leave(command.main("train", __doc__, work))
