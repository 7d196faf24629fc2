"""The datasets: downloaded and prepared, or generated (notes 3.2, 3.5, 4.4.4)."""

from itertools import chain
from typing import TYPE_CHECKING

from d2l_lab.config import study

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan

EXAMPLES, CLASSES = "examples.safetensors", "classes.csv"
SPLITS = ("train", "test")


def add_to(plan: "Plan") -> None:
    """Add both halves of each dataset of which a model or a study needs the examples."""
    for dataset in _used(plan):
        config = plan.config["datasets"][dataset]
        if "sources" in config:
            _add_downloaded(plan, dataset, config)
        else:
            _add_generated(plan, dataset, config)


def _used(plan: "Plan") -> list[str]:
    of_models = [model["dataset"] for model in plan.config["models"].values()]
    given = chain(*(study(name).given for name in plan.config["studies"]))
    parts = (role.rpartition("_") for role in given)
    of_studies = [dataset for dataset, _, part in parts if part in (*SPLITS, "files")]
    used = dict.fromkeys(of_models + of_studies)
    return [dataset for dataset in used if dataset in plan.config["datasets"]]


def _add_downloaded(plan: "Plan", dataset: str, config: dict) -> None:
    digests, sources = config["sha256"], {"sources": config["sources"]}
    files = plan.add("download", dataset, {"sha256": digests}, files=[*digests], unkeyed=sources)
    for split in SPLITS:
        settings, inputs = {"split": split}, {"files": [files]}
        plan.add("prepare", f"{dataset}_{split}", settings, inputs, files=[EXAMPLES, CLASSES])


def _add_generated(plan: "Plan", dataset: str, config: dict) -> None:
    sizes = dict(zip(SPLITS, ("examples", "test_examples"), strict=True))
    for split, size in sizes.items():
        settings = {
            "module": dataset,
            "dataset": without_sizes(config) | {"examples": config[size]},
            "split": split,
            "seed": plan.config["seed"],
        }
        plan.add("generate", f"{dataset}_{split}", settings, files=[EXAMPLES])


def without_sizes(dataset: dict) -> dict:
    """Give the settings of a synthetic dataset but the numbers of its examples."""
    return {key: value for key, value in dataset.items() if not key.endswith("examples")}
