"""Fashion-MNIST's classes, its images as tensors, and the time to read an epoch (notes 3.5)."""

import os
import signal
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.utils.data import DataLoader
from torchvision.datasets import FashionMNIST
from torchvision.transforms import ToTensor

from d2l_lab.datasets import fashion_mnist
from d2l_lab.datasets.images import to_numbers
from d2l_lab.studies._timing import measure_seconds
from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Examples
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("images", "images_tensors", "images_timing")
CHUNK = 1000  # images compared at a time
STDERR = 2  # its file descriptor
PROPERTIES = {  # properties of all images
    "not_tensors": "sum",
    "other_shapes": "sum",
    "other_types": "sum",
    "least": "min",
    "greatest": "max",
    "greatest_difference": "max",
}
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def study(
    fashion_mnist_train: Data,
    fashion_mnist_test: Data,
    fashion_mnist_files: Path,
    seed: int,
    *,
    workers: Sequence[int],
    batch_size: int,
) -> dict[str, pd.DataFrame]:
    """Count the images of each class, check ToTensor on all, and time a shuffled epoch each way.

    `fashion_mnist_files` is the folder of the four unpacked IDX files. `workers` lists numbers of
    processes that the DataLoader reads with; 0 means only this one.

    Returns
    -------
    images : DataFrame
        split, label, name, count, least, greatest: the number of images in a class, and their
        least and greatest grey value, from 0 to 1.
    images_tensors : DataFrame
        split, property, value, n: what torchvision's ToTensor makes of all n images of a split. How
        many do not become a tensor, or have another shape than (1, height, width) or another type
        than float32; the least and the greatest value; and the greatest difference from the grey
        values that this project trains its models on.
    images_timing : DataFrame
        way, workers (missing for the resident tensor), seconds, from a single measurement.
    """
    be_deterministic()
    halves = {"train": fashion_mnist_train, "test": fashion_mnist_test}
    timings, tensors = [], []
    with fashion_mnist.torchvision_root(fashion_mnist_files) as root, warnings.catch_warnings():
        # The study deliberately uses more workers than cores.
        warnings.filterwarnings("ignore", "This DataLoader will create", UserWarning)
        for split, data in halves.items():
            dataset = to_tensors(root, split)
            tensors.append(tensor_properties(dataset, data.X).assign(split=split))
        for count in workers:
            shuffle = generator(seed, "images", "DataLoader", count)
            batches = notes_way(root, count, batch_size, shuffle)
            timings.append(("DataLoader", count, measure_seconds(batches)))
    shuffle = generator(seed, "images", "resident tensor")
    batches = resident(to_examples(fashion_mnist_train), batch_size, shuffle)
    timings.append(("resident tensor", None, measure_seconds(batches)))
    timing = pd.DataFrame(timings, columns=["way", "workers", "seconds"])
    return {
        "images": pd.concat(classes(split, data) for split, data in halves.items()),
        "images_tensors": pd.concat(tensors)[["split", "property", "value", "n"]],
        "images_timing": timing.astype({"workers": "Int64"}),
    }


def classes(split: str, data: Data) -> pd.DataFrame:
    """Return one row for each class; without images its least and greatest values are missing."""
    pixels = data.numbers.reshape(len(data.X), -1)
    images = pd.DataFrame({"least": pixels.min(axis=1), "greatest": pixels.max(axis=1)})
    by_class = images.astype(np.float64).groupby(data.y)
    table = by_class.agg({"least": "min", "greatest": "max"}).reindex(range(len(data.classes)))
    counts = np.bincount(data.y, minlength=len(data.classes))
    table = table.assign(split=split, label=table.index, name=data.classes, count=counts)
    return table[["split", "label", "name", "count", "least", "greatest"]]


def to_tensors(root: Path, split: str) -> FashionMNIST:
    """Return the training or the test set, made as in the notes."""
    return FashionMNIST(root, train=split == "train", transform=ToTensor(), download=False)


def tensor_properties(dataset: Iterable[tuple[object, int]], X: np.ndarray) -> pd.DataFrame:
    """Measure properties of a dataset's images, and compare them with ours (n, 1, h, w)."""
    made = (image for image, _ in dataset)
    chunks = [
        properties([*islice(made, len(own))], to_numbers(own))
        for own in np.array_split(X, -(-len(X) // CHUNK))
    ]
    table = pd.DataFrame(chunks, columns=[*PROPERTIES]).agg(PROPERTIES)
    return table.rename_axis("property").rename("value").reset_index().assign(n=len(X))


def properties(images: Sequence[object], own: np.ndarray) -> tuple[float, ...]:
    """Measure a few images; values are known only for tensors of our shape."""
    tensors = [(image, row) for image, row in zip(images, own, strict=True) if is_tensor(image)]
    alike = [(image, row) for image, row in tensors if image.shape == row.shape]
    values = torch.stack([image for image, _ in alike]).numpy() if alike else np.array([np.nan])
    apart = np.abs(values - np.stack([row for _, row in alike])) if alike else values
    counts = (
        len(images) - len(tensors),
        len(tensors) - len(alike),
        sum(image.dtype != torch.float32 for image, _ in tensors),
    )
    return (*counts, values.min(), values.max(), apart.max())


def is_tensor(image: object) -> bool:
    """Return whether an image is a tensor."""
    return isinstance(image, Tensor)


def notes_way(
    root: Path, workers: int, batch_size: int, shuffle: torch.Generator
) -> Iterator[list[Tensor]]:
    """Read the training set by torchvision and DataLoader, image by image (notes 3.5).

    Workers are forked, which takes hundredths of a second; otherwise each would load torch for
    seconds. It also leaves no processes but the workers, which end with the epoch.
    """
    loader = DataLoader(
        to_tensors(root, "train"),
        batch_size,
        shuffle=True,
        generator=shuffle,
        num_workers=workers,
        multiprocessing_context="fork" if workers else None,
        worker_init_fn=end_quietly,
    )
    return epoch(loader)


def epoch(loader: DataLoader) -> Iterator[list[Tensor]]:
    """Start the workers, and read their batches."""
    with ending_put_off():
        batches = iter(loader)
    yield from batches


@contextmanager
def ending_put_off() -> Iterator[None]:
    """Delay signals to end, because Python loses exceptions from handlers while it forks."""
    asked = []
    handlers = {
        ending: signal.signal(ending, lambda number, _: asked.append(number)) for ending in ENDINGS
    }
    try:
        yield
    finally:
        for ending, handler in handlers.items():
            signal.signal(ending, handler)
        for number in asked:
            signal.raise_signal(number)


def end_quietly(_worker: int) -> None:
    """Make a worker that is told to end do so silently, with exit code 0.

    Otherwise the DataLoader would raise an error while the stage itself is ending. Errors with
    images still reach the stage through the workers' queue.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDERR)
    for ending in ENDINGS:
        signal.signal(ending, lambda *_: os._exit(0))


def resident(examples: Examples, batch_size: int, shuffle: torch.Generator) -> Iterator[Examples]:
    """Read a training set that is one tensor in memory, as the training loop does."""
    for rows in torch.randperm(len(examples.X), generator=shuffle).split(batch_size):
        yield examples.take(rows.unsqueeze(0))
