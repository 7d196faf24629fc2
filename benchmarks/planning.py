"""The time to plan: the keys, and the graph of jobs, for many results."""

import tempfile
from pathlib import Path

import pandas as pd
import yaml

from benchmarks import checkout
from benchmarks.bench import Bench
from benchmarks.measuring import Case, in_rounds, summarise
from benchmarks.watching import watch
from benchmarks.ways.plan import enlarged
from d2l_lab.pipeline.plan import read_config

RESULTS = (100, 1_000, 10_000)  # approximate numbers of results in the plan
OF_A_MODEL = 2  # training and cross-validation, on one device
DEVICES = (1, 2, 4, 8)  # planning for accelerators does not need them
MODELS = 50  # on each device
BY = ["measured", "models", "devices", "results"]


def measure(bench: Bench) -> dict[str, pd.DataFrame]:
    """Measure both, for more and more models, and for more and more devices.

    Returns
    -------
    planning : DataFrame
        measured (keys: the plan and the key of every result; jobs: Snakemake's dry run, with
        everything that a run does before its first job); models, devices, results in the plan;
        seconds, with the least and the greatest value, and the number of measurements;
        peak_mebibytes.
    """
    config = read_config(bench.overlays)
    others = len(bench.plan.results) - OF_A_MODEL * len(bench.plan.devices) * len(config["models"])
    sizes = RESULTS[:1] if bench.quick else RESULTS
    models = [max((size - others) // OF_A_MODEL, 1) for size in sizes]
    devices = DEVICES[1:2] if bench.quick else DEVICES
    grid = [(count, 1) for count in models] + [(MODELS, count) for count in devices]
    cases = [
        Case(
            {"models": count, "devices": devices},
            "plan",
            {"config": config, "models": count, "devices": ["cpu", *accelerators(devices - 1)]},
        )
        for count, devices in grid
    ]
    rows = []
    for case, answer in in_rounds(cases, bench.rounds):
        (answer["seconds"],) = answer["seconds"]
        rows.append({"measured": "keys", **case.about, **answer})
    results = {row["models"]: row["results"] for row in rows if row["devices"] == 1}
    with tempfile.TemporaryDirectory(prefix="d2l-lab-bench-") as folder:
        place = checkout.copy(Path(folder))
        for count in models:
            larger = yaml.safe_dump(enlarged(config, count), sort_keys=False)
            (place / "config.yaml").write_text(larger, "utf-8")
            about = {"measured": "jobs", "models": count, "devices": 1, "results": results[count]}
            run = watch([*checkout.SNAKEMAKE, "--dry-run", "--quiet", "all"], place)
            rows.append({**about, "seconds": run.seconds, "peak_mebibytes": run.peak_mebibytes})
    return {"planning": summarise(pd.DataFrame(rows), BY, "seconds")}


def accelerators(count: int) -> list[str]:
    """Name some accelerators."""
    return [f"cuda:{number}" for number in range(count)]
