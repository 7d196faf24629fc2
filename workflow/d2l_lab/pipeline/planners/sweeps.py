"""The sweeps, which train a model with every combination of some settings (notes 3.1, 4.4.2)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from d2l_lab.config.schema import optimisers_keys
from d2l_lab.pipeline.planners.training import add_training
from d2l_lab.store.keys import canonical

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result

TABLES = ("sweeps", "sweep_choice")


def add_to(plan: "Plan") -> None:
    """Add the trainings of each sweep, and the tables of all sweeps.

    A point is a training like any other, stored under its model's name and the same key as that
    model with these settings, so that nothing is trained twice.
    """
    inputs, swept = {}, {}
    for sweep, config in sorted(plan.config["sweeps"].items()):
        model = config["model"]
        points = [
            add_training(plan, model, settings, device, of_sweep=True)
            for device in plan.devices
            for settings in _grid(plan.config["models"][model], config)
        ]
        for stage, results in zip(("train", "kfold"), zip(*points, strict=True), strict=True):
            inputs[f"{stage}_{sweep}"] = results
            _add_batches(plan, f"{stage}_{sweep}", results)
        swept[sweep] = {"model": model, "keys": [key for key in config if key != "model"]}
    if swept:
        files = [f"{table}.csv" for table in TABLES]
        plan.add("sweeps", "all", {"sweeps": swept}, inputs, files=files, is_shown=True)


def _grid(model: Mapping[str, Any], sweep: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a model's settings with each distinct combination of a sweep's values.

    Combinations that differ only in a key of another optimiser count as one.
    """
    swept = {key: values for key, values in sweep.items() if key != "model"}
    combined = (dict(zip(swept, values, strict=True)) for values in product(*swept.values()))
    points = (_with_own_keys({**model, **values}) for values in combined)
    yield from {canonical(point): point for point in points}.values()


def _with_own_keys(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the keys of other optimisers, and fill in those that a point's own one needs."""
    every = optimisers_keys()
    own = every[settings["optimizer"]]
    foreign = {*chain(*every.values())} - own.keys()
    rest = {key: value for key, value in settings.items() if key not in foreign}
    return {key: keys["default"] for key, keys in own.items()} | rest


def _add_batches(plan: "Plan", name: str, points: Iterable["Result"]) -> None:
    """Group points that differ only in their optimiser, so that one job trains them.

    They share the minibatches, which are then read once. Points that another job makes (a model's
    training, or a point of an earlier sweep) are left out, and so are points split into shards,
    which are too large.
    """
    batched = {result for batch in plan.batches.values() for result in batch}
    of_optimiser = {"optimizer", "learning_rate", *chain(*optimisers_keys().values())}
    alike: dict[str, list[Result]] = {}
    for point in points:
        is_own = (point.stage, point.name, point.key) in plan.results
        if is_own and point not in batched and not point.shards:
            settings = point.settings.items()
            rest = {key: value for key, value in settings if key not in of_optimiser}
            alike.setdefault(canonical(rest), []).append(point)
    batches = (batch for batch in alike.values() if len(batch) > 1)
    plan.batches |= {f"{name}_{number}": batch for number, batch in enumerate(batches, 1)}
