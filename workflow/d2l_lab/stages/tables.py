"""Collect the histories and parameters of all models in the tables that people read."""

from typing import Any

import pandas as pd
from safetensors.numpy import load_file

from d2l_lab.stages.job import Input, Job
from d2l_lab.tables import divergences, files, histories, parameters
from d2l_lab.tables.divergences import Divergence

ROLES = ("train", "kfold")
RATE = ("optimizer", "learning_rate")
NOT_OF_THE_MODEL = ("device", "seed", "replicates", "folds")


def work(job: Job) -> None:
    """Write every table as CSV, in full precision.

    The settings of a model are in the provenance of its training.
    """
    training, kfold = (histories.tidy(read_histories(job, role)) for role in ROLES)
    tables = {
        "models": pd.DataFrame([*map(settings, job.inputs.get("train", []))]),
        "training": training,
        "summary": histories.final_summary(training),
        "kfold": kfold,
        "kfold_summary": histories.final_summary(kfold),
        "parameters": compare_parameters(job),
        "diverged": list_diverged(job),
        "timing": pd.DataFrame(
            [times(role, result) for role in ROLES for result in job.inputs.get(role, [])]
        ),
    }
    for name, table in tables.items():
        files.write(table, job.folder / f"{name}.csv")


def model(result: Input) -> tuple[str, str]:
    """Return the model and device of a result."""
    return result.name.partition(".")[0], result.settings["device"]


def settings(result: Input) -> dict[str, Any]:
    """Return the row of a model with its configuration."""
    name, device = model(result)
    own = {key: value for key, value in result.settings.items() if key not in NOT_OF_THE_MODEL}
    return {"model": name, "device": device, **own}


def read_histories(job: Job, role: str) -> list[tuple[str, str, pd.DataFrame]]:
    """Read the history of every model and device."""
    results = job.inputs.get(role, [])
    return [
        (*model(result), files.read_history(result.folder / "history.csv")) for result in results
    ]


def list_diverged(job: Job) -> pd.DataFrame:
    """List the replicates and folds that diverged, with the place and the learning rate."""
    rows = [
        (*model(result), role, *each[:-1], str(each.loss), *(result.settings[key] for key in RATE))
        for role in ROLES
        for result in job.inputs.get(role, [])
        for each in divergences.read(result.folder)
    ]
    columns = ["model", "device", "stage", *Divergence._fields, *RATE]
    return pd.DataFrame(rows, columns=columns)


def compare_parameters(job: Job) -> pd.DataFrame:
    """Compare the parameters of every model Xw + b of synthetic data with the true ones."""
    truth = {
        data.name.removesuffix("_train"): data.settings["dataset"]
        for data in job.inputs.get("generated", [])
        if "weights" in data.settings["dataset"]
    }
    trained = [
        (result, load_file(result.folder / "parameters.safetensors"))
        for result in job.inputs.get("train", [])
        if result.settings["dataset"] in truth
    ]
    compared = [
        parameters.compare(
            *model(result),
            learned,
            truth[result.settings["dataset"]]["weights"],
            truth[result.settings["dataset"]].get("bias"),
        )
        for result, learned in trained
        if parameters.can_be_compared(learned)
    ]
    if not compared:
        return pd.DataFrame(columns=parameters.COLUMNS)
    return pd.concat(compared, ignore_index=True)


def times(stage: str, result: Input) -> dict[str, Any]:
    """Return the row of a training's times, measured when the result was made."""
    name, device = model(result)
    return {
        "stage": stage,
        "model": name,
        "device": device,
        "replicas": result.measured["replicas"],
        "seconds_per_epoch": result.measured["seconds_per_epoch"],
        "seconds": result.seconds,
    }
