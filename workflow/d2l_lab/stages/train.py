"""Train replicates of one model on one device, and evaluate them on the test set."""

from functools import partial

import torch

from d2l_lab.stages import replicas, training
from d2l_lab.stages.job import Job
from d2l_lab.training.fit import Evaluation, predict_all, with_companion
from d2l_lab.training.minibatches import shared

COUNTED = "replicate"
REUSES_REPLICAS_OF_OTHER = ("only", "replicates")


def work(job: Job) -> None:
    """Write the history, the divergences, the parameters, and the outputs for the test set."""
    replicas.work(job, COUNTED, partial(train, job))


def train(job: Job, numbers: list[int]) -> replicas.Known:
    """Train the replicates of these numbers."""
    training.prepare(job)
    train, outputs = training.load(job, "train")
    test, _ = training.load(job, "test")
    rows = {number: torch.arange(len(train.X)) for number in with_companion(numbers)}
    test_rows = shared(torch.arange(len(test.X)), len(rows))
    held_out = Evaluation("test", test, test_rows, job.settings["evaluate_every"])
    model, known = training.train(job, train, outputs, rows, held_out, COUNTED)
    predicted = predict_all(model, test, test_rows)
    if outputs > 1:
        predicted = predicted.argmax(dim=-1)
    training.forget(predicted, known)
    known.tensors["predictions.safetensors"] = {"predicted": predicted}
    return known
