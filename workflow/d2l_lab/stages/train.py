"""Train replicates of one model on one device, and evaluate them on the test set."""

from collections.abc import Sequence

import torch

from d2l_lab.stages import replicas, training
from d2l_lab.stages.job import Job
from d2l_lab.training.fit import Evaluation, predict_all, with_companion
from d2l_lab.training.minibatches import shared

COUNTED = "replicate"
REUSES_REPLICAS_OF_OTHER = ("only", "replicates")


def work(job: Job) -> None:
    """Write the history, the divergences, the parameters, and the outputs for the test set."""
    work_together([job])


def work_together(jobs: Sequence[Job]) -> None:
    """Do the work of several jobs that differ only in their optimiser."""
    replicas.work(jobs, COUNTED, train)


def train(jobs: Sequence[Job], numbers: list[int]) -> list[replicas.Known]:
    """Train the replicates with these numbers for each job."""
    job = jobs[0]
    training.prepare(job)
    train, outputs = training.load(job, "train")
    test, _ = training.load(job, "test")
    rows = {number: torch.arange(len(train.X)) for number in with_companion(numbers)}
    test_rows = shared(torch.arange(len(test.X)), len(rows))
    held_out = Evaluation("test", test, test_rows, job.settings["evaluate_every"])
    trained = training.train(jobs, train, outputs, rows, held_out, COUNTED)
    for model, known in trained:
        predicted = predict_all(model, test, test_rows)
        if outputs > 1:
            predicted = predicted.argmax(dim=-1)
        training.forget(predicted, known)
        known.tensors["predictions.safetensors"] = {"predicted": predicted}
    return [known for _, known in trained]
