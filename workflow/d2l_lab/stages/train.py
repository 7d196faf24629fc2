"""Train all replicates of one model on one device, and evaluate them on the test set."""

import torch
from safetensors.torch import save_file

from d2l_lab.stages import command, training
from d2l_lab.training.fit import Evaluation, outputs_of
from d2l_lab.training.minibatches import padded


def work(job: command.Job) -> None:
    """Write the history, the parameters, and the outputs for the test set."""
    training.setup(job)
    (train_folder,), (test_folder,) = job.inputs["train"], job.inputs["test"]
    train, outputs = training.load(train_folder, job.settings)
    test, _ = training.load(test_folder, job.settings)
    replicates = job.settings["replicates"]
    rows = [torch.arange(len(train.X))] * replicates
    test_rows = padded([torch.arange(len(test.X))] * replicates)
    held_out = Evaluation("test", test, test_rows, job.settings["evaluate_every"])
    model = training.train(job, train, outputs, rows, held_out, counted="replicate")
    predicted = outputs_of(model, test, test_rows)
    if outputs > 1:
        predicted = predicted.argmax(dim=-1)
    save_file({"predicted": predicted}, job.folder / "predictions.safetensors")


if __name__ == "__main__":
    command.leave(command.main("train", __doc__, work))
