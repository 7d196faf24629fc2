"""Measure how time and memory grow with replicates, folds, examples and models."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from benchmarks import checkout
from benchmarks.bench import Bench
from benchmarks.measuring import Case, in_rounds, summarise
from benchmarks.training import MODELS, SETTINGS, whole
from benchmarks.watching import watch
from benchmarks.ways.plan import enlarged
from d2l_lab.pipeline.environment import MEMORY
from d2l_lab.pipeline.plan import read_config

REPLICATES, FOLDS = (1, 2, 5, 10, 20), (2, 5, 10)
SHARES = (8, 4, 2, 1)  # one eighth of the examples, and so on
USUAL = 5  # replicates, when something else grows
MODEL = "mlp"
WORKFLOWS = (1, 2, 4, 8)  # models
LITTLE = checkout.ROOT / "tests/config/quick.yaml"
ALONE = {"studies": {}, "claims": False, "book": {"languages": []}}
BY = ["grows", "count"]


def measure(bench: Bench) -> dict[str, pd.DataFrame]:
    """Measure training on the data of the benchmark, and whole workflows on little data.

    Returns
    -------
    scale : DataFrame
        grows (replicates, folds, examples, models); count; seconds, with the least and the greatest
        value, and the number of measurements: of an epoch of all replicates of the multilayer
        perceptron together, including its evaluation, or, for models, of a workflow of so many
        models on little data; peak_mebibytes of the process, or, for models, of the largest job.
    """
    rounds = 1 if bench.quick else max(bench.rounds - 1, 1)
    rows = [
        {**case.about, "seconds": seconds, "peak_mebibytes": answer["peak_mebibytes"]}
        for case, answer in in_rounds([*cases(bench)], rounds)
        for seconds in answer["seconds"]
    ]
    with tempfile.TemporaryDirectory(prefix="d2l-lab-bench-") as folder:
        for models in WORKFLOWS[:1] if bench.quick else WORKFLOWS:
            rows.append(workflow(Path(folder, str(models)), models))
    return {"scale": summarise(pd.DataFrame(rows), BY, "seconds")}


def cases(bench: Bench) -> Iterator[Case]:
    """Return the trainings; each series increases one number."""
    data = bench.data()
    usual = {
        **SETTINGS,
        **whole(f"{MODEL}.scratch"),
        "train": data["train"],
        "test": data["test"],
        "hidden_units": MODELS[MODEL],
        "replicas": USUAL,
        "threads": 1,
        "epochs": 1,
    }

    def case(grows: str, count: int, changed: Mapping[str, Any]) -> Case:
        about = {"grows": grows, "count": count}
        return Case(about, "ours", {**usual, **changed}, variables=MEMORY)

    for replicates in REPLICATES[:1] if bench.quick else REPLICATES:
        yield case("replicates", replicates, {"replicas": replicates})
    for folds in FOLDS[:1] if bench.quick else FOLDS:
        yield case("folds", folds, {"folds": folds})
    for share in SHARES[:1] if bench.quick else SHARES:
        examples = bench.examples() // share
        yield case("examples", examples, {"examples": examples})


def workflow(folder: Path, models: int) -> dict[str, Any]:
    """Run a workflow of so many models, without studies and book."""
    place = checkout.copy(folder)
    config = enlarged(read_config([LITTLE]), models) | ALONE
    (place / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    run = watch(checkout.SNAKEMAKE, place)
    peak = max(one.peak_mebibytes for one in run.jobs)
    return {"grows": "models", "count": models, "seconds": run.seconds, "peak_mebibytes": peak}
