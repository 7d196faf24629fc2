"""Turn the files of a dataset into tensors (notes 3.5)."""

import csv
import importlib
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from d2l_lab.datasets.files import sha256
from d2l_lab.datasets.randomness import make_rng
from d2l_lab.errors import LabError
from d2l_lab.stages.job import Job


def work(job: Job) -> None:
    """Write examples.safetensors, and classes.csv with the name of each label, if it has classes.

    The location of the files, `paths`, is not part of the key; their content is.
    """
    settings = job.settings
    name = f"d2l_lab.datasets.{settings['module']}"
    given = {"split": settings["split"], **found_files(job), **settings["dataset"]}
    if "seed" in settings:
        given["rng"] = make_rng(name, settings["seed"], "split")
    half = importlib.import_module(name).read(**given)
    outputs = len(half.classes) or half.y.shape[1]
    tensors = {"X": half.X, "y": half.y, "outputs": np.array(outputs)}
    if half.standardise:
        tensors["standardise"] = np.array(1)  # each model standardises by its own training rows
    save_file(tensors, job.folder / "examples.safetensors")
    with (job.folder / "classes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["label", "name"])
        writer.writerows(enumerate(half.classes))


def found_files(job: Job) -> dict[str, Any]:
    """Return the files to read as arguments: the download's folder, or local files.

    Raises
    ------
    LabError
        If a local file has changed since the run was planned.
    """
    if "files" in job.inputs:
        (downloaded,) = job.inputs["files"]
        return {"folder": downloaded.folder}
    found = {key: Path(job.settings["paths"][key]) for key in job.settings["files"]}
    for key, path in found.items():
        if sha256(path) != job.settings["files"][key]:
            raise LabError(f"{path}: has changed since the run was planned; run again")
    return found
