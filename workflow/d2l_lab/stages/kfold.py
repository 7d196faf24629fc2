"""Cross-validate one model on one device, on training data alone."""

from collections.abc import Sequence

from torch import Tensor

from d2l_lab.stages import replicas, training
from d2l_lab.stages.job import Job
from d2l_lab.training.fit import Evaluation
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded
from d2l_lab.training.randomness import generator

COUNTED = "fold"
# Results with another number of folds cannot be reused: their folds are different.
REUSES_REPLICAS_OF_OTHER = ("only",)


def work(job: Job) -> None:
    """Write the history, the divergences and the parameters of every fold."""
    work_together([job])


def work_together(jobs: Sequence[Job]) -> None:
    """Do the work of several jobs that differ only in their optimiser."""
    replicas.work(jobs, COUNTED, train)


def train(jobs: Sequence[Job], numbers: list[int]) -> list[replicas.Known]:
    """For each job and each of these folds, train on all other parts and validate on this one."""
    job = jobs[0]
    training.prepare(job)
    examples, outputs = training.load(job, "train")
    n, seed = len(examples.X), job.settings["seed"]
    folds = kfold(n, job.settings["folds"], generator(seed, "folds", n))
    together = with_companions(numbers, folds)
    rows = {number: folds[number][0] for number in together}
    validation = padded([folds[number][1] for number in together])
    held_out = Evaluation("validation", examples, validation, job.settings["evaluate_every"])
    trained = training.train(jobs, examples, outputs, rows, held_out, COUNTED)
    return [known for _, known in trained]


def with_companions(numbers: Sequence[int], folds: Sequence[tuple[Tensor, Tensor]]) -> list[int]:
    """Add the folds that must be trained along, so that results equal those of all K together.

    Rows are padded to the length of the longest fold, in training and in validation, so a fold of
    that length must be among them. With a single fold torch picks another kernel, so at least two
    are needed.
    """
    together = {*numbers}
    for part in (0, 1):
        lengths = [len(fold[part]) for fold in folds]
        longest = [k for k, length in enumerate(lengths) if length == max(lengths)]
        if together.isdisjoint(longest):
            together.add(longest[0])
    if len(together) == 1:
        together.add((numbers[0] + 1) % len(folds))
    return sorted(together)
