"""The training and the K-fold cross-validation of every model on every device."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from d2l_lab.pipeline.environment import training_name
from d2l_lab.stages import shards
from d2l_lab.tables import divergences

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result

EVERY = ("history.csv", divergences.FILE, "parameters.safetensors")
FILES = {"train": (*EVERY, "predictions.safetensors"), "kfold": EVERY}


def add_to(plan: "Plan") -> None:
    """Add a training and a cross-validation for each model and device."""
    for model, config, device in plan.trainings():
        add_training(plan, model, config, device)


def add_training(
    plan: "Plan", model: str, config: Mapping[str, Any], device: str, *, of_sweep: bool = False
) -> tuple["Result", "Result"]:
    """Add a training and a cross-validation of a model with these settings on a device."""
    own = {key: value for key, value in config.items() if key != "replicates"}
    settings = {**own, "device": device, "seed": plan.config["seed"]}
    train, test = (plan.data(config["dataset"], split) for split in ("train", "test"))
    add = partial(_add, plan, name=training_name(model, device), of_sweep=of_sweep)
    replicates = {"replicates": config["replicates"] or plan.config["replicates"]}
    folds = {"folds": plan.config["folds"]}
    return (
        add("train", settings | replicates, {"train": [train], "test": [test]}),
        add("kfold", settings | folds, {"train": [train]}),
    )


def _add(
    plan: "Plan",
    stage: str,
    settings: dict[str, Any],
    inputs: dict[str, list["Result"]],
    *,
    name: str,
    of_sweep: bool,
) -> "Result":
    """Add a training, with shards if it is large enough to be split."""
    add = partial(plan.add, stage, inputs=inputs, files=FILES[stage], of_sweep=of_sweep)
    ranges = shards.cut(len(shards.numbers_of(settings)), plan.config["replicas_per_job"])
    parts = tuple(
        add(shards.name_of(name, numbers), shards.settings_of(settings, numbers))
        for numbers in ranges
    )
    return add(name, settings, shards=parts)
