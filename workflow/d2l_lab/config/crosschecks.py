"""Find mistakes that involve several keys."""

import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from d2l_lab.config.datasets import Facts, dataset, digest, facts, local_files
from d2l_lab.config.messages import count, show
from d2l_lab.config.schema import KeyPath, optimisers_keys
from d2l_lab.config.signatures import STUDIES, study, task
from d2l_lab.errors import LabError

Findings = Iterator[tuple[KeyPath, str]]
TASKS = ("classification", "regression")


def findings(config: dict, folder: Path) -> Findings:
    """Find mistakes that involve several keys of a completed configuration.

    Parameters
    ----------
    config : dict
        Without invalid values; checks that need one of them are skipped.
    folder : Path
        The folder with the models' modules.
    """
    checks = [_folds]
    for name, own in config.get("datasets", {}).items():
        if "kind" not in own:  # its keys are unknown
            continue
        checks += [partial(check, name) for check in (_weights, _digests, _files)]
    for name in config.get("models", {}):
        checks += [partial(_features, name), partial(_task, name, folder)]
        checks.append(partial(_optimizer, name))
    for name in config.get("sweeps", {}):
        checks += [partial(check, name) for check in (_swept_features, _swept_optimizer)]
    for name in config.get("studies", {}):
        of_study = (_earlier_studies, _degrees, _study_examples, _study_folds)
        checks += [partial(check, name) for check in of_study]
    unreadable: dict[KeyPath, str] = {}
    for check in checks:
        try:
            yield from check(config)
        except KeyError:  # it needs a key or value that was removed as invalid
            continue
        except UnreadableError as error:
            unreadable[error.path] = str(error)
    yield from unreadable.items()


class UnreadableError(LabError):
    """A dataset's files are missing or invalid."""

    def __init__(self, path: KeyPath, message: str):
        super().__init__(message)
        self.path = path


def _facts(config: dict, name: str) -> Facts:
    """Return what the plan knows about a dataset."""
    try:
        return facts(config["datasets"][name])
    except LabError as error:
        raise UnreadableError(("datasets", name), str(error)) from None


def _used(config: dict) -> list[str]:
    """List the datasets that models use."""
    used = dict.fromkeys(model.get("dataset") for model in config["models"].values())
    return [name for name in used if name in config["datasets"]]


def _weights(name: str, config: dict) -> Findings:
    own = config["datasets"][name]
    weights, key = len(own["weights"]), dataset(own["kind"]).columns
    if weights > _columns(own[key]):
        found = f"{weights} weights for {count(own[key], 'feature column')} (datasets.{name}.{key})"
        mend = f"give at most {own[key]}, or a larger {key}"
        yield ("datasets", name, "weights"), f"{found}; {mend}"


def _digests(name: str, config: dict) -> Findings:
    """Find local files that do not match their SHA-256."""
    own = config["datasets"][name]
    for key, expected in own["sha256"].items():
        if key in local_files(own):
            with contextlib.suppress(LabError):  # reported by `_files`
                found = digest(Path(own[key]))
                if found != expected:
                    path, message = ("datasets", name, "sha256", key), f"{own[key]} has {found}"
                    yield path, f"{message}; correct the digest, or replace the file"


def _files(name: str, config: dict) -> Findings:
    """Read the local files of a dataset, even if no model uses it yet."""
    if local_files(config["datasets"][name]):
        _facts(config, name)
    yield from ()


def _folds(config: dict) -> Findings:
    sizes = {}
    for name in _used(config):
        with contextlib.suppress(KeyError, UnreadableError):
            known = _facts(config, name)
            if known.are_known:
                sizes[name] = known.examples
    if sizes:
        smallest = min(sizes, key=sizes.get)
        yield from _too_many_folds(("folds",), config["folds"], smallest, config)


def _features(name: str, config: dict) -> Findings:
    path, model = ("models", name, "features"), config["models"][name]
    features, dataset = model["features"], model["dataset"]
    if features is None:
        return
    known = _facts(config, dataset)
    if known.is_images:
        yield path, f"models see whole images, not {features} features; leave the key out"
    elif features > known.columns:
        found = f"{features} is more than the {count(known.columns, 'feature column')} of {dataset}"
        where = f" (datasets.{dataset}.{known.columns_key})" if known.columns_key else ""
        yield path, f"{found}{where}; give at most {known.columns}, or null for all"


def _swept_features(name: str, config: dict) -> Findings:
    sweep, models = config["sweeps"][name], config["models"]
    given = [value for value in sweep["features"] if value is not None]
    tried = {
        **models,
        sweep["model"]: models[sweep["model"]] | {"features": max(given, default=None)},
    }
    for _, message in _features(sweep["model"], config | {"models": tried}):
        yield ("sweeps", name, "features"), message


def _swept_optimizer(name: str, config: dict) -> Findings:
    sweep, every = config["sweeps"][name], optimisers_keys()
    tried = sweep.get("optimizer", [config["models"][sweep["model"]]["optimizer"]])
    for key in sweep:
        having = [other for other, keys in every.items() if key in keys]
        if having and not {*having} & {*tried}:
            found = f"{' and '.join(tried)} {'does' if len(tried) == 1 else 'do'} not use {key}"
            mend = f"leave it out, or give optimizer: [{', '.join(having)}]"
            yield ("sweeps", name, key), f"{found}; {mend}"


def _optimizer(name: str, config: dict) -> Findings:
    model, every = config["models"][name], optimisers_keys()
    optimizer = model["optimizer"]
    for key in model:
        having = [other for other, keys in every.items() if key in keys]
        if having and optimizer not in having:
            own = f"only {', '.join(every[optimizer])}" if every[optimizer] else "or any other key"
            mend = f"leave it out, or give optimizer {' or '.join(having)}"
            yield ("models", name, key), f"{optimizer} does not use {key}, {own}; {mend}"


def _task(name: str, folder: Path, config: dict) -> Findings:
    used, module = (config["models"][name][key] for key in ("dataset", "module"))
    wanted = task(module, folder)
    if wanted in (None, _facts(config, used).task):
        return
    if wanted not in TASKS:
        found = f"the constant TASK of {module} is {show(wanted)}"
        yield ("models", name, "module"), f"{found}; write {' or '.join(map(show, TASKS))}"
        return
    tasks = {}
    for other in config["datasets"]:
        with contextlib.suppress(LabError, KeyError):
            tasks[other] = _facts(config, other).task
    fitting = " or ".join(other for other in tasks if tasks[other] == wanted)
    found = f"{used} is not a dataset for {wanted}, which {module} needs"
    mend = f"give {fitting}, or another module" if fitting else "give another module"
    if "task" in config["datasets"][used]:
        mend += f", or set datasets.{used}.task"
    yield ("models", name, "dataset"), f"{found}; {mend}"


def _earlier_studies(name: str, config: dict) -> Findings:
    for other in study(name).given:
        if (STUDIES / f"{other}.py").exists() and other not in config["studies"]:
            found = f"needs the study {other}, which is left out"
            mend = f"put studies.{other} back, or leave this one out too"
            yield ("studies", name), f"{found}; {mend}"


def _degrees(name: str, config: dict) -> Findings:
    degree = max(config["studies"][name]["degrees"])
    for given in _datasets_of(name, config):
        own = config["datasets"][given]
        key = dataset(own["kind"]).columns
        if degree >= _columns(own[key]):
            found = f"{degree} is too high: {key}, the number of columns, is {own[key]}"
            path = ("studies", name, "degrees")
            yield path, f"{found} (datasets.{given}.{key}); give degrees below it"


def _study_examples(name: str, config: dict) -> Findings:
    path, wanted = ("studies", name, "examples"), config["studies"][name]["examples"]
    for given in _trained_on(name, config):
        known = _facts(config, given)
        if known.are_known and wanted > known.examples:
            found = f"{wanted} is more than the {known.examples} training examples of {given}"
            yield path, f"{found}; give at most {known.examples}"


def _study_folds(name: str, config: dict) -> Findings:
    own = config["studies"][name]
    path, folds = ("studies", name, "folds"), own["folds"]
    if folds > own.get("examples", folds):
        found = f"{folds} is more than the {own['examples']} examples of the study"
        yield path, f"{found} (studies.{name}.examples); give at most {own['examples']}"
        return
    for given in [*_datasets_of(name, config), *_trained_on(name, config)]:
        if _facts(config, given).are_known:
            yield from _too_many_folds(path, folds, given, config)


def _datasets_of(name: str, config: dict) -> list[str]:
    """List the synthetic datasets whose settings a study takes."""
    return [given for given in study(name).given if given in config["datasets"]]


def _trained_on(name: str, config: dict) -> list[str]:
    """List the datasets whose training set a study takes."""
    halves = {f"{dataset}_train": dataset for dataset in config["datasets"]}
    return [halves[given] for given in study(name).given if given in halves]


def _columns(value: int | list) -> int:
    return len(value) if isinstance(value, list) else value


def _too_many_folds(path: KeyPath, folds: int, dataset: str, config: dict) -> Findings:
    examples = _facts(config, dataset).examples
    if folds > examples:
        found = f"{folds} is more than the {examples} training examples of {dataset}"
        if "examples" in config["datasets"][dataset]:
            found += f" (datasets.{dataset}.examples)"
        yield path, f"{found}; give at most {examples}"
