"""Read datasets and train replicas, for the stages `train` and `kfold`."""

import importlib
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import wraps
from itertools import chain
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from d2l_lab.errors import LabError
from d2l_lab.stages.gpus import claim
from d2l_lab.stages.job import Job
from d2l_lab.stages.replicas import Known
from d2l_lab.tables.divergences import Divergence
from d2l_lab.training.faults import NetError, fault
from d2l_lab.training.fit import (
    DivergedError,
    Evaluation,
    Examples,
    Optimiser,
    Record,
    Replicas,
    fit,
)
from d2l_lab.training.metrics import METRICS
from d2l_lab.training.minibatches import padded, shuffles
from d2l_lab.training.optimisers import make_optimiser, settings_of
from d2l_lab.training.randomness import be_deterministic, generator_factory
from d2l_lab.training.standardise import Standardised

PARAMETERS = "parameters.safetensors"
# Every other setting is the optimiser's, or a hyperparameter, a keyword of the model's `build`.
SETTINGS = {
    *("module", "dataset", "features", "device", "seed", "replicates", "folds", "only"),
    *("epochs", "batch_size", "evaluate_every", "evaluate_train", "optimizer", "learning_rate"),
}
log = logging.getLogger(__name__)


def prepare(job: Job) -> None:
    """Make torch deterministic, and reserve the job's device."""
    be_deterministic()
    claim(job.settings["device"])


def load(job: Job, role: str) -> tuple[Examples, int]:
    """Read a dataset, the job's input in this role, onto the job's device.

    Only the first `features` columns are used, or all if that setting is None. Also return the
    number of outputs that a model of these examples has.
    """
    (result,) = job.inputs[role]
    tensors = load_file(result.folder / "examples.safetensors")
    X, features, device = tensors["X"], job.settings["features"], job.settings["device"]
    X = X if features is None else X[:, :features].contiguous()
    return Examples(X.to(device), tensors["y"].to(device)), int(tensors["outputs"])


def is_standardised(job: Job) -> bool:
    """Return whether the model gets standardised features."""
    (result,) = job.inputs["train"]
    with safe_open(result.folder / "examples.safetensors", "pt") as tensors:
        return "standardise" in [*tensors.keys()]


def naming_the_model(train: Callable[..., Any]) -> Callable[..., Any]:
    """Add the model's name to the error of a net that cannot be trained."""

    @wraps(train)
    def named(jobs: Sequence[Job], *arguments: Any) -> Any:
        try:
            return train(jobs, *arguments)
        except (NetError, RuntimeError) as error:
            found = fault(error)
            if not isinstance(found, NetError):
                raise
            name, module = jobs[0].name.partition(".")[0], jobs[0].settings["module"]
            raise LabError(f"models.{name}: module {module}: {found}") from None

    return named


@naming_the_model
def train(
    jobs: Sequence[Job],
    examples: Examples,
    outputs: int,
    rows: Mapping[int, Tensor],
    held_out: Evaluation,
    counted: str,
) -> list[tuple[Replicas, Known]]:
    """Train one replica for each of `rows`; return each job's model, history and parameters.

    The jobs differ only in their optimiser, so all see the same minibatches. `rows` maps each
    replica's number to the rows of the examples that it may see. Its random numbers depend on its
    number and its kind, replicate or fold. If it diverges, its parameters are NaN.
    """
    settings, numbers = jobs[0].settings, [*rows]
    family = settings["module"].split(".")[-2]
    generators = generator_factory(settings["seed"], family, counted, numbers=numbers)
    models = [
        make_model(job.settings, examples, outputs, generators("initial values")) for job in jobs
    ]
    minibatches = [-(-len(own) // settings["batch_size"]) for own in rows.values()]
    optimisers = [
        choose_optimiser(job.settings, model, minibatches)
        for job, model in zip(jobs, models, strict=True)
    ]
    if is_standardised(jobs[0]):
        models = [Standardised(model, examples.X, [*rows.values()]) for model in models]
    train_every = held_out.every if settings["evaluate_train"] else None
    diverged: list[list[Divergence]] = [[] for _ in jobs]

    def on_divergence(error: DivergedError) -> None:
        found = Divergence(numbers[error.replica], error.epoch, error.where, error.loss)
        log.warning("%s %d diverged in epoch %d, %s: the loss is %s", counted, *found)
        diverged[error.model].append(found)

    started = time.perf_counter()
    histories = fit(
        models,
        optimisers,
        examples,
        shuffles([*rows.values()], generators("shuffles")),
        [Evaluation("train", examples, padded([*rows.values()]), train_every), held_out],
        epochs=settings["epochs"],
        batch_size=settings["batch_size"],
        on_epoch=progress(settings["epochs"]),
        on_divergence=on_divergence,
    )
    seconds = time.perf_counter() - started
    all_diverged = all(len(own) == len(numbers) for own in diverged)
    epochs = max(each.epoch for each in chain(*diverged)) if all_diverged else settings["epochs"]
    each_seconds = seconds / epochs / len(rows) / len(jobs)
    return [
        (model, gather(model, numbers, history, lost, each_seconds))
        for model, history, lost in zip(models, histories, diverged, strict=True)
    ]


def gather(
    model: Replicas,
    numbers: Sequence[int],
    history: Sequence[Record],
    diverged: list[Divergence],
    seconds_per_epoch: float,
) -> Known:
    """Collect the data of a trained model's replicas, which have these numbers."""
    named = [record._replace(replica=numbers[record.replica]) for record in history]
    tensors = {PARAMETERS: model.parameters()}
    known = Known(numbers, named, diverged, tensors, seconds_per_epoch)
    for values in known.tensors[PARAMETERS].values():
        forget(values, known)
    return known


def choose_optimiser(
    settings: Mapping[str, Any], model: Replicas, minibatches: Sequence[int]
) -> Optimiser:
    """Build the optimiser that a job's settings name."""
    own = {key: settings[key] for key in settings_of(settings["optimizer"])}
    general = {key: settings[key] for key in ("learning_rate", "optimizer")}
    return make_optimiser(model, minibatches=minibatches, **general, **own)


def forget(values: Tensor, known: Known) -> None:
    """Replace the values of diverged replicas by NaN, or by -1 in tensors of integers.

    They have no meaning, and depend on when the training of the others ended.
    """
    for each in known.diverged:
        values[known.numbers.index(each.replica)] = math.nan if values.is_floating_point() else -1


def make_model(
    settings: Mapping[str, Any],
    examples: Examples,
    outputs: int,
    generators: Sequence[torch.Generator],
) -> Replicas:
    """Build a model, and check the shape of its outputs on the first examples.

    Raises
    ------
    NetError
        If it cannot be built with these settings, or does not fit the inputs or outputs.
    """
    X, _ = examples.take(torch.arange(min(2, len(examples.X))).expand(len(generators), -1))
    of_others = {*SETTINGS, *settings_of(settings["optimizer"])}
    hyperparameters = {key: value for key, value in settings.items() if key not in of_others}
    module = importlib.import_module(f"d2l_lab.models.{settings['module']}")
    device = settings["device"]
    try:
        model = module.build(X[0, 0].numel(), outputs, generators, device, **hyperparameters)
        require_replicas(model)
        model.train(False)
        with torch.no_grad():
            found = model.predict(X)
    except Exception as error:
        raise fault(error) from None
    wanted = (X.shape[1], outputs)
    if not isinstance(found, Tensor):
        raise NetError(f"the net returns a {type(found).__name__}, not a tensor")
    if (*found.shape[1:],) != wanted:
        shape = (*found.shape[1:],)
        raise NetError(f"for {X.shape[1]} rows the net returns a tensor {shape}, not {wanted}")
    return model


def require_replicas(model: object) -> None:
    """Refuse what `build` returned if it lacks the training loop's interface."""
    if not hasattr(model, "predict"):
        found = f"build returns {'nothing' if model is None else f'a {type(model).__name__}'}"
        raise NetError(f"{found}; it must return a FromScratch or Concise model")


def progress(epochs: int) -> Callable[[list[Record]], None]:
    """Return a function that logs a line after each evaluated epoch."""
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
    """Format a split's mean over the replicas that have not diverged."""
    sound = [record for record in records if math.isfinite(record.loss)]
    if not sound:
        return f"{split}: diverged"
    parts = [f"loss {sum(r.loss for r in sound) / len(sound):.6f}"]
    for name in sound[0].metrics:
        mean = sum(r.metrics[name] for r in sound) / len(sound)
        parts.append(f"{METRICS[name].title['en']} {mean:.4f}")
    return f"{split}: {', '.join(parts)}"
