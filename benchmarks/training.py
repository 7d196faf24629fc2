"""Training softmax regression and the multilayer perceptron in every way that people would use.

All ways train on the same images with the notes' settings, and evaluate the test set after each
epoch, as the notes do; only scikit-learn's plain `fit` and the limit of the machine do less.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.bench import Bench
from benchmarks.measuring import Case, cores, in_rounds, summarise
from benchmarks.ratios import REPLICAS as PROMISED
from d2l_lab.pipeline.environment import MEMORY

EPOCHS = 10  # epochs of a fit by the notes' settings
MODELS = {"softmax_regression": None, "mlp": 256}  # with their hidden units
SETTINGS = {"learning_rate": 0.1, "batch_size": 256}
WORKERS, REPLICAS = (0, 2, 4), (1, 5, 10)
ABOUT = ["model", "way", "workers", "replicas", "threads", "jobs"]
PARTS = ["products", "reading", "evaluation"]  # the parts of the limit


def measure(bench: Bench) -> dict[str, pd.DataFrame]:
    """Measure all ways side by side.

    Returns
    -------
    training : DataFrame
        model, way, workers, replicas, threads (missing if a way has none or uses its default),
        jobs at a time; seconds_per_epoch of one replica, with the least and the greatest
        value, and the number of measurements; seconds_per_fit, calculated for ten such epochs;
        test_accuracy after the measured epochs; peak_mebibytes of a process.
    limit : DataFrame
        model, replicas, threads, and the parts of the limit, in seconds_per_epoch of one replica:
        the products of the steps, the reading of the minibatches, and the products of the
        evaluation.
    """
    data = bench.data()
    rows, limits = [], []
    with tempfile.TemporaryDirectory(prefix="d2l-lab-bench-") as root:
        raw = Path(root, "FashionMNIST", "raw")
        raw.parent.mkdir()
        raw.symlink_to(data["raw"], target_is_directory=True)
        given = {**SETTINGS, "root": root, "train": data["train"], "test": data["test"]}
        for case, answer in in_rounds([*cases(bench, given)], bench.rounds):
            about, replicas = dict(case.about), case.about["replicas"]
            if case.module == "limit":
                parts = {part: answer.pop(part) / replicas for part in PARTS}
                limits.append({**about, "seconds_per_epoch": sum(parts.values()), **parts})
                answer["seconds"] = [sum(parts.values()) * replicas]
            seconds = answer.pop("seconds")
            rows += [
                {**about, "seconds_per_epoch": epoch / replicas, **answer} for epoch in seconds
            ]
    training = summarise(pd.DataFrame(rows), ABOUT, "seconds_per_epoch")
    fits = training["seconds_per_epoch"] * EPOCHS
    training.insert(training.columns.get_loc("measurements") + 1, "seconds_per_fit", fits)
    limit = pd.DataFrame(limits).drop(columns=["way", "workers", "jobs"])
    by = ["model", "replicas", "threads"]
    return {"training": training, "limit": summarise(limit, by, "seconds_per_epoch")}


def cases(bench: Bench, given: Mapping[str, Any]) -> Iterator[Case]:
    """Yield every way for each model."""
    for model, hidden_units in [*MODELS.items()][-1 if bench.quick else 0 :]:
        counts = [PROMISED[model]] if bench.quick else REPLICAS
        settings = {**given, "model": model, "hidden_units": hidden_units}
        for workers in WORKERS[:1] if bench.quick else WORKERS:
            yield case("notes", "notes", settings, workers=workers)
        if bench.peers:
            settings["epochs"] = 1 if bench.quick else 3
            yield case("scikit-learn", "scikit_learn", settings, bench.peers, tested=False)
            yield case("scikit-learn, tested", "scikit_learn", settings, bench.peers, tested=True)
            yield case("skorch", "skorch_net", settings | {"epochs": 1}, bench.peers)
        for replicas, threads in product(counts, [1] if bench.quick else [1, 2]):
            some = {"replicas": replicas, "threads": threads}
            yield case("limit", "limit", settings, **some)
            settings["epochs"] = 1 if bench.quick else 2
            for style in ("scratch", "concise") if threads == 1 else ("scratch",):
                yield case(style, "ours", settings, **some, **whole(f"{model}.{style}"))
        for replicas in counts if cores() > 1 else ():  # as the workflow runs: a job on each core
            some = {"replicas": replicas, "threads": 1, "jobs": cores()}
            yield case("scratch", "ours", settings, **some, **whole(f"{model}.scratch"))


def case(
    way: str,
    module: str,
    settings: Mapping[str, Any],
    python: str = sys.executable,
    /,
    **choice: Any,
) -> Case:
    """Make a case; what is not chosen is missing in the table, and left to the way itself."""
    usual = {"workers": None, "replicas": 1, "threads": None, "jobs": 1, "epochs": 1}
    known = {**usual, **settings, **choice}
    about = {"way": way, **{name: known[name] for name in ABOUT if name != "way"}}
    variables = MEMORY if module in ("ours", "limit") else {}
    return Case(about, module, known, python, variables, known["jobs"])


def whole(module: str) -> dict[str, Any]:
    """Return the further settings of this project's way: all examples, no folds, on the CPU."""
    return {"module": module, "examples": None, "folds": None, "device": "cpu"}
