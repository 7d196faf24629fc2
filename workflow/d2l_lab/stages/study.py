"""Run one study: an experiment of the notes that is not a model."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from safetensors.numpy import load_file, save_file

from d2l_lab.stages.job import Job
from d2l_lab.studies.given import Data, Studied, Trained

ARRAYS = "arrays.safetensors"


def work(job: Job) -> None:
    """Write each table as CSV, with every digit of its numbers, and the arrays if there are any.

    The study is given what the arguments of its function `study` name.
    """
    settings = job.settings
    study = importlib.import_module("d2l_lab.studies." + settings["module"]).study
    given = {
        role: GIVEN.get(role, read_studied)(job, [f.folder for f in folders])
        for role, folders in job.inputs.items()
    }
    tables, arrays = parted(study(**given, **settings["given"], **settings["settings"]))
    for name, table in tables.items():
        table.to_csv(job.folder / f"{name}.csv", index=False, lineterminator="\n")
    if arrays:
        save_file(arrays, job.folder / ARRAYS)


def parted(found: dict[str, Any]) -> tuple[dict[str, pd.DataFrame], dict[str, np.ndarray]]:
    """Part what a study has found into tables and arrays."""
    tables = {name: one for name, one in found.items() if isinstance(one, pd.DataFrame)}
    arrays = {name: np.ascontiguousarray(found[name]) for name in found if name not in tables}
    return tables, arrays


def read_data(_job: Job, folders: list[Path]) -> Data:
    """Read one half of a dataset."""
    (folder,) = folders
    tensors = load_file(folder / "examples.safetensors")
    names = folder / "classes.csv"
    classes = tuple(pd.read_csv(names)["name"]) if names.exists() else ()
    return Data(tensors["X"], tensors["y"], int(tensors["outputs"]), classes)


def read_trained(job: Job, folders: list[Path]) -> list[Trained]:
    """Read what the training of every model and device has left."""
    return [
        Trained(
            **model,
            history=pd.read_csv(folder / "history.csv"),
            parameters=load_file(folder / "parameters.safetensors"),
            predicted=load_file(folder / "predictions.safetensors")["predicted"],
        )
        for model, folder in zip(
            [
                dict(
                    model=f.name.partition(".")[0],
                    device=f.settings["device"],
                    module=f.settings["module"],
                    dataset=f.settings["dataset"],
                )
                for f in job.inputs["trained"]
            ],
            folders,
            strict=True,
        )
    ]


def read_studied(_job: Job, folders: list[Path]) -> Studied:
    """Read what another study has found."""
    (folder,) = folders
    tables = {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}
    arrays = load_file(folder / ARRAYS) if (folder / ARRAYS).exists() else {}
    return Studied(tables, arrays)


def the_folder(_job: Job, folders: list[Path]) -> Path:
    """Give the folder itself."""
    (folder,) = folders
    return folder


GIVEN = {
    "linear_train": read_data,
    "linear_test": read_data,
    "polynomial_train": read_data,
    "polynomial_test": read_data,
    "fashion_mnist_train": read_data,
    "fashion_mnist_test": read_data,
    "fashion_mnist_files": the_folder,
    "trained": read_trained,
}
