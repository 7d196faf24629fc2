"""Planning: the key of every result of a configuration with many models, and devices."""

import copy
import time
from typing import Any

from benchmarks.ways import _process
from d2l_lab.config import validate
from d2l_lab.pipeline.plan import Plan


def enlarged(config: dict[str, Any], models: int) -> dict[str, Any]:
    """Return a configuration so many models, like its first one except for the learning rates."""
    larger = copy.deepcopy(config)
    first = next(iter(config["models"].values()))
    larger["models"] = {
        f"model_{number}": {**first, "learning_rate": 0.1 / (number + 1)}
        for number in range(models)
    }
    return larger


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """Time the plan and its keys, with which every run begins."""
    config = validate(enlarged(settings["config"], settings["models"]))
    start = time.perf_counter()
    plan = Plan(config, settings["devices"])
    for result in plan.results.values():
        result.key  # noqa: B018 -- computes it
    return {"seconds": [time.perf_counter() - start], "results": len(plan.results)}


if __name__ == "__main__":
    _process.main(measure)
