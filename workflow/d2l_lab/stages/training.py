"""What the stages `train` and `kfold` share: from datasets on the disk to trained replicas."""

import importlib
import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from d2l_lab.errors import LabError
from d2l_lab.stages.gpus import claim
from d2l_lab.stages.job import Job
from d2l_lab.stages.replicas import Known
from d2l_lab.training import optimisers
from d2l_lab.training.fit import DivergedError, Evaluation, Examples, Record, Replicas, fit
from d2l_lab.training.minibatches import padded, shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import be_deterministic, generator
from d2l_lab.training.standardise import Standardised

PARAMETERS = "parameters.safetensors"
# Every other setting of these stages is a hyperparameter: a keyword of the model's `build`.
SETTINGS = {
    *("module", "dataset", "features", "device", "seed", "replicates", "folds", "only"),
    *("epochs", "batch_size", "evaluate_every", "evaluate_train", *optimisers.SETTINGS),
}
log = logging.getLogger(__name__)


def prepare(job: Job) -> None:
    """Make torch deterministic, and the job's device its own, if it is there."""
    be_deterministic()
    claim(job.settings["device"])


def load(job: Job, role: str) -> tuple[Examples, int]:
    """Read a dataset, the job's input of this role, onto the job's device.

    Of its columns the first `features` are taken, or all if that setting is None. The number given
    back is that of the outputs of a model of these examples.
    """
    (result,) = job.inputs[role]
    tensors = load_file(result.folder / "examples.safetensors")
    X, features, device = tensors["X"], job.settings["features"], job.settings["device"]
    X = X if features is None else X[:, :features].contiguous()
    return Examples(X.to(device), tensors["y"].to(device)), int(tensors["outputs"])


def is_standardised(job: Job) -> bool:
    """Tell whether the model is to see standardised features."""
    (result,) = job.inputs["train"]
    with safe_open(result.folder / "examples.safetensors", "pt") as tensors:
        return "standardise" in [*tensors.keys()]


def train(
    job: Job,
    examples: Examples,
    outputs: int,
    rows: Mapping[int, Tensor],
    held_out: Evaluation,
    counted: str,
) -> tuple[Replicas, Known]:
    """Train one replica for each of `rows`; give the model, and its history and parameters.

    The mapping goes from each replica's number to the rows of the examples that it may see. Each
    has random numbers of its own, by its number and what is counted: replicates or folds.

    Raises
    ------
    LabError
        If a loss stops being finite.
    """
    settings, numbers = job.settings, [*rows]
    family = settings["module"].split(".")[-2]

    def generators(purpose: str) -> list[torch.Generator]:
        seed = settings["seed"]
        return [generator(seed, family, counted, purpose, number) for number in numbers]

    model = importlib.import_module(f"d2l_lab.models.{settings['module']}").build(
        examples.X[0].numel(),
        outputs,
        generators("initial values"),
        settings["device"],
        **{key: value for key, value in settings.items() if key not in SETTINGS},
    )
    train_every = held_out.every if settings["evaluate_train"] else None
    started = time.perf_counter()
    optimiser = make_optimiser(model, **{key: settings[key] for key in optimisers.SETTINGS})
    if is_standardised(job):
        model = Standardised(model, examples.X, [*rows.values()])
    try:
        (history,) = fit(
            [model],
            [optimiser],
            examples,
            shuffles([*rows.values()], generators("shuffles")),
            [Evaluation("train", examples, padded([*rows.values()]), train_every), held_out],
            epochs=settings["epochs"],
            batch_size=settings["batch_size"],
            on_epoch=progress(settings["epochs"]),
        )
    except DivergedError as error:
        name = job.name.partition(".")[0]
        raise LabError(
            f"{name}: {counted} {numbers[error.replica]}, epoch {error.epoch}, {error.where}: the "
            f"loss is {error.loss} with learning_rate {settings['learning_rate']:g}; "
            f"give models.{name}.learning_rate a smaller value"
        ) from None
    seconds = (time.perf_counter() - started) / settings["epochs"] / len(rows)
    named = [record._replace(replica=numbers[record.replica]) for record in history]
    return model, Known(numbers, named, {PARAMETERS: model.parameters()}, seconds)


def progress(epochs: int) -> Callable[[list[Record]], None]:
    """Make the function that logs a line after each epoch that was evaluated."""
    started = time.perf_counter()

    def on_epoch(records: list[Record]) -> None:
        splits = dict.fromkeys(record.split for record in records)
        if len(splits) == 1:
            return
        epoch = records[0].epoch
        left = timedelta(seconds=round((time.perf_counter() - started) / epoch * (epochs - epoch)))
        parts = [_describe(split, [r for r in records if r.split == split]) for split in splits]
        log.info("epoch %d/%d  %s  time left %s", epoch, epochs, "  ".join(parts), left)

    return on_epoch


def _describe(split: str, records: list[Record]) -> str:
    """Say a split's mean over the replicas."""
    text = f"{split}: loss {sum(r.loss for r in records) / len(records):.6f}"
    if records[0].accuracy is not None:
        text += f", accuracy {sum(r.accuracy for r in records) / len(records):.4f}"
    return text
