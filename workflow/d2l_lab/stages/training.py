"""What the stages `train` and `kfold` share: from datasets on the disk to trained replicas."""

import importlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from d2l_lab.errors import LabError
from d2l_lab.stages.gpus import claim
from d2l_lab.stages.job import Job
from d2l_lab.stages.replicas import Known
from d2l_lab.training import optimisers
from d2l_lab.training.faults import NetError, fault
from d2l_lab.training.fit import DivergedError, Evaluation, Examples, Record, Replicas, fit
from d2l_lab.training.minibatches import padded, shuffles
from d2l_lab.training.optimisers import make_optimiser
from d2l_lab.training.randomness import be_deterministic, generator

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


def naming_the_model(train: Callable[..., Any]) -> Callable[..., Any]:
    """Let a training say of which model it is that a net cannot be trained."""

    @wraps(train)
    def named(job: Job, *arguments: Any) -> Any:
        try:
            return train(job, *arguments)
        except (NetError, RuntimeError) as error:
            found = fault(error)
            if not isinstance(found, NetError):
                raise
            name, module = job.name.partition(".")[0], job.settings["module"]
            raise LabError(f"models.{name}: module {module}: {found}") from None

    return named


@naming_the_model
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

    model = make_model(settings, examples, outputs, generators("initial values"))
    train_every = held_out.every if settings["evaluate_train"] else None
    started = time.perf_counter()
    try:
        (history,) = fit(
            [model],
            [make_optimiser(model, **{key: settings[key] for key in optimisers.SETTINGS})],
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


def make_model(
    settings: Mapping[str, Any],
    examples: Examples,
    outputs: int,
    generators: Sequence[torch.Generator],
) -> Replicas:
    """Build a model, and show it the first examples, to see that it has the right outputs.

    Raises
    ------
    NetError
        If it cannot be built with these settings, or is made for other inputs or outputs.
    """
    X, _ = examples.take(torch.arange(min(2, len(examples.X))).expand(len(generators), -1))
    hyperparameters = {key: value for key, value in settings.items() if key not in SETTINGS}
    module = importlib.import_module(f"d2l_lab.models.{settings['module']}")
    device = settings["device"]
    try:
        model = module.build(X[0, 0].numel(), outputs, generators, device, **hyperparameters)
        model.train(False)
        with torch.no_grad():
            found = (*model.predict(X).shape[1:],)
    except Exception as error:
        raise fault(error) from None
    wanted = (X.shape[1], outputs)
    if found != wanted:
        raise NetError(f"for {X.shape[1]} rows the net gives a tensor {found}, not {wanted}")
    return model


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
