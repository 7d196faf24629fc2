"""The way of this project: R replicas in lock-step, as in the stages `train` and `kfold`."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from benchmarks.ways import _process
from benchmarks.ways._process import Clock
from d2l_lab.training.fit import Evaluation, Examples, Record, fit
from d2l_lab.training.folds import kfold
from d2l_lab.training.minibatches import padded, shared, shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import be_deterministic, generator


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """Train for some epochs; evaluate the test set, or the folds' validation sets, after each."""
    be_deterministic()
    torch.set_num_threads(settings["threads"])
    train, test = (load(Path(settings[half]), settings["device"]) for half in ("train", "test"))
    train = Examples(*(tensor[: settings["examples"]] for tensor in train))
    n, replicas = len(train.X), settings["replicas"]
    if settings["folds"]:
        parts = kfold(n, settings["folds"], generator(0, "benchmark", "folds"))
        rows, validation = map(list, zip(*parts, strict=True))
        held_out = Evaluation("validation", train, padded(validation), 1)
    else:
        rows = [torch.arange(n)] * replicas
        held_out = Evaluation("test", test, shared(torch.arange(len(test.X)), replicas), 1)
    fitted([own[:1000] for own in rows], train, held_out, settings, epochs=1)
    history, clock = fitted(rows, train, held_out, settings, epochs=settings["epochs"])
    reached = [record.metrics["accuracy"] for record in history if record.split != "train_running"][
        -len(rows) :
    ]
    return {"seconds": clock.seconds, "test_accuracy": sum(reached) / len(reached)}


def fitted(
    rows: Sequence[Tensor],
    train: Examples,
    held_out: Evaluation,
    settings: dict[str, Any],
    *,
    epochs: int,
) -> tuple[list[Record], Clock]:
    """Train one replica for each of `rows`, and time each epoch."""
    generators = [generator(0, "benchmark", number) for number in range(len(rows))]
    units = settings["hidden_units"]
    model = importlib.import_module(f"d2l_lab.models.{settings['module']}").build(
        train.X[0].numel(),
        10,
        generators,
        settings["device"],
        **({} if units is None else {"hidden_units": units}),
    )
    clock = Clock()
    (history,) = fit(
        [model],
        [make_optimiser(model, learning_rate=settings["learning_rate"])],
        train,
        shuffles(rows, generators),
        [held_out],
        epochs=epochs,
        batch_size=settings["batch_size"],
        on_epoch=clock,
    )
    return history, clock


def load(folder: Path, device: str) -> Examples:
    """Read a dataset onto the device, as the stages do."""
    tensors = load_file(folder / "examples.safetensors")
    return Examples(tensors["X"].to(device), tensors["y"].to(device))


if __name__ == "__main__":
    _process.main(measure)
