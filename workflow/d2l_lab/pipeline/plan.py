"""Plan all results that a configuration asks for, each with its key."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from snakemake.utils import update_config

from d2l_lab.config import Facts, check_syntax, facts, validate
from d2l_lab.config.shipped import shipped_config
from d2l_lab.errors import LabError
from d2l_lab.pipeline.checks import require_sources
from d2l_lab.pipeline.environment import resolve_devices, training_name
from d2l_lab.pipeline.planners import (
    book,
    comparison,
    data,
    figures,
    studies,
    sweeps,
    tables,
    training,
)
from d2l_lab.pipeline.result import Result
from d2l_lab.store import layout

CONFIG = Path("config.yaml")
# Each uses the results of those before it.
PLANNERS = (
    data,
    training,
    sweeps,
    studies,
    tables,
    comparison,
    figures,
    book,
)


class Plan:
    """Every result that a configuration asks for.

    Parameters
    ----------
    config : mapping
        Valid, with its defaults filled in; see `d2l_lab.config.validate`.
    devices : sequence of str
        The devices to train on; they all exist.
    planners : sequence of modules
        The planners to use, by default all of them.

    Attributes
    ----------
    results : dict from (stage, name), of a point of a sweep (stage, name, key), to Result
        In an order in which they can be made.
    batches : dict from names to lists of Results
        The points of sweeps that one job trains together.
    borrowed : list of Result
        Results of the shipped configuration in the store, which this plan reads but never makes.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        devices: Sequence[str],
        planners: Sequence[ModuleType] = PLANNERS,
    ):
        self.config = config
        self.devices = list(devices)
        self.results: dict[tuple[str, ...], Result] = {}
        self.batches: dict[str, list[Result]] = {}
        self.borrowed: list[Result] = []
        for planner in planners:
            planner.add_to(self)

    def __getitem__(self, stage_and_name: tuple[str, str]) -> Result:
        return self.results[stage_and_name]

    def stage(self, stage: str) -> list[Result]:
        """List the results of one stage, without shards and without points of sweeps."""
        named = (result for place, result in self.results.items() if len(place) == 2)
        return [result for result in named if result.stage == stage and not result.is_shard]

    @cached_property
    def default(self) -> "Plan":
        """The data and the trainings of the shipped configuration.

        Raises `LabError` if it is invalid with the current code.
        """
        config = shipped_config()
        return Plan(config, resolve_devices(config["devices"]), (data, training))

    @cached_property
    def by_folder(self) -> dict[Path, Result]:
        """Every result by its folder in the store."""
        return {result.folder: result for result in self.results.values()}

    @property
    def shown(self) -> list[Result]:
        """The results in the view."""
        return [result for result in self.results.values() if result.is_shown]

    def trainings(self) -> Iterator[tuple[str, Mapping[str, Any], str]]:
        """Yield each model's name and settings with each device, in the order of the tables."""
        for name, model in self.config["models"].items():
            for device in self.devices:
                yield name, model, device

    def find(self, stage: str, name: str, key: str) -> Result:
        """Return the result of a stage, name and key; raise `LabError` if the plan has none."""
        found = (self.results.get(place) for place in ((stage, name), (stage, name, key)))
        for result in found:
            if result and result.key == key:
                return result
        raise LabError(f"{stage}/{name}/{key}: not a result that config.yaml asks for")

    def missing(
        self, is_made: Callable[[Result], bool], wanted: Sequence[Result] | None = None
    ) -> list[Result]:
        """List the results to make before all wanted ones exist, in an order that works.

        Parameters
        ----------
        is_made : callable
            Returns whether a result exists. An existing result no longer needs its inputs.
        wanted : sequence of Result, optional
            The results that should exist; by default all shown ones.
        """
        needed: set[Result] = set()
        waiting = list(self.shown if wanted is None else wanted)
        while waiting:
            result = waiting.pop()
            if result not in needed and not is_made(result):
                needed.add(result)
                waiting += result.needs
        return [result for result in self.results.values() if result in needed]

    def add(
        self,
        stage: str,
        name: str,
        settings: dict[str, Any],
        inputs: Mapping[str, Sequence[Result]] | None = None,
        *,
        files: Sequence[str],
        of_sweep: bool = False,
        **more: Any,
    ) -> Result:
        """Add a result; an input role without results is left out. See `Result`.

        Many points of sweeps share the name of their model. If the same point is already planned,
        as a model's training or for another sweep, that result is returned.
        """
        given = {role: list(found) for role, found in (inputs or {}).items() if found}
        result = Result(stage, name, settings, given, tuple(files), **more)
        place = (stage, name, result.key) if of_sweep else (stage, name)
        if of_sweep:
            there = (other for other in self.results.values() if other.stage == stage)
            same = next((other for other in there if other.key == result.key), None)
            if same:
                return same
        elif place in self.results:
            raise LabError(
                f"config.yaml: two results are called {stage}/{name}; give one of the models, "
                "datasets and studies of this name another name"
            )
        self.results[place] = result
        return result

    def data(self, dataset: str, split: str) -> Result:
        """Return the training or the test set of a dataset."""
        name = f"{dataset}_{split}"
        return self.results.get(("prepare", name)) or self["generate", name]

    def trained(self, model: str) -> Result:
        """Return a model as it was trained on the first device."""
        return self["train", training_name(model, self.devices[0])]

    def datasets(self) -> list[str]:
        """List the datasets that models use."""
        return [*dict.fromkeys(model["dataset"] for model in self.config["models"].values())]

    def facts(self, dataset: str) -> Facts:
        """Return what is known about a dataset beforehand."""
        return facts(self.config["datasets"][dataset])

    def models_of(self, dataset: str) -> list[str]:
        """List the models of a dataset."""
        models = self.config["models"].items()
        return [name for name, model in models if model["dataset"] == dataset]


def make_plan(config: Mapping[str, Any], written: Mapping[str, Any] | None = None) -> Plan:
    """Plan a configuration on this machine.

    Parameters
    ----------
    config : mapping
        As Snakemake read it, with all overrides of config.yaml.
    written : mapping or None
        The content of config.yaml itself, if `config` may have the models in another order.

    Raises
    ------
    LabError
        If it is invalid, if the results are on a disk that is not mounted, or if a hand-written
        file such as a caption is missing.
    """
    layout.require_folders()
    valid = validate(config, written)
    plan = Plan(valid, resolve_devices(valid["devices"]))
    require_sources(plan)
    return plan


def read_config(overlays: Iterable[Path]) -> dict[str, Any]:
    """Read config.yaml, and merge other files into it as Snakemake does for `--configfile`.

    Raises
    ------
    LabError
        If a file does not exist, or is not YAML.
    """
    config: dict[str, Any] = {}
    for path in (CONFIG, *overlays):
        update_config(config, check_syntax(path))
    return config
