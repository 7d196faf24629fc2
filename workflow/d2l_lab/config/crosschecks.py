"""What only several keys together show to be wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from d2l_lab.config.messages import count, name
from d2l_lab.config.schema import KeyPath
from d2l_lab.config.signatures import STUDIES, study, task

MAX_DEGREE = ("datasets", "polynomial", "max_degree")
POLYNOMIAL_WEIGHTS = ("datasets", "polynomial", "weights")
LINEAR_WEIGHTS = ("datasets", "linear", "weights")
TASKS = {
    "fashion_mnist": "classification",
    "linear": "regression",
    "polynomial": "regression",
}


class Finding(NamedTuple):
    """Something wrong, and the values that make it so."""

    path: KeyPath
    message: str
    grounds: list[KeyPath]


def findings(config: dict, chapters: Path) -> Iterator[Finding]:
    """Find what is wrong across the keys of a completed configuration.

    A model may lack its dataset, or the configuration its models, as where they are at fault.
    """
    models = config.get("models", {})
    yield from _weights_without_columns(config["datasets"]["polynomial"])
    for model_name, model in models.items():
        yield from _features_without_columns(model_name, model, config["datasets"])
        yield from _dataset_of_another_task(model_name, model, chapters)
    yield from _studies_without_what_they_need(config["studies"], config["datasets"])
    used = {model.get("dataset") for model in models.values()}
    synthetic = {"linear", "polynomial"} & used
    for dataset in sorted(synthetic, key=lambda each: config["datasets"][each]["examples"]):
        yield from _folds_without_examples(
            ("folds",), config["folds"], dataset, config["datasets"][dataset]["examples"]
        )


def _weights_without_columns(polynomial: dict) -> Iterator[Finding]:
    weights, columns = len(polynomial["weights"]), polynomial["max_degree"]
    if weights > columns:
        found = f"{weights} weights for {count(columns, 'feature column')} ({name(MAX_DEGREE)})"
        mend = f"give at most {columns}, or a larger max_degree"
        yield Finding(POLYNOMIAL_WEIGHTS, f"{found}; {mend}", [POLYNOMIAL_WEIGHTS, MAX_DEGREE])


def _features_without_columns(model_name: str, model: dict, datasets: dict) -> Iterator[Finding]:
    features, dataset = model.get("features"), model.get("dataset")
    path = ("models", model_name, "features")
    grounds = [path, ("models", model_name, "dataset")]
    if features is None or dataset is None:
        return
    if dataset == "fashion_mnist":
        message = f"{features} features of images, which are seen whole; leave the key out"
        yield Finding(path, message, grounds)
        return
    if dataset == "linear":
        columns, source = len(datasets["linear"]["weights"]), LINEAR_WEIGHTS
    else:
        columns, source = datasets["polynomial"]["max_degree"], MAX_DEGREE
    if features > columns:
        found = f"{features} is more than the {count(columns, 'feature column')} of {dataset}"
        message = f"{found} ({name(source)}); give at most {columns}, or null for all"
        yield Finding(path, message, [*grounds, source])


def _dataset_of_another_task(model_name: str, model: dict, chapters: Path) -> Iterator[Finding]:
    if "module" not in model or "dataset" not in model:
        return
    module, dataset = model["module"], model["dataset"]
    grounds = [("models", model_name, key) for key in ("module", "dataset")]
    wanted = task(module, chapters)
    if wanted not in (None, TASKS[dataset]):
        fitting = " or ".join(each for each in TASKS if TASKS[each] == wanted)
        found = f"{dataset} is no dataset for {wanted}, which {module} is made for"
        yield Finding(grounds[1], f"{found}; give {fitting}, or another module", grounds)


def _studies_without_what_they_need(studies: dict, datasets: dict) -> Iterator[Finding]:
    for name_of, settings in studies.items():
        named = (one for one in study(name_of).given if (STUDIES / f"{one}.py").exists())
        for other in {*named} - {*studies}:
            message = f"builds on the study {other}, which is left out; put studies.{other} back, "
            path = ("studies", name_of)
            yield Finding(path, message + "or leave this one out too", [path, ("studies", other)])
        yield from _too_few_for_a_study(name_of, settings, datasets)


def _too_few_for_a_study(name_of: str, settings: dict, datasets: dict) -> Iterator[Finding]:
    columns, examples = (datasets["polynomial"][key] for key in ("max_degree", "examples"))
    if "degrees" in settings and max(settings["degrees"]) >= columns:
        path = ("studies", name_of, "degrees")
        found = f"{max(settings['degrees'])} is too high: max_degree, the number of columns, is"
        message = f"{found} {columns} ({name(MAX_DEGREE)}); give degrees below it"
        yield Finding(path, message, [path, MAX_DEGREE])
    if "folds" in settings and "polynomial" in study(name_of).given:
        path = ("studies", name_of, "folds")
        yield from _folds_without_examples(path, settings["folds"], "polynomial", examples)


def _folds_without_examples(
    path: KeyPath, folds: int, dataset: str, examples: int
) -> Iterator[Finding]:
    source = ("datasets", dataset, "examples")
    if folds > examples:
        found = f"{folds} is more than the {examples} training examples of {dataset}"
        message = f"{found} ({name(source)}); give at most {examples}"
        yield Finding(path, message, [path, source])
