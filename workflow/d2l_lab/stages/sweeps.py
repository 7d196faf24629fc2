"""Collect the points of all sweeps in a table, and choose each sweep's best (notes 4.4.2)."""

import json
from collections.abc import Iterator

from d2l_lab.stages.job import Job
from d2l_lab.tables import files, sweeps
from d2l_lab.tables.sweeps import Point


def work(job: Job) -> None:
    """Write sweeps.csv and sweep_choice.csv."""
    points = [*read_points(job)]
    tables = {"sweeps": sweeps.summarise_points(points), "sweep_choice": sweeps.choose(points)}
    for name, table in tables.items():
        files.write(table, job.folder / f"{name}.csv")


def read_points(job: Job) -> Iterator[Point]:
    """Read the points of every sweep, with the settings in their trainings' provenance."""
    for sweep, about in job.settings["sweeps"].items():
        pairs = zip(job.inputs[f"train_{sweep}"], job.inputs[f"kfold_{sweep}"], strict=True)
        for trained, validated in pairs:
            told = trained.settings
            values = {key: plain(told[key]) for key in about["keys"] if key in told}
            found = (
                files.read_history(each.folder / "history.csv") for each in (trained, validated)
            )
            yield Point(sweep, about["model"], trained.settings["device"], values, *found)


def plain(value: object) -> object:
    """Format a list or null as in config.yaml; leave a number or text as it is."""
    return json.dumps(value) if value is None or isinstance(value, list) else value
