"""Compare a run with the shipped configuration: the changes, and their effect on each model."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from d2l_lab.config import shipped
from d2l_lab.errors import LabError
from d2l_lab.pipeline.environment import training_name
from d2l_lab.store import provenance
from d2l_lab.store.keys import canonical

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result

STAGES = ("train", "kfold")
TABLES = ("changes", "changes_models", "changes_metrics")


class Pair(NamedTuple):
    """A training or cross-validation of a plan, and its counterpart in the shipped configuration.

    Parameters
    ----------
    stage, model : str
    device : str
        Empty for a model that the plan does not have.
    yours, shipped : Result or None
        None if the configuration has no such model. The store may have neither of them.
    """

    stage: str
    model: str
    device: str
    yours: "Result | None"
    shipped: "Result | None"

    @property
    def relation(self) -> str:
        """Describe the comparison of the two in a word."""
        if self.yours is None:
            return "left out"
        if self.shipped is None:
            return "new"
        if self.yours.key != self.shipped.key:
            return "apart"
        return "same" if self.shipped_as == self.model else "renamed"

    @property
    def shipped_as(self) -> str:
        """The model's name in the shipped configuration; empty if it has no such model."""
        return model_of(self.shipped) if self.shipped else ""


def add_to(plan: "Plan") -> None:
    """Add the tables for the page on changed settings, if there is a book and a change.

    Their inputs are all trainings that differ from the shipped ones, and those shipped ones that
    the store has. A run never computes a shipped training just for the comparison.
    """
    if not plan.config["book"]["languages"]:
        return
    settings, inputs = {"changes": [], "models": []}, {}
    try:
        changed = changes(plan)
        if not changed:
            return
        settings["changes"] = [
            [each.key, *map(as_text, (each.shipped, each.yours))] for each in changed
        ]
        for pair in pairs(plan):
            state = pair.relation
            if state == "apart":
                found = find_shipped(plan, pair.shipped)
                inputs[f"{pair.stage}_{pair.yours.name.replace('.', '_')}"] = [
                    pair.yours,
                    *filter(None, [found]),
                ]
                state = "compared" if found else "missing"
            settings["models"].append([pair.stage, pair.model, pair.device, state, pair.shipped_as])
    except LabError as error:
        settings["models"], inputs = [["", "", "", "invalid", str(error)]], {}
    own = {*plan.results.values()}
    plan.borrowed = [each for _, *others in inputs.values() for each in others if each not in own]
    files = [f"{table}.csv" for table in TABLES]
    plan.add("comparison", "all", settings, inputs, files=files, is_shown=True)


def changes(plan: "Plan") -> list[shipped.Change]:
    """List the keys that differ from the shipped configuration and affect numbers."""
    return [*shipped.changes(*map(shipped.readable, (plan.default.config, plan.config)))]


def pairs(plan: "Plan") -> Iterator[Pair]:
    """Pair each training of a plan with its shipped counterpart; then list the others."""
    for stage in STAGES:
        named = set()
        for model, _, device in plan.trainings():
            yours = plan[stage, training_name(model, device)]
            theirs = shipped_result(plan, stage, model, device, yours.key)
            yield Pair(stage, model, device, yours, theirs)
            named.add(theirs and theirs.name)
        for result in plan.default.stage(stage):
            if result.name not in named:
                yield Pair(stage, model_of(result), "", None, result)


def shipped_result(plan: "Plan", stage: str, model: str, device: str, key: str) -> "Result | None":
    """Return the shipped configuration's result of a model; it need not be in the store.

    Models are matched by name, or else by key, since a model may have been renamed. For a device
    that the shipped configuration does not use, it is the result on its first device.
    """
    default = plan.default
    if model in default.config["models"]:
        on = device if device in default.devices else default.devices[0]
        return default[stage, training_name(model, on)]
    return next((result for result in default.stage(stage) if result.key == key), None)


def find_shipped(plan: "Plan", wanted: "Result") -> "Result | None":
    """Find a result of the shipped configuration in the plan or the store."""
    planned = (each for each in plan.results.values() if each.stage == wanted.stage)
    if same := next((each for each in planned if each.key == wanted.key), None):
        return same
    is_whole = wanted.exists() and not provenance.modified_files(wanted.folder)
    return wanted if is_whole else None


def model_of(result: "Result") -> str:
    """Return the name of the model of a training."""
    return result.name.partition(".")[0]


def as_text(value: object) -> str:
    """Write a value as in config.yaml."""
    return value if isinstance(value, str) else canonical(value)
