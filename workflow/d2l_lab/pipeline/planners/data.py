"""The datasets: downloaded and prepared, read from local files, or generated (3.2, 3.5, 4.4.4)."""

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from d2l_lab.config import dataset, digest, facts, local_files, study

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan

EXAMPLES, CLASSES = "examples.safetensors", "classes.csv"
SPLITS = ("train", "test")
PARTS = (*SPLITS, "files")  # the parts of a dataset that a study can request
SIZES = ("examples", "test_examples")


def add_to(plan: "Plan") -> None:
    """Add the training and test set of each dataset whose examples a model or a study needs."""
    for name in _used(plan):
        config = plan.config["datasets"][name]
        if is_generated(config):
            _add_generated(plan, name, config)
        else:
            _add_prepared(plan, name, config)


def _used(plan: "Plan") -> list[str]:
    of_models = [model["dataset"] for model in plan.config["models"].values()]
    given = chain(*(study(name).given for name in plan.config["studies"]))
    parts = (role.rpartition("_") for role in given)
    used = dict.fromkeys(of_models + [name for name, _, part in parts if part in PARTS])
    return [name for name in used if name in plan.config["datasets"]]


def is_generated(config: Mapping[str, Any]) -> bool:
    """Return whether a dataset is synthetic."""
    return dataset(config["kind"]).function == "generate"


def _add_generated(plan: "Plan", name: str, config: Mapping[str, Any]) -> None:
    for split, size in zip(SPLITS, SIZES, strict=True):
        settings = {
            "module": config["kind"],
            "dataset": own_settings(config) | {"examples": config[size]},
            "split": split,
            "seed": plan.config["seed"],
        }
        about = {"files": [EXAMPLES], "size": _size(config)}
        plan.add("generate", f"{name}_{split}", settings, **about)


def _add_prepared(plan: "Plan", name: str, config: Mapping[str, Any]) -> None:
    declared, inputs, paths = dataset(config["kind"]), {}, {}
    settings = {"module": config["kind"], "dataset": own_settings(config)}
    if declared.files:
        digests, sources = config["sha256"], {"sources": config["sources"]}
        told = {"sha256": digests}
        files = plan.add("download", name, told, files=[*digests], unkeyed=sources)
        inputs = {"files": [files]}
    else:
        files = local_files(config)
        settings["files"] = {key: digest(path) for key, path in files.items()}
        paths = {"paths": {key: str(path) for key, path in files.items()}}
    if "rng" in declared.given:
        settings["seed"] = plan.config["seed"]
    for split in SPLITS:
        about = {"files": [EXAMPLES, CLASSES], "unkeyed": paths, "size": _size(config)}
        plan.add("prepare", f"{name}_{split}", settings | {"split": split}, inputs, **about)


def own_settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a dataset's module, without its sizes and its files' locations."""
    declared = dataset(config["kind"])
    others = {*declared.paths, *SIZES}
    return {key: config[key] for key in declared.keys if key not in others}


def _size(config: Mapping[str, Any]) -> tuple[int, int]:
    known = facts(config)
    return known.examples, known.columns
