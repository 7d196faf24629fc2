"""What only several keys together show to be wrong."""

from collections.abc import Iterator
from pathlib import Path

from d2l_lab.config.messages import count
from d2l_lab.config.schema import KeyPath
from d2l_lab.config.signatures import STUDIES, study, task

TASKS = {"fashion_mnist": "classification", "linear": "regression", "polynomial": "regression"}


def findings(config: dict, folder: Path) -> Iterator[tuple[KeyPath, str]]:
    """Find what is wrong across the keys of a completed configuration: where, and what.

    Parameters
    ----------
    config : dict
        Without a mistake in any single key.
    folder : Path
        The folder of the models' modules.
    """
    datasets, models = config["datasets"], config["models"]
    weights, (columns, source) = datasets["polynomial"]["weights"], _columns("polynomial", datasets)
    if len(weights) > columns:
        found = f"{len(weights)} weights for {count(columns, 'feature column')} ({source})"
        mend = f"give at most {columns}, or a larger max_degree"
        yield ("datasets", "polynomial", "weights"), f"{found}; {mend}"
    for name, model in models.items():
        for key, message in _of_a_model(model, datasets, folder):
            yield ("models", name, key), message
    for name, settings in config["studies"].items():
        for key, message in _of_a_study(name, settings, config):
            yield ("studies", name, *key), message
    used = {model["dataset"] for model in models.values()} & {"linear", "polynomial"}
    for dataset in sorted(used, key=lambda each: datasets[each]["examples"])[:1]:
        if message := _too_many_folds(config["folds"], dataset, datasets):
            yield ("folds",), message


def _columns(dataset: str, datasets: dict) -> tuple[int, str]:
    """Give how many feature columns a synthetic dataset has, and the key that says so."""
    if dataset == "linear":
        return len(datasets["linear"]["weights"]), "datasets.linear.weights"
    return datasets["polynomial"]["max_degree"], "datasets.polynomial.max_degree"


def _of_a_model(model: dict, datasets: dict, folder: Path) -> Iterator[tuple[str, str]]:
    dataset, features, module = model["dataset"], model["features"], model["module"]
    if features and dataset == "fashion_mnist":
        found = f"{features} features of images, which are seen whole"
        yield "features", f"{found}; leave the key out"
    elif features and features > (columns := _columns(dataset, datasets))[0]:
        number, source = columns
        found = f"{features} is more than the {count(number, 'feature column')} of {dataset}"
        yield "features", f"{found} ({source}); give at most {number}, or null for all"
    wanted = task(module, folder)
    if wanted not in (None, TASKS[dataset]):
        fitting = " or ".join(each for each in TASKS if TASKS[each] == wanted)
        found = f"{dataset} is no dataset for {wanted}, which {module} is made for"
        yield "dataset", f"{found}; give {fitting}, or another module"


def _of_a_study(name: str, settings: dict, config: dict) -> Iterator[tuple[KeyPath, str]]:
    given = study(name).given
    for other in given:
        if (STUDIES / f"{other}.py").exists() and other not in config["studies"]:
            found = f"builds on the study {other}, which is left out"
            yield (), f"{found}; put studies.{other} back, or leave this one out too"
    columns, source = _columns("polynomial", config["datasets"])
    if (degree := max(settings.get("degrees", [0]))) >= columns:
        found = f"{degree} is too high: max_degree, the number of columns, is {columns}"
        yield ("degrees",), f"{found} ({source}); give degrees below it"
    folds = settings.get("folds", 0) if "polynomial" in given else 0
    if message := _too_many_folds(folds, "polynomial", config["datasets"]):
        yield ("folds",), message


def _too_many_folds(folds: int, dataset: str, datasets: dict) -> str:
    examples = datasets[dataset]["examples"]
    found = f"{folds} is more than the {examples} training examples of {dataset}"
    mend = f"give at most {examples}"
    return f"{found} (datasets.{dataset}.examples); {mend}" if folds > examples else ""
