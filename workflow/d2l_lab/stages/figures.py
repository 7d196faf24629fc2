"""Draw one figure, in each language of the book, from results of other stages."""

import importlib
from collections.abc import Callable
from inspect import signature
from types import ModuleType

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from safetensors.numpy import load_file

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words
from d2l_lab.stages.job import Input, Job
from d2l_lab.store import layout
from d2l_lab.tables import files


def work(job: Job) -> None:
    """Write the figure: in English as SVG and PNG, in other languages as <language>/<name>.svg."""
    style.save(drawn(job), job.folder, job.name, job.settings["dpi"])
    for language in job.settings["translations"]:
        words = importlib.import_module(f"d2l_lab.figures.languages.{language}").WORDS
        path = job.folder / layout.svg_file(job.name, language)
        path.parent.mkdir()
        style.save_as_shapes(drawn(job, words), path, words.font)


def drawn(job: Job, words: Words = ENGLISH) -> Figure:
    """Draw the figure of the module that the settings name."""
    name = job.settings["module"]
    draw = DRAW.get(name, draw_tables)
    return draw(importlib.import_module(f"d2l_lab.figures.{name}"), job, words)


def draw_tables(module: ModuleType, job: Job, words: Words) -> Figure:
    """Draw the tables of a study, of the claims or of `make bench` that the figure asks for."""
    (made,) = job.inputs["drawn"]
    names = [name for name in signature(module.draw).parameters if name != "words"]
    tables = {name: files.read(made.folder / f"{name}.csv") for name in names}
    return module.draw(**tables, words=words)


def draw_curves(module: ModuleType, job: Job, words: Words) -> Figure:
    """Draw a history, titled with its model, and with its device if there are several."""
    (trained,) = job.inputs["trained"]
    history = pd.read_csv(trained.folder / "history.csv")
    title = words.name(model_name(trained))
    if job.settings["several_devices"]:
        title = words("{model} on {device}", model=title, device=trained.settings["device"])
    return module.draw(history, title, trained.settings["dataset"], words=words)


def draw_test_accuracy(module: ModuleType, job: Job, words: Words) -> Figure:
    """Draw the classifiers' test accuracy."""
    (tables,) = job.inputs["tables"]
    return module.draw(files.read(tables.folder / "summary.csv"), words=words)


def draw_fits(module: ModuleType, job: Job, words: Words) -> Figure:
    """Draw the fitted curves over the data."""
    (train,), (test,) = job.inputs["train"], job.inputs["test"]
    fits = {
        model_name(trained): load_file(trained.folder / "parameters.safetensors")["w"].squeeze(-1)
        for trained in job.inputs["trained"]
    }
    weights = np.array(train.settings["dataset"]["weights"])
    return module.draw(read_points(train), read_points(test), weights, fits, words=words)


def draw_sweep(module: ModuleType, job: Job, words: Words) -> Figure:
    """Draw one sweep on one device."""
    (gathered,) = job.inputs["sweeps"]
    tables = (files.read(gathered.folder / f"{name}.csv") for name in ("sweeps", "sweep_choice"))
    wanted = {name: job.settings[name] for name in ("sweep", "device")}
    of_sweep = (
        table[(table[[*wanted]] == pd.Series(wanted)).all(axis="columns")] for table in tables
    )
    return module.draw(*of_sweep, job.settings["keys"], words=words)


def draw_workflow_graph(module: ModuleType, job: Job, words: Words) -> Figure:
    """Draw how the stages of the workflow depend on one another."""
    return module.draw(job.settings["stages"], job.settings["edges"], words=words)


def draw_image_grid(module: ModuleType, job: Job, words: Words) -> Figure:
    """Draw the first images of the training set."""
    (train,) = job.inputs["train"]
    dataset = words.name(train.name.rpartition("_")[0])
    return module.draw(*read_images(train, job.settings["images"]), dataset, words=words)


def draw_predictions(module: ModuleType, job: Job, words: Words) -> Figure:
    """Draw the first test images with the predictions of a classifier's first replicate."""
    (test,), (trained,) = job.inputs["test"], job.inputs["trained"]
    images, true = read_images(test, module.IMAGES)
    predicted = load_file(trained.folder / "predictions.safetensors")["predicted"]
    name = words.name(model_name(trained))
    if (predicted[0] < 0).any():
        lost = words("{model}: the first replicate diverged, and predicts nothing", model=name)
        return style.empty_figure(lost)
    said = read_classes(test)[predicted[0, : len(images)]]
    return module.draw(images, true, said, name, words=words)


def model_name(trained: Input) -> str:
    """Return the name of a trained model without its device."""
    return trained.name.rpartition(".")[0]


def read_points(data: Input) -> pd.DataFrame:
    """Read x and y of examples; the features are powers of x, and the second one is x itself."""
    examples = load_file(data.folder / "examples.safetensors")
    return pd.DataFrame({"x": examples["X"][:, 1], "y": examples["y"][:, 0]})


def read_images(data: Input, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Read the first images, with pixels from 0 to 1, and the names of their labels."""
    examples = load_file(data.folder / "examples.safetensors")
    return examples["X"][:count, 0] / 255, read_classes(data)[examples["y"][:count]]


def read_classes(data: Input) -> np.ndarray:
    """Read the names of a dataset's labels."""
    return files.read(data.folder / "classes.csv")["name"].to_numpy()


DRAW: dict[str, Callable[[ModuleType, Job, Words], Figure]] = {
    "training_curves": draw_curves,
    "kfold_curves": draw_curves,
    "test_accuracy": draw_test_accuracy,
    "fits": draw_fits,
    "sweep": draw_sweep,
    "workflow_graph": draw_workflow_graph,
    "image_grid": draw_image_grid,
    "predictions": draw_predictions,
}
