"""Turn the files of Fashion-MNIST into tensors (notes 3.5)."""

import csv

import numpy as np
from safetensors.numpy import save_file

from d2l_lab.datasets import fashion_mnist
from d2l_lab.stages.job import Job


def work(job: Job) -> None:
    """Write examples.safetensors, and classes.csv with the name of each label."""
    (downloaded,) = job.inputs["files"]
    X, y = fashion_mnist.read(downloaded.folder, train=job.settings["split"] == "train")
    tensors = {"X": X, "y": y, "outputs": np.array(len(fashion_mnist.CLASSES))}
    save_file(tensors, job.folder / "examples.safetensors")
    with (job.folder / "classes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["label", "name"])
        writer.writerows(enumerate(fashion_mnist.CLASSES))
