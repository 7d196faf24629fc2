"""Gather the histories and parameters of all models into the tables that people read."""

from pathlib import Path

import pandas as pd
from safetensors.numpy import load_file

from d2l_lab.stages.job import Job
from d2l_lab.store import provenance
from d2l_lab.tables import histories, parameters


def work(job: Job) -> None:
    """Write every table as CSV, with every digit of its numbers."""
    training = histories.tidy(read_histories(job, "train"))
    kfold = histories.tidy(read_histories(job, "kfold"))
    tables = {
        "models": pd.DataFrame(job.settings["models"]),
        "training": training,
        "summary": histories.final_summary(training),
        "kfold": kfold,
        "kfold_summary": histories.final_summary(kfold),
        "parameters": compare_parameters(job),
        "timing": timing(job),
    }
    for name, table in tables.items():
        table.to_csv(job.folder / f"{name}.csv", index=False, lineterminator="\n")


def read_histories(job: Job, role: str) -> list[tuple[str, str, pd.DataFrame]]:
    """Read the history of every model and device."""
    return [
        (
            model["model"],
            model["device"],
            pd.read_csv(folder / "history.csv"),
        )
        for model, folder in zip(job.settings["models"], job.inputs[role], strict=True)
    ]


def compare_parameters(job: Job) -> pd.DataFrame:
    """Compare the parameters of every model of synthetic data with the truth."""
    truth = job.settings["truth"]
    compared = [
        parameters.compare(
            model["model"],
            model["device"],
            load_file(folder / "parameters.safetensors"),
            **truth[model["dataset"]],
        )
        for model, folder in zip(job.settings["models"], job.inputs["train"], strict=True)
        if model["dataset"] in truth
    ]
    return pd.concat(compared, ignore_index=True) if compared else parameters.none()


def timing(job: Job) -> pd.DataFrame:
    """List how long each model took: the times of the run that made the result."""
    return pd.DataFrame(
        [
            {"stage": stage, "model": model["model"], "device": model["device"], **_times(folder)}
            for stage in ("train", "kfold")
            for model, folder in zip(job.settings["models"], job.inputs[stage], strict=True)
        ]
    )


def _times(folder: Path) -> dict[str, float]:
    record = provenance.read(folder)
    measured = record["measured"]
    return {
        "replicas": measured["replicas"],
        "seconds_per_epoch": measured["seconds_per_epoch"],
        "seconds": record["seconds"],
    }
