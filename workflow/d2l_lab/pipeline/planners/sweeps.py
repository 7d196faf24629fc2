"""The sweeps: one model, trained with every combination of some settings (notes 3.1, 4.4.2)."""

from itertools import product
from typing import TYPE_CHECKING

from d2l_lab.pipeline.planners.training import add_training

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan

TABLES = ("sweeps", "sweep_choice")


def add_to(plan: "Plan") -> None:
    """Add the trainings of each sweep, and the tables of all sweeps.

    A point is a training like any other. It lies under its model's name, where that model itself
    would lie with these settings, so that neither is trained twice.
    """
    inputs, swept = {}, {}
    for sweep, config in sorted(plan.config["sweeps"].items()):
        grid = {key: values for key, values in config.items() if key != "model"}
        model = config["model"]
        points = [
            add_training(
                plan,
                model,
                {**plan.config["models"][model], **dict(zip(grid, values, strict=True))},
                device,
                of_sweep=True,
            )
            for device in plan.devices
            for values in product(*grid.values())
        ]
        for stage, results in zip(("train", "kfold"), zip(*points, strict=True), strict=True):
            inputs[f"{stage}_{sweep}"] = results
        swept[sweep] = {"model": model, "keys": [*grid]}
    if swept:
        files = [f"{table}.csv" for table in TABLES]
        plan.add("sweeps", "all", {"sweeps": swept}, inputs, files=files, is_shown=True)
