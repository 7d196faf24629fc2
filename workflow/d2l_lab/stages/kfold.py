"""K-fold cross-validation of one model on one device, on training data alone."""

from collections.abc import Sequence
from functools import partial

from torch import Tensor

from d2l_lab.stages import replicas, training
from d2l_lab.stages.job import Job
from d2l_lab.training.fit import Evaluation
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded
from d2l_lab.training.randomness import generator

COUNTED = "fold"
REUSES_REPLICAS_OF_OTHER = ("only", "replicates")


def work(job: Job) -> None:
    """Write the history and the parameters of every fold.

    Unlike replicates, folds of another number of folds are of no use: K parts of the examples have
    none in common with K + 1.
    """
    replicas.work(job, COUNTED, partial(train, job))


def train(job: Job, numbers: list[int]) -> replicas.Known:
    """Train on all but these folds' parts, and validate on them."""
    training.setup(job)
    folder = job.inputs["train"][0].folder
    examples, outputs = training.load(folder, job.settings)
    shuffle = generator(job.settings["seed"], "folds", len(examples.X))
    folds = kfold(len(examples.X), job.settings["folds"], shuffle)
    company = company_of(numbers, folds)
    rows = {number: folds[number][0] for number in company}
    validation = padded([folds[number][1] for number in company])
    held_out = Evaluation("validation", examples, validation, job.settings["evaluate_every"])
    trained = training.train(job, examples, outputs, rows, held_out, COUNTED)
    tensors = {"parameters.safetensors": trained.model.parameters()}
    all_of_them = replicas.Known(
        tuple(company), trained.history, tensors, trained.seconds_per_epoch
    )
    return all_of_them.only(numbers)


def company_of(numbers: Sequence[int], folds: Sequence[tuple[Tensor, Tensor]]) -> list[int]:
    """Add those folds without which the bits of these would be other ones than among all K.

    Rows are padded to the longest fold's, in training and in validation, so one that is as long
    must be there; and a lone replica takes other roads through torch.
    """
    company = {*numbers}
    for part in (0, 1):
        longest = [k for k, fold in enumerate(folds) if len(fold[part]) == _longest(folds, part)]
        if company.isdisjoint(longest):
            company.add(longest[0])
    if len(company) == 1:
        company.add((numbers[0] + 1) % len(folds))
    return sorted(company)


def _longest(folds: Sequence[tuple[Tensor, Tensor]], part: int) -> int:
    return max(len(fold[part]) for fold in folds)
