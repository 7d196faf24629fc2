"""Turn the files of Fashion-MNIST, read the notes' way, into tensors (notes 3.5)."""

import csv

import torch
from safetensors.torch import save_file

from d2l_lab.datasets import fashion_mnist
from d2l_lab.stages import command


def work(job: command.Job) -> None:
    """Write examples.safetensors, and classes.csv with the name of each label."""
    (downloaded,) = job.inputs["files"]
    with fashion_mnist.root_of(downloaded) as root:
        X, y = fashion_mnist.read(root, train=job.settings["split"] == "train")
    outputs = torch.tensor(len(fashion_mnist.CLASSES))
    save_file({"X": X, "y": y, "outputs": outputs}, job.folder / "examples.safetensors")
    with (job.folder / "classes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["label", "name"])
        writer.writerows(enumerate(fashion_mnist.CLASSES))


if __name__ == "__main__":
    command.leave(command.main("prepare", __doc__, work))
