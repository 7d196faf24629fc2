"""What only several keys together show to be wrong."""

import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from d2l_lab.config.messages import count
from d2l_lab.config.schema import KeyPath, optimisers_keys
from d2l_lab.config.signatures import STUDIES, study, task

TASKS = {"fashion_mnist": "classification", "linear": "regression", "polynomial": "regression"}
MAX_DEGREE = "datasets.polynomial.max_degree"

Findings = Iterator[tuple[KeyPath, str]]


def findings(config: dict, folder: Path) -> Findings:
    """Find what is wrong across the keys of a completed configuration: where, and what.

    Parameters
    ----------
    config : dict
        Without the values that are at fault by themselves: what rests on such is not checked.
    folder : Path
        The folder of the models' modules.
    """
    checks = [_weights, _folds]
    for name in config.get("models", {}):
        checks += [partial(_features, name), partial(_task, name, folder)]
        checks.append(partial(_optimizer, name))
    for name in config.get("studies", {}):
        checks += [partial(check, name) for check in (_earlier_studies, _degrees, _study_folds)]
    for check in checks:
        with contextlib.suppress(KeyError):
            yield from check(config)


def _weights(config: dict) -> Findings:
    polynomial = config["datasets"]["polynomial"]
    weights, columns = len(polynomial["weights"]), polynomial["max_degree"]
    if weights > columns:
        found = f"{weights} weights for {count(columns, 'feature column')} ({MAX_DEGREE})"
        mend = f"give at most {columns}, or a larger max_degree"
        yield ("datasets", "polynomial", "weights"), f"{found}; {mend}"


def _folds(config: dict) -> Findings:
    used = {model.get("dataset") for model in config["models"].values()}
    datasets = config["datasets"].items()
    sizes = {name: own["examples"] for name, own in datasets if name in used and "examples" in own}
    if sizes:
        smallest = min(sizes, key=sizes.get)
        yield from _too_many_folds(("folds",), config["folds"], smallest, config)


def _features(name: str, config: dict) -> Findings:
    path, model = ("models", name, "features"), config["models"][name]
    features, dataset = model["features"], model["dataset"]
    if features is None:
        return
    if dataset == "fashion_mnist":
        yield path, f"{features} features of images, which are seen whole; leave the key out"
        return
    columns, source = config["datasets"]["polynomial"]["max_degree"], MAX_DEGREE
    if dataset == "linear":
        columns, source = len(config["datasets"]["linear"]["weights"]), "datasets.linear.weights"
    if features > columns:
        found = f"{features} is more than the {count(columns, 'feature column')} of {dataset}"
        yield path, f"{found} ({source}); give at most {columns}, or null for all"


def _optimizer(name: str, config: dict) -> Findings:
    model, every = config["models"][name], optimisers_keys()
    optimizer = model["optimizer"]
    for key in model:
        having = [other for other, keys in every.items() if key in keys]
        if having and optimizer not in having:
            own = f"only {', '.join(every[optimizer])}" if every[optimizer] else "nor any other key"
            mend = f"leave it out, or give optimizer {' or '.join(having)}"
            yield ("models", name, key), f"{optimizer} has no {key}, {own}; {mend}"


def _task(name: str, folder: Path, config: dict) -> Findings:
    dataset, module = (config["models"][name][key] for key in ("dataset", "module"))
    wanted = task(module, folder)
    if wanted not in (None, TASKS[dataset]):
        fitting = " or ".join(each for each in TASKS if TASKS[each] == wanted)
        found = f"{dataset} is no dataset for {wanted}, which {module} is made for"
        yield ("models", name, "dataset"), f"{found}; give {fitting}, or another module"


def _earlier_studies(name: str, config: dict) -> Findings:
    for other in study(name).given:
        if (STUDIES / f"{other}.py").exists() and other not in config["studies"]:
            found = f"builds on the study {other}, which is left out"
            mend = f"put studies.{other} back, or leave this one out too"
            yield ("studies", name), f"{found}; {mend}"


def _degrees(name: str, config: dict) -> Findings:
    degree = max(config["studies"][name]["degrees"])
    columns = config["datasets"]["polynomial"]["max_degree"]
    if degree >= columns:
        found = f"{degree} is too high: max_degree, the number of columns, is {columns}"
        yield ("studies", name, "degrees"), f"{found} ({MAX_DEGREE}); give degrees below it"


def _study_folds(name: str, config: dict) -> Findings:
    if "polynomial" in study(name).given:
        path, folds = ("studies", name, "folds"), config["studies"][name]["folds"]
        yield from _too_many_folds(path, folds, "polynomial", config)


def _too_many_folds(path: KeyPath, folds: int, dataset: str, config: dict) -> Findings:
    examples = config["datasets"][dataset]["examples"]
    if folds > examples:
        found = f"{folds} is more than the {examples} training examples of {dataset}"
        yield path, f"{found} (datasets.{dataset}.examples); give at most {examples}"
