"""Generate the training or the test half of a synthetic dataset (notes 3.2, 4.4.4)."""

import importlib

import numpy as np
from safetensors.numpy import save_file

from d2l_lab.stages.job import Job


def work(job: Job) -> None:
    """Write examples.safetensors."""
    settings = job.settings
    dataset = importlib.import_module("d2l_lab.datasets." + settings["module"])
    X, y = dataset.generate(**settings["dataset"], rng=seeded(settings))
    tensors = {"X": X, "y": y, "outputs": np.array(y.shape[1])}
    save_file(tensors, job.folder / "examples.safetensors")


def seeded(settings: dict) -> np.random.Generator:
    """Make the generator of one half: the test set's numbers do not depend on the training's."""
    purpose = f"d2l_lab.datasets.{settings['module']} {settings['split']}".encode()
    return np.random.default_rng([settings["seed"], *purpose])
