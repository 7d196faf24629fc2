"""Train replicates of one model on one device, and evaluate them on the test set."""

from functools import partial

import torch

from d2l_lab.stages import replicas, training
from d2l_lab.stages.job import Job
from d2l_lab.training.fit import Evaluation, outputs_of
from d2l_lab.training.minibatches import shared

COUNTED = "replicate"
REUSES_REPLICAS_OF_OTHER = ("only", "replicates")


def work(job: Job) -> None:
    """Write the history, the parameters, and the outputs for the test set."""
    replicas.work(job, COUNTED, partial(train, job))


def train(job: Job, numbers: list[int]) -> replicas.Known:
    """Train the replicates of these numbers."""
    training.setup(job)
    train_folder, test_folder = job.inputs["train"][0].folder, job.inputs["test"][0].folder
    train, outputs = training.load(train_folder, job.settings)
    test, _ = training.load(test_folder, job.settings)
    # torch takes other roads for a lone replica, which may end at another last digit: it gets
    # company, of which nothing is kept.
    company = numbers if len(numbers) > 1 else [*numbers, numbers[0] + 1]
    rows = {number: torch.arange(len(train.X)) for number in company}
    test_rows = shared(torch.arange(len(test.X)), len(company))
    held_out = Evaluation("test", test, test_rows, job.settings["evaluate_every"])
    trained = training.train(job, train, outputs, rows, held_out, COUNTED)
    predicted = outputs_of(trained.model, test, test_rows)
    if outputs > 1:
        predicted = predicted.argmax(dim=-1)
    tensors = {
        "parameters.safetensors": trained.model.parameters(),
        "predictions.safetensors": {"predicted": predicted},
    }
    all_of_them = replicas.Known(
        tuple(company), trained.history, tensors, trained.seconds_per_epoch
    )
    return all_of_them.only(numbers)
