"""Generate the training or the test half of a synthetic dataset (notes 3.2, 4.4.4)."""

import importlib
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from d2l_lab.stages.job import Job


def work(job: Job) -> None:
    """Write examples.safetensors."""
    module = f"d2l_lab.datasets.{job.settings['module']}"
    rng = make_rng(module, job.settings)
    X, y = importlib.import_module(module).generate(**job.settings["dataset"], rng=rng)
    tensors = {"X": X, "y": y, "outputs": np.array(y.shape[1])}
    save_file(tensors, job.folder / "examples.safetensors")


def make_rng(module: str, settings: dict[str, Any]) -> np.random.Generator:
    """Make the generator of one half: the test set's numbers do not depend on the training's."""
    purpose = f"{module} {settings['split']}".encode()
    return np.random.default_rng([settings["seed"], *purpose])
