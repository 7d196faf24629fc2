"""Run one study, an experiment of the notes besides the models."""

import importlib
from typing import Any

import numpy as np
import pandas as pd
from safetensors.numpy import load_file, save_file

from d2l_lab.errors import LabError
from d2l_lab.stages.job import Input, Job
from d2l_lab.studies.given import Data, Studied, Trained
from d2l_lab.tables import files

ARRAYS = "arrays.safetensors"


def work(job: Job) -> None:
    """Write each table as CSV in full precision, and the arrays if there are any.

    The study gets what the arguments of its function `study` name.
    """
    settings = job.settings
    module = importlib.import_module(f"d2l_lab.studies.{settings['module']}")
    given = {role: read_role(role, results) for role, results in job.inputs.items()}
    found = module.study(**given, **settings["given"], **settings["settings"])
    if not isinstance(found, dict):
        what = f"`study` returns a {type(found).__name__}; return a dict of tables and arrays"
        raise LabError(f"studies/{settings['module']}.py: {what}")
    tables = {name: value for name, value in found.items() if isinstance(value, pd.DataFrame)}
    if (*tables,) != (*module.TABLES,):
        raise LabError(
            f"studies/{settings['module']}.py: TABLES lists {[*module.TABLES]}, but `study` "
            f"returns {[*tables]}; list the DataFrames that it returns, in the same order"
        )
    for name, table in tables.items():
        files.write(table, job.folder / f"{name}.csv")
    if arrays := {name: np.ascontiguousarray(found[name]) for name in found if name not in tables}:
        save_file(arrays, job.folder / ARRAYS)


def read_role(role: str, results: list[Input]) -> Any:
    """Read an argument of a study, according to its name and to the stage that made it."""
    if role == "trained":
        return [*map(read_trained, results)]
    if role == "tests":
        return {result.name.removesuffix("_test"): read_data(result) for result in results}
    (result,) = results
    read = {"study": read_studied, "download": lambda result: result.folder}
    return read.get(result.stage, read_data)(result)


def read_data(result: Input) -> Data:
    """Read the training or the test set of a dataset."""
    tensors = load_file(result.folder / "examples.safetensors")
    names = result.folder / "classes.csv"
    classes = tuple(files.read(names)["name"]) if names.exists() else ()
    return Data(tensors["X"], tensors["y"], int(tensors["outputs"]), classes)


def read_trained(result: Input) -> Trained:
    """Read the trained replicates of a model on a device."""
    model, *_ = result.name.split(".")
    return Trained(
        model,
        *(result.settings[key] for key in ("device", "module", "dataset")),
        history=files.read_history(result.folder / "history.csv"),
        parameters=load_file(result.folder / "parameters.safetensors"),
        predicted=load_file(result.folder / "predictions.safetensors")["predicted"],
    )


def read_studied(result: Input) -> Studied:
    """Read the tables of another study."""
    tables = {path.stem: files.read(path) for path in sorted(result.folder.glob("*.csv"))}
    arrays = load_file(result.folder / ARRAYS) if (result.folder / ARRAYS).exists() else {}
    return Studied(tables, arrays)
