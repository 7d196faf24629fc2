"""The studies, experiments besides the models; each gets the inputs that its function names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from d2l_lab.config import study
from d2l_lab.config.signatures import STUDIES
from d2l_lab.errors import LabError
from d2l_lab.pipeline.planners.data import SIZES, SPLITS, is_generated, own_settings

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result

ARRAYS = "arrays.safetensors"
CLASSES = "classification"


def add_to(plan: "Plan") -> None:
    """Add each study, after those whose results it uses."""
    plain = {"seed": plan.config["seed"]} | _settings_of_datasets(plan.config["datasets"])
    for name, settings in plan.config["studies"].items():
        declared = study(name)
        _require_settings(name, declared.options, settings)
        inputs = {role: _given(plan, name, role) for role in declared.given if role not in plain}
        told = {
            "module": name,
            "given": {role: plain[role] for role in declared.given if role in plain},
            "settings": dict(settings),
        }
        files = [f"{table}.csv" for table in declared.tables] + [ARRAYS] * bool(declared.arrays)
        plan.add("study", name, told, inputs, files=files, is_shown=True)


def _settings_of_datasets(datasets: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a study may request of a synthetic dataset: its settings and sizes."""
    plain = {}
    for name, config in datasets.items():
        if is_generated(config):
            plain[name] = own_settings(config)
            plain |= {f"{name}_{size}": config[size] for size in SIZES}
    return plain


def _given(plan: "Plan", study_name: str, role: str) -> list["Result"]:
    """Find a requested input: a part of a dataset, its files, all models, or another study.

    The role `tests` means the test sets of all classifiers.
    """
    dataset, _, part = role.rpartition("_")
    if role == "trained":
        return plan.stage("train")
    if role == "tests":
        used = [dataset for dataset in plan.datasets() if plan.facts(dataset).task == CLASSES]
        return [plan.data(dataset, "test") for dataset in used]
    if part == "files":
        return [plan["download", dataset]]
    if dataset in plan.config["datasets"] and part in SPLITS:
        return [plan.data(dataset, part)]
    if ("study", role) not in plan.results:
        raise LabError(
            f"{STUDIES / study_name}.py: study takes {role}, which is not a part or "
            "setting of a dataset, nor an earlier study; rename or remove it"
        )
    return [plan["study", role]]


def _require_settings(name: str, options: Mapping[str, bool], settings: Mapping[str, Any]) -> None:
    """Raise `LabError` if a study's schema does not match its function's arguments."""
    path = f"{STUDIES / name}.py"
    for option, is_needed in options.items():
        if is_needed and option not in settings:
            raise LabError(
                f"{path}: study takes {option}, which the schema of studies.{name} lacks; add it"
            )
    for setting in settings:
        if setting not in options:
            raise LabError(
                f"{path}: study does not take {setting}, which the schema of studies.{name} has; "
                "add that argument after the star"
            )
