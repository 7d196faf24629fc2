"""Draw one kind of figure, as SVG and PNG, from tables and examples."""

import importlib
from collections.abc import Callable, Iterator
from inspect import signature

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from safetensors.numpy import load_file

from d2l_lab.figures import style
from d2l_lab.stages import command

Draw = Callable[..., Figure]


def work(job: command.Job) -> None:
    """Write one SVG and one PNG for each of the figure's stems."""
    module = job.settings["module"]
    arguments = ARGUMENTS.get(module.rpartition(".")[2], tables_it_names)
    draw = importlib.import_module(module).draw
    for stem, drawn in zip(job.settings["stems"], arguments(draw, job), strict=True):
        style.save(drawn, job.folder, stem, job.settings["dpi"])


def tables_it_names(draw: Draw, job: command.Job) -> Iterator[Figure]:
    """Draw the tables of one study, or the claims: those that are arguments of `draw`."""
    (folder,) = job.inputs["drawn"]
    yield draw(**{name: pd.read_csv(folder / f"{name}.csv") for name in signature(draw).parameters})


def training_curves(draw: Draw, job: command.Job) -> Iterator[Figure]:
    """Draw the history of each model."""
    return curves(draw, job, "training")


def kfold_curves(draw: Draw, job: command.Job) -> Iterator[Figure]:
    """Draw the folds' history of each model."""
    return curves(draw, job, "kfold")


def curves(draw: Draw, job: command.Job, name: str) -> Iterator[Figure]:
    """Draw the rows of a table that belong to one model and device after the other."""
    table = read_table(job, name)
    devices = {model["device"] for model in job.settings["models"]}
    for model in job.settings["models"]:
        chosen = (table["model"] == model["model"]) & (table["device"] == model["device"])
        title = style.human(model["model"])
        title += f" on {model['device']}" if len(devices) > 1 else ""
        yield draw(table[chosen], title, loss_range=model["loss_range"])


def test_accuracy(draw: Draw, job: command.Job) -> Iterator[Figure]:
    """Draw the classifiers' test accuracy."""
    yield draw(read_table(job, "summary").query("metric == 'test_accuracy'"))


def polynomial_fits(draw: Draw, job: command.Job) -> Iterator[Figure]:
    """Draw the fitted polynomials over the data."""
    settings = job.settings
    learned = read_table(job, "parameters").query("device == @settings['device']")
    fits = {
        model: rows.pivot(index="replicate", columns="parameter", values="learned")[
            [f"w[{i}]" for i in range(rows["parameter"].nunique())]
        ].to_numpy()
        for model, rows in ((m, learned[learned["model"] == m]) for m in settings["models"])
    }
    points = {}
    for split in ("train", "test"):
        X, y = read_examples(job, split)
        points[split] = pd.DataFrame({"x": X[:, 1], "y": y[:, 0]})
    yield draw(points["train"], points["test"], np.array(settings["weights"]), fits)


def workflow_graph(draw: Draw, job: command.Job) -> Iterator[Figure]:
    """Draw how the stages of the workflow build on one another."""
    yield draw(job.settings["stages"], job.settings["edges"])


def image_grid(draw: Draw, job: command.Job) -> Iterator[Figure]:
    """Draw the first images of the training set."""
    yield draw(*read_images(job, "train"))


def predictions(draw: Draw, job: command.Job) -> Iterator[Figure]:
    """Draw the first images of the test set with what each classifier's first replicate says."""
    images, true = read_images(job, "test")
    names = read_classes(job, "test")
    for model, folder in zip(job.settings["models"], job.inputs["trained"], strict=True):
        predicted = load_file(folder / "predictions.safetensors")["predicted"][0, : len(images)]
        yield draw(images, true, names[predicted], style.human(model))


def read_table(job: command.Job, name: str) -> pd.DataFrame:
    """Read one of the tables."""
    return pd.read_csv(job.inputs["tables"][0] / f"{name}.csv")


def read_examples(job: command.Job, role: str) -> tuple[np.ndarray, np.ndarray]:
    """Read X and y of a dataset."""
    tensors = load_file(job.inputs[role][0] / "examples.safetensors")
    return tensors["X"], tensors["y"]


def read_images(job: command.Job, role: str) -> tuple[np.ndarray, np.ndarray]:
    """Read the first few images, as numbers from 0 to 1, and their labels' names."""
    X, y = read_examples(job, role)
    few = slice(job.settings["images"])
    return X[few, 0] / 255, read_classes(job, role)[y[few]]


def read_classes(job: command.Job, role: str) -> np.ndarray:
    """Read the names of a dataset's labels."""
    return pd.read_csv(job.inputs[role][0] / "classes.csv")["name"].to_numpy()


ARGUMENTS = {
    function.__name__: function
    for function in (
        training_curves,
        kfold_curves,
        test_accuracy,
        polynomial_fits,
        workflow_graph,
        image_grid,
        predictions,
    )
}


if __name__ == "__main__":
    command.leave(command.main("figures", __doc__, work))
