"""Draw one figure, as SVG and PNG, from results of other stages."""

import importlib
from collections.abc import Callable
from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from safetensors.numpy import load_file

from d2l_lab.figures import style
from d2l_lab.stages.job import Job

Draw = Callable[..., Figure]


def work(job: Job) -> None:
    """Write the figure as SVG and as PNG, under the job's own name."""
    module = job.settings["module"]
    arguments = ARGUMENTS.get(module.rpartition(".")[2], tables_it_names)
    figure = arguments(importlib.import_module(module).draw, job)
    style.save(figure, job.folder, job.name, job.settings["dpi"])


def tables_it_names(draw: Draw, job: Job) -> Figure:
    """Draw the tables of one study, or the claims: those that are arguments of `draw`."""
    (folder,) = job.inputs["drawn"]
    names = signature(draw).parameters
    return draw(**{name: pd.read_csv(folder / f"{name}.csv") for name in names})


def curves(draw: Draw, job: Job) -> Figure:
    """Draw a history under the name of its model, and of its device if there are several."""
    model, device = (job.settings[one] for one in ("model", "device"))
    title = style.human(model) + (f" on {device}" if device else "")
    history = pd.read_csv(trained_of(job) / "history.csv")
    return draw(history, title, loss_range=job.settings["loss_range"])


def test_accuracy(draw: Draw, job: Job) -> Figure:
    """Draw the classifiers' test accuracy."""
    summary = pd.read_csv(job.inputs["tables"][0] / "summary.csv")
    return draw(summary.query("metric == 'test_accuracy'"))


def polynomial_fits(draw: Draw, job: Job) -> Figure:
    """Draw the fitted polynomials over the data."""
    models = zip(job.settings["models"], job.inputs["trained"], strict=True)
    fits = {
        model: load_file(folder / "parameters.safetensors")["w"].squeeze(-1)
        for model, folder in models
    }
    points = {}
    for split in ("train", "test"):
        X, y = read_examples(job, split)
        points[split] = pd.DataFrame({"x": X[:, 1], "y": y[:, 0]})
    return draw(points["train"], points["test"], np.array(job.settings["weights"]), fits)


def workflow_graph(draw: Draw, job: Job) -> Figure:
    """Draw how the stages of the workflow build on one another."""
    return draw(job.settings["stages"], job.settings["edges"])


def image_grid(draw: Draw, job: Job) -> Figure:
    """Draw the first images of the training set."""
    return draw(*read_images(job, "train"))


def predictions(draw: Draw, job: Job) -> Figure:
    """Draw the first images of the test set with what a classifier's first replicate says."""
    images, true = read_images(job, "test")
    predicted = load_file(trained_of(job) / "predictions.safetensors")["predicted"]
    names = read_classes(job, "test")[predicted[0, : len(images)]]
    return draw(images, true, names, style.human(job.settings["model"]))


def trained_of(job: Job) -> Path:
    """Give the folder of the one model that is shown."""
    (folder,) = job.inputs["trained"]
    return folder


def read_examples(job: Job, role: str) -> tuple[np.ndarray, np.ndarray]:
    """Read X and y of a dataset."""
    tensors = load_file(job.inputs[role][0] / "examples.safetensors")
    return tensors["X"], tensors["y"]


def read_images(job: Job, role: str) -> tuple[np.ndarray, np.ndarray]:
    """Read the first few images, as numbers from 0 to 1, and their labels' names."""
    X, y = read_examples(job, role)
    few = slice(job.settings["images"])
    return X[few, 0] / 255, read_classes(job, role)[y[few]]


def read_classes(job: Job, role: str) -> np.ndarray:
    """Read the names of a dataset's labels."""
    return pd.read_csv(job.inputs[role][0] / "classes.csv")["name"].to_numpy()


ARGUMENTS = {
    "training_curves": curves,
    "kfold_curves": curves,
    "test_accuracy": test_accuracy,
    "polynomial_fits": polynomial_fits,
    "workflow_graph": workflow_graph,
    "image_grid": image_grid,
    "predictions": predictions,
}
