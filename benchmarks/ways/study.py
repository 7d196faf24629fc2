"""One study of this project, as the stage `study` runs it: from data to tables."""

import importlib
import time
from typing import Any

from benchmarks.ways import _process


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """Time the study by the settings of its result; loading its module is not timed."""
    study = importlib.import_module(f"d2l_lab.studies.{settings['module']}").study
    start = time.perf_counter()
    study(**settings["given"], **settings["settings"])
    return {"seconds": [time.perf_counter() - start]}


if __name__ == "__main__":
    _process.main(measure)
