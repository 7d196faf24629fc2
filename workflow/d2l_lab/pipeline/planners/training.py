"""The training and the K-fold cross-validation of every model on every device."""

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
        settings = {**config, "device": device, "seed": plan.config["seed"]}
        train, test = (plan.data(config["dataset"], split) for split in ("train", "test"))
        name = training_name(model, device)
        counts = {count: {count: plan.config[count]} for count in ("replicates", "folds")}
        inputs = {"train": [train], "test": [test]}
        _add(plan, "train", name, settings | counts["replicates"], inputs)
        _add(plan, "kfold", name, settings | counts["folds"], {"train": [train]})


def _add(
    plan: "Plan", stage: str, name: str, settings: dict[str, Any], inputs: dict[str, list["Result"]]
) -> None:
    """Add a training with its shards, if it is so large as to be cut into some."""
    ranges = shards.cut(len(shards.numbers_of(settings)), plan.config["replicas_per_job"])
    files = FILES[stage]
    parts = tuple(
        plan.add(
            stage,
            shards.name_of(name, numbers),
            shards.settings_of(settings, numbers),
            inputs,
            files=files,
        )
        for numbers in ranges
    )
    plan.add(stage, name, settings, inputs, files=files, shards=parts)
