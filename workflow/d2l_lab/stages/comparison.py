"""List the changes to the shipped configuration, and their effect on each model."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from d2l_lab.stages.job import Input, Job
from d2l_lab.tables import contrasts, files

MODELS = ["stage", "model", "device", "state", "shipped_as"]
METRICS = ["stage", "model", "device", "metric", "shipped", "yours", *contrasts.FACTS]


def work(job: Job) -> None:
    """Write changes.csv, changes_models.csv and changes_metrics.csv."""
    changes = pd.DataFrame(job.settings["changes"], columns=["key", "shipped", "yours"])
    models = pd.DataFrame(job.settings["models"], columns=MODELS)
    found = [*compared(job)] or [pd.DataFrame(columns=METRICS)]
    metrics = pd.concat(found, ignore_index=True)
    tables = {"changes": changes, "changes_models": models, "changes_metrics": metrics}
    for name, table in tables.items():
        files.write(table, job.folder / f"{name}.csv")


def compared(job: Job) -> Iterator[pd.DataFrame]:
    """Compare each training with its shipped counterpart, if there is one, in the models' order."""
    given = {
        (yours.stage, yours.name.partition(".")[0], yours.settings["device"]): (yours, *shipped)
        for yours, *shipped in job.inputs.values()
    }
    for stage, model, device, state, _ in job.settings["models"]:
        if state == "compared":
            yours, shipped = given[stage, model, device]
            paths = (each.folder / "history.csv" for each in (shipped, yours))
            paired = contrasts.share_draws(*map(ingredients, (shipped, yours)))
            table = contrasts.contrast(*map(files.read_history, paths), paired=paired)
            table = table.rename(columns={"first": "shipped", "second": "yours"})
            yield table.assign(stage=stage, model=model, device=device)[METRICS]


def ingredients(result: Input) -> dict[str, Any]:
    """Return what two results must have in common to share their data and random numbers."""
    return {"stage": result.stage, "settings": result.settings, "inputs": result.inputs}
