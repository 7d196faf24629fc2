"""Fashion-MNIST's classes, and the time to read one epoch of it in mini-batches (notes 3.5)."""

import os
import signal
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.utils.data import DataLoader
from torchvision.datasets import FashionMNIST
from torchvision.transforms import ToTensor

from d2l_lab.datasets import fashion_mnist
from d2l_lab.studies._training import to_examples
from d2l_lab.studies.given import Data
from d2l_lab.training.fit import Examples
from d2l_lab.training.randomness import be_deterministic, generator

TABLES = ("images", "images_timing")
STDERR = 2  # its file descriptor
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
    """Count the images of each class, and time one shuffled epoch of the training set, each way.

    The files are the four unpacked IDX files' folder. Each number of `workers` tells how many
    processes the DataLoader reads with; 0 means none but this one.

    Returns
    -------
    images : DataFrame
        split, label, name, count, least, greatest: the number of images in a class, and their
        least and greatest grey value, from 0 to 1.
    images_timing : DataFrame
        way, workers (missing for the resident tensor), seconds: of one single measurement.
    """
    be_deterministic()
    halves = {"train": fashion_mnist_train, "test": fashion_mnist_test}
    timings = []
    with fashion_mnist.torchvision_root(fashion_mnist_files) as root, warnings.catch_warnings():
        # More workers than cores are what the study is about.
        warnings.filterwarnings("ignore", "This DataLoader will create", UserWarning)
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
        "images_timing": timing.astype({"workers": "Int64"}),
    }


def classes(split: str, data: Data) -> pd.DataFrame:
    """Give one row for each class; one without images has no least and no greatest value."""
    pixels = data.numbers.reshape(len(data.X), -1)
    images = pd.DataFrame({"least": pixels.min(axis=1), "greatest": pixels.max(axis=1)})
    by_class = images.astype(np.float64).groupby(data.y)
    table = by_class.agg({"least": "min", "greatest": "max"}).reindex(range(len(data.classes)))
    counts = np.bincount(data.y, minlength=len(data.classes))
    table = table.assign(split=split, label=table.index, name=data.classes, count=counts)
    return table[["split", "label", "name", "count", "least", "greatest"]]


def notes_way(
    root: Path, workers: int, batch_size: int, shuffle: torch.Generator
) -> Iterator[list[Tensor]]:
    """Read the training set by torchvision and DataLoader, image by image (notes 3.5).

    Workers are forked: that takes hundredths of a second rather than the seconds in which each
    would load torch anew, and leaves no process but the workers, which end with the epoch.
    """
    loader = DataLoader(
        FashionMNIST(root, train=True, transform=ToTensor(), download=False),
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
    """Let a signal to end wait: Python would lose what its handler raises while it forks."""
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
    """Let a worker that is asked to end do so as if all were well, and without a word.

    Otherwise the DataLoader would raise an error for it, in the midst of the stage's own ending.
    What goes wrong with an image reaches the stage all the same: through the workers' queue.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDERR)
    for ending in ENDINGS:
        signal.signal(ending, lambda *_: os._exit(0))


def resident(examples: Examples, batch_size: int, shuffle: torch.Generator) -> Iterator[Examples]:
    """Read a training set that is one tensor in memory, as the training loop does."""
    for rows in torch.randperm(len(examples.X), generator=shuffle).split(batch_size):
        yield examples.take(rows.unsqueeze(0))


def measure_seconds(batches: Iterable) -> float:
    """Time the reading of all batches."""
    start = time.perf_counter()
    for _ in batches:
        pass
    return time.perf_counter() - start
