"""Compare the results of two implementations, or of two devices (notes 3.3, 3.7 and 4.3)."""

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
import pandas as pd

from d2l_lab.studies.given import Trained
from d2l_lab.training.metrics import METRICS

TABLES = ("agreement",)
COLUMNS = ["kind", "first", "second", "family", "device", "quantity"]
COLUMNS += ["greatest_difference", "greatest_value", "n"]
MATCHED = ["replicate", "epoch", "split"]  # the columns in which two matched rows agree


class Pair(NamedTuple):
    """Two trainings to compare, and their names in the table."""

    kind: str
    first: Trained
    second: Trained
    names: tuple[str, str]


def study(trained: list[Trained]) -> dict[str, pd.DataFrame]:
    """Compare each model's two implementations, and each model on several devices.

    Returns
    -------
    dict
        ``agreement``: kind (ways: from scratch and concise, on the same dataset and device;
        devices: the same model on two), first, second, family (such as mlp), device, quantity
        (loss, accuracy or another metric: of the histories, matched by replicate, epoch and split;
        or the name of a parameter), greatest_difference, greatest_value (of the first, absolute), n
        (how many numbers were compared). Pairs whose parameters differ in names or shapes are left
        out, and so are metrics that a model lacks. If a replicate of one has diverged, the
        differences are unknown (NaN).
    """
    pairs = [pair for pair in [*ways(trained), *devices(trained)] if alike(pair)]
    rows = [row for pair in pairs for row in compare(pair)]
    return {"agreement": pd.DataFrame(rows, columns=COLUMNS)}


def ways(trained: list[Trained]) -> Iterator[Pair]:
    """Pair each model from scratch with its concise version."""
    for first, second in permutations(trained, 2):
        modules = [f"{first.family}.{way}" for way in ("scratch", "concise")]
        same = (first.dataset, first.device) == (second.dataset, second.device)
        if same and [first.module, second.module] == modules:
            yield Pair("ways", first, second, (first.model, second.model))


def devices(trained: list[Trained]) -> Iterator[Pair]:
    """Pair each model with itself on another device."""
    for first, second in combinations(trained, 2):
        if first.model == second.model:
            names = (f"{first.model} on {first.device}", f"{second.model} on {second.device}")
            yield Pair("devices", first, second, names)


def alike(pair: Pair) -> bool:
    """Return whether the two have parameters with the same names and, per replicate, shapes."""
    first, second = (
        {name: value.shape[1:] for name, value in trained.parameters.items()}
        for trained in (pair.first, pair.second)
    )
    return first == second


def compare(pair: Pair) -> Iterator[dict]:
    """Compare all results of two trainings, one row per quantity."""
    _, first, second, names = pair
    about = {
        "kind": pair.kind,
        "first": names[0],
        "second": names[1],
        "family": first.family,
        "device": " and ".join(dict.fromkeys([first.device, second.device])),
    }
    for quantity, values, others in quantities(first, second):
        if len(values):
            yield about | {
                "quantity": quantity,
                "greatest_difference": np.abs(values - others).max(),
                "greatest_value": np.abs(values).max(),
                "n": values.size,
            }


def quantities(first: Trained, second: Trained) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield what to compare: its name and the two arrays, float64.

    Only replicates that both models have are compared, since one may have more.
    """
    both = first.history.merge(second.history, on=MATCHED)
    for metric in METRICS:
        if all(has(trained.history, metric) for trained in (first, second)):
            yield metric, *both[[f"{metric}_x", f"{metric}_y"]].to_numpy(np.float64).T
    for name, values in first.parameters.items():
        others = second.parameters[name]
        n = min(len(values), len(others))
        yield name, values[:n].astype(np.float64), others[:n].astype(np.float64)


def has(history: pd.DataFrame, metric: str) -> bool:
    """Return whether a model has a metric, even if it is unknown because the model diverged."""
    if metric not in history:
        return False
    return bool(history[metric].notna().any() or history["loss"].isna().all())
