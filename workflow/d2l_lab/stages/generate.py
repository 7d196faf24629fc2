"""Generate the training or the test set of a synthetic dataset (notes 3.2, 4.4.4)."""

import importlib

import numpy as np
from safetensors.numpy import save_file

from d2l_lab.datasets.randomness import make_rng
from d2l_lab.stages.job import Job


def work(job: Job) -> None:
    """Write examples.safetensors; training and test set have independent random numbers."""
    module = f"d2l_lab.datasets.{job.settings['module']}"
    rng = make_rng(module, job.settings["seed"], job.settings["split"])
    X, y = importlib.import_module(module).generate(rng, **job.settings["dataset"])
    tensors = {"X": X, "y": y, "outputs": np.array(y.shape[1])}
    save_file(tensors, job.folder / "examples.safetensors")
