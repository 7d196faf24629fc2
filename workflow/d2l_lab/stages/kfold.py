"""K-fold cross-validation of one model on one device: all folds at once, on training data alone."""

from safetensors.torch import save_file

from d2l_lab.stages import command, training
from d2l_lab.training.fit import Evaluation
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded
from d2l_lab.training.randomness import generator


def work(job: command.Job) -> None:
    """Write the history and the parameters of every fold.

    Unlike replicates, folds of another number of folds are of no use: K parts of the examples have
    none in common with K + 1.
    """
    training.setup(job)
    (folder,) = job.inputs["train"]
    examples, outputs = training.load(folder, job.settings)
    shuffle = generator(job.settings["seed"], "folds", len(examples.X))
    folds = kfold(len(examples.X), job.settings["folds"], shuffle)
    rows, validation = map(list, zip(*folds, strict=True))
    held_out = Evaluation(
        "validation", examples, padded(validation), job.settings["evaluate_every"]
    )
    trained = training.train(job, examples, outputs, dict(enumerate(rows)), held_out, "fold")
    job.measured["replicas"] = len(rows)
    job.measured["seconds_per_epoch"] = trained.seconds_per_epoch
    training.write_history(job.folder / "history.csv", trained.history, "fold")
    save_file(trained.model.parameters(), job.folder / "parameters.safetensors")


if __name__ == "__main__":
    command.leave(command.main("kfold", __doc__, work))
