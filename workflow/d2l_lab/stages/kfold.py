"""K-fold cross-validation of one model on one device: all folds at once, on training data alone."""

from d2l_lab.stages import command, training
from d2l_lab.training.fit import Evaluation
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded
from d2l_lab.training.randomness import generator


def work(job: command.Job) -> None:
    """Write the history and the parameters of every fold."""
    training.setup(job)
    (folder,) = job.inputs["train"]
    examples, outputs = training.load(folder, job.settings)
    shuffle = generator(job.settings["seed"], "folds", len(examples.X))
    folds = kfold(len(examples.X), job.settings["folds"], shuffle)
    rows, validation = map(list, zip(*folds, strict=True))
    held_out = Evaluation(
        "validation", examples, padded(validation), job.settings["evaluate_every"]
    )
    training.train(job, examples, outputs, rows, held_out, counted="fold")


if __name__ == "__main__":
    command.leave(command.main("kfold", __doc__, work))
