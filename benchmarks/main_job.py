"""The whole main job, from the data to the book, and the cost of later runs."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import checkout
from benchmarks.bench import Bench
from benchmarks.measuring import cores, summarise
from benchmarks.watching import TRAININGS, Job, Run, watch
from d2l_lab.store import view

COLD, CHANGED = "cold", "one learning rate changed"
NOOP, EMPTY = "no-op", "no-op of an empty workflow"
NOOPS, CHANGES = 5, 2  # number of measurements
FACTOR = 0.9  # factor of the learning rate at each change
EMPTY_WORKFLOW = """\
rule all:
    input:
        "made",


rule make:
    output:
        "made",
    shell:
        "touch {output}"
"""


def measure(bench: Bench) -> dict[str, pd.DataFrame]:
    """Run the main job in a fresh copy, again, and again after a change of one learning rate.

    Returns
    -------
    runs : DataFrame
        run; seconds, with the least and the greatest value, and the number of measurements; cores;
        training_seconds, from the start of the first train or kfold job to the end of the last;
        useful_seconds, spent by all jobs in the training loop and in studies; peak_mebibytes of
        Snakemake's own process.
    jobs : DataFrame
        The jobs of the cold run; see `benchmarks.watching.Job`.
    """
    # Quickly, the models with their tables are enough.
    target = ["--", str(view.view_path("tables", "summary.csv"))] if bench.quick else []
    rows, command = [], [*checkout.snakemake(bench), *target]
    with tempfile.TemporaryDirectory(prefix="d2l-lab-bench-") as folder:
        place = checkout.with_data(Path(folder, "checkout"), bench)
        empty = Path(folder, "empty")
        empty.mkdir()
        (empty / "Snakefile").write_text(EMPTY_WORKFLOW, "utf-8")
        cold = watch(command, place)
        rows.append(described(COLD, cold))
        watch(checkout.SNAKEMAKE, empty)
        pair = [(NOOP, command, place), (EMPTY, checkout.SNAKEMAKE, empty)]
        for number in range(1 if bench.quick else NOOPS):
            for run, what, where in pair[:: -1 if number % 2 else 1]:
                rows.append(described(run, watch(what, where)))
        for number in range(1 if bench.quick else CHANGES):
            changed = checkout.snakemake(bench, *change(bench, FACTOR ** (number + 1)))
            rows.append(described(CHANGED, watch([*changed, *target], place)))
    runs = summarise(pd.DataFrame(rows), ["run"], "seconds")
    return {"runs": runs, "jobs": pd.DataFrame(cold.jobs, columns=Job._fields)}


def change(bench: Bench, factor: float) -> list[str]:
    """Return the arguments that change the learning rate of one multilayer perceptron."""
    models = bench.plan.config["models"]
    name = "mlp_scratch" if "mlp_scratch" in models else next(iter(models))
    rate = models[name]["learning_rate"] * factor
    return ["--config", "models=" + json.dumps({name: {"learning_rate": rate}})]


def described(name: str, run: Run) -> dict[str, Any]:
    """Summarise a run."""
    known = {
        "run": name,
        "seconds": run.seconds,
        "cores": cores(),
        "peak_mebibytes": run.peak_mebibytes,
    }
    trainings = [job for job in run.jobs if job.stage in TRAININGS]
    if trainings:
        end = max(job.started + job.seconds for job in trainings)
        known["training_seconds"] = end - min(job.started for job in trainings)
        known["useful_seconds"] = sum(job.useful_seconds for job in run.jobs)
    return known
