"""The whole main job: from nothing but the data to the book, and what runs after it cost."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import checkout
from benchmarks.bench import Bench
from benchmarks.measuring import summarise
from benchmarks.watching import Process, Run, watch
from d2l_lab import store

TRAININGS = ("train", "kfold")
CHANGED = 0.9  # times its learning rate is the new one of the model that is changed
NOOPS = 5
EMPTY = """\
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
    """Run the main job in a fresh copy; again; and again after one learning rate has changed.

    Returns
    -------
    runs : DataFrame
        run (cold, no-op, no-op of an empty workflow, one learning rate changed); seconds, with the
        least and the greatest value, and the number of measurements; cores; training_seconds: from
        the start of the first train or kfold job to the end of the last; useful_seconds: what all
        jobs spent in training and in studies.
    jobs : DataFrame
        Of the cold run: stage, name, started and seconds of each job's process; work_seconds
        without its start; useful_seconds: those in the training loop, or in the study without the
        loading of torch; cpu_seconds, peak_mebibytes.
    """
    rows, command, nothing = [], checkout.snakemake(bench), checkout.SNAKEMAKE
    with tempfile.TemporaryDirectory(prefix="d2l-lab-bench-") as folder:
        place = checkout.with_data(Path(folder, "checkout"), bench)
        empty = Path(folder, "empty")
        empty.mkdir()
        (empty / "Snakefile").write_text(EMPTY, "utf-8")
        cold = watch(command, place)
        jobs = of_run(cold, place)
        rows.append({"run": "cold", **described(cold, jobs)})
        watch(nothing, empty)
        for number in range(1 if bench.quick else NOOPS):
            pair = [("no-op", command, place), ("no-op of an empty workflow", nothing, empty)]
            for run, what, where in pair[:: -1 if number % 2 else 1]:
                rows.append({"run": run, **described(watch(what, where))})
        for number in range(1 if bench.quick else 2):
            changed = watch(
                checkout.snakemake(bench, *change(bench, CHANGED ** (number + 1))), place
            )
            made = of_run(changed, place)
            rows.append({"run": "one learning rate changed", **described(changed, made)})
    return {"runs": summarise(pd.DataFrame(rows), ["run"], "seconds"), "jobs": jobs}


def change(bench: Bench, factor: float) -> list[str]:
    """Give the arguments that change one model's learning rate: the multilayer perceptron's."""
    models = bench.plan.config["models"]
    name = "mlp_scratch" if "mlp_scratch" in models else next(iter(models))
    rate = models[name]["learning_rate"] * factor
    return ["--config", "models=" + json.dumps({name: {"learning_rate": rate}})]


def of_run(run: Run, place: Path) -> pd.DataFrame:
    """Set what was seen of a run's jobs beside what their results say."""
    provenances = newest(place / store.STORE)
    torch = seconds_of_torch() if any(one.stage == "study" for one in run.processes) else 0
    return pd.DataFrame(rows_of(run.processes, provenances, torch))


def rows_of(
    processes: list[Process], provenances: Mapping[tuple[str, str], dict[str, Any]], torch: float
) -> Iterator[dict[str, Any]]:
    """Give a row for each process."""
    for one in processes:
        provenance = provenances.get((one.stage, one.name))
        work = provenance["seconds"] if provenance else None
        yield {
            **one._asdict(),
            "work_seconds": work,
            "useful_seconds": useful(provenance, torch) if provenance else 0.0,
        }


def useful(provenance: Mapping[str, Any], torch: float) -> float:
    """Give how much of a job's time went into what the run is for: training, and studying."""
    ingredients, measured = provenance["ingredients"], provenance["measured"]
    if ingredients["stage"] in TRAININGS:
        replicas = measured.get("trained", measured["replicas"])
        return measured["seconds_per_epoch"] * ingredients["settings"]["epochs"] * replicas
    if ingredients["stage"] == "study":
        return max(provenance["seconds"] - torch * ("torch" in ingredients["libraries"]), 0)
    return 0.0


def newest(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Read the newest provenance of each stage and name."""
    marks = sorted(folder.glob(f"*/*/*/{store.MARK}"), key=lambda path: path.stat().st_mtime)
    return {(mark.parts[-4], mark.parts[-3]): store.read_provenance(mark.parent) for mark in marks}


def seconds_of_torch() -> float:
    """Measure how long a process takes only to load torch."""
    least = min(watch([sys.executable, "-c", "import torch"], Path.cwd()).seconds for _ in range(2))
    nothing = watch([sys.executable, "-c", ""], Path.cwd()).seconds
    return max(least - nothing, 0)


def described(run: Run, jobs: pd.DataFrame | None = None) -> dict[str, Any]:
    """Sum up a run."""
    known = {"seconds": run.seconds, "cores": len(os.sched_getaffinity(0))}
    if jobs is not None:
        trainings = jobs[jobs["stage"].isin(TRAININGS)]
        ends = trainings["started"] + trainings["seconds"]
        known["training_seconds"] = ends.max() - trainings["started"].min()
        known["useful_seconds"] = jobs["useful_seconds"].sum()
    return known
