"""The schema of the configuration, joined with what the modules it names declare."""

import functools
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from d2l_lab.config.datasets import dataset, kinds
from d2l_lab.config.signatures import hyperparameters, is_module, modules, optimiser_settings
from d2l_lab.errors import LabError

SCHEMA = Path(__file__).parents[2] / "schemas" / "config.schema.yaml"

GENERAL_KEYS = ("kind", "sources", "sha256", "test_examples")  # no module's own
NOT_SWEPT = (
    "module",
    "dataset",
    "evaluate_every",
    "evaluate_train",
    "replicates",
)  # keys of a model

Schema = dict[str, Any]
KeyPath = tuple[Any, ...]  # the keys and list indices that lead to a value
Problems = dict[KeyPath, str]  # at most one for a place


def load_quickly(text: bytes) -> Any:
    """Load a file of the project's own, in C if libyaml is there: ten times as fast."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return loader(text).get_single_data()


@functools.cache
def shipped() -> Schema:
    """Return the schema as it stands in its file."""
    return load_quickly(SCHEMA.read_bytes())


def complete(config: Any, folder: Path) -> tuple[Schema, Problems]:
    """Return the schema in which each model, dataset and sweep has the keys of its module as well.

    Also give what is wrong with these modules, by the key path that names the module. Models'
    modules are those in the folder.
    """
    given = config if isinstance(config, Mapping) else {}
    datasets, problems = _for_datasets(given.get("datasets"))
    models, more = _for_models(given.get("models"), [*datasets["properties"]], folder)
    sweeps = _for_sweeps(given.get("sweeps"), models["properties"])
    sections = {**shipped()["properties"], "datasets": datasets, "models": models, "sweeps": sweeps}
    return {**shipped(), "properties": sections}, problems | more


def _for_datasets(datasets: Any) -> tuple[Schema, Problems]:
    """Return the schema of the datasets: those that are configured, and those that need no keys."""
    section, known = shipped()["properties"]["datasets"], kinds()
    given, own, problems = datasets if isinstance(datasets, Mapping) else {}, {}, {}
    ready = [kind for kind in known if dataset(kind).is_complete]
    for name in dict.fromkeys([*ready, *given]):
        written = given.get(name, {})
        kind = written.get("kind", name) if isinstance(written, Mapping) else name
        try:
            own[name] = _for_kind(name, kind, known)
        except LabError as error:
            problems["datasets", name, "kind"] = str(error)
            own[name] = _for_kind(name, None, known)
        if name in ready:
            own[name]["default"] = {}
    return {**section, "properties": own}, problems


def _for_kind(name: Any, kind: Any, known: list[str]) -> Schema:
    """Return the schema of a dataset of this kind.

    If there is no such kind, nobody knows which further keys are right, so all are accepted. A
    module's name stands for its own kind: studies and pages look for the data under it.
    """
    schema, meanings = shipped()["properties"]["datasets"]["additionalProperties"], _meanings()
    own = {"kind": {"enum": known, **schema["properties"]["kind"]}}
    if name in known:
        own["kind"]["default"] = name
        if kind in known and kind != name:
            raise LabError(
                f"{name} stands for the data of its own module, which studies and pages ask for; "
                f"give a dataset of kind {kind} another name"
            )
    if not (isinstance(kind, str) and kind in known):
        return {**schema, "properties": own, "required": ["kind"], "additionalProperties": True}
    declared = dataset(kind)
    for key, declaration in declared.keys.items():
        if key in GENERAL_KEYS:
            raise LabError(f"{kind}: every dataset may have a key {key}; rename this one")
        own[key] = _with_meaning(declaration, meanings.get(key, {}))
    if declared.function == "generate":
        if "examples" not in own or declared.columns is None:
            raise LabError(
                f"{kind}: generate needs a key examples after its star, and the module a constant "
                "COLUMNS: how many features there are, or the key that tells it"
            )
        own["test_examples"] = meanings["test_examples"] | {"default": own["examples"]["default"]}
    if declared.sources:
        own["sources"] = meanings["sources"] | {"default": declared.sources}
    if digests := declared.files or dict.fromkeys(declared.paths):
        own["sha256"] = _for_digests(meanings["sha256"], digests)
    required = [key for key in own if "default" not in own[key]]
    return {**schema, "properties": own, "required": required}


def _meanings() -> dict[str, Schema]:
    return shipped()["$defs"]["datasets"]["properties"]


def _with_meaning(declaration: Schema, general: Schema) -> Schema:
    """Join what a module declares of a key with what the schema says of all keys of that name."""
    meaning = {key: value for key, value in general.items() if key != "default"}
    joined = meaning | declaration
    return joined | {"items": meaning["items"]} if "items" in meaning else joined


def _for_digests(schema: Schema, digests: Mapping[str, str | None]) -> Schema:
    """Return the schema of the SHA-256 of some files; without one, it need not be given."""
    digest = schema["additionalProperties"]
    properties = {
        name: digest | ({"default": known} if known else {}) for name, known in digests.items()
    }
    return {**schema, "additionalProperties": False, "properties": properties}


def _for_models(models: Any, datasets: list[str], folder: Path) -> tuple[Schema, Problems]:
    """Return the schema of the models, and what is wrong with their modules."""
    schema, known, own, problems = shipped(), modules(folder), {}, {}
    for name, model in models.items() if isinstance(models, Mapping) else ():
        module = model.get("module") if isinstance(model, Mapping) else None
        try:
            own[name] = _for_module(module, known, datasets, folder)
        except LabError as error:
            problems["models", name, "module"] = str(error)
            own[name] = _for_module(None, known, datasets, folder)
        own[name] = _with_optimiser(own[name], model)
    return {**schema["properties"]["models"], "properties": own}, problems


def _for_sweeps(sweeps: Any, models: Mapping[str, Schema]) -> Schema:
    """Return the schema of the sweeps: for each key of a sweep's model, a list of values."""
    section = shipped()["properties"]["sweeps"]
    general, own = section["additionalProperties"], {}
    for name, sweep in sweeps.items() if isinstance(sweeps, Mapping) else ():
        model = sweep.get("model") if isinstance(sweep, Mapping) else None
        of_model = models.get(model) if isinstance(model, str) else None
        keys = of_model["properties"] if of_model else {}
        lists = {key: _list_of(keys[key], key) for key in keys if key not in NOT_SWEPT}
        named = {"model": {**general["properties"]["model"], "enum": [*models]}}
        is_open = of_model is None or of_model["additionalProperties"]
        own[name] = {**general, "properties": named | lists, "additionalProperties": is_open}
    return {**section, "properties": own}


def _list_of(schema: Schema, key: str) -> Schema:
    """Return the schema of a list of a key's values."""
    return {
        "title": f"a list of values of {key}",
        "description": schema.get("description", ""),
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {word: schema[word] for word in schema if word != "default"},
    }


def _for_module(module: Any, known: list[str], datasets: list[str], folder: Path) -> Schema:
    """Return the schema of a model of this module.

    If there is no such module, nobody knows which further keys are right, so all are accepted.
    """
    schema = shipped()["properties"]["models"]["additionalProperties"]
    declared = hyperparameters(module, folder) if is_module(module, folder) else {}
    taken = {*schema["properties"], *chain(*optimisers_keys().values())}
    own = {"module": {"enum": known, **schema["properties"]["module"]}}
    own["dataset"] = {"enum": datasets, **schema["properties"]["dataset"]}
    for name, declaration in declared.items():
        if name in taken:
            raise LabError(f"{module}: every model has a key {name}; rename the hyperparameter")
        own[name] = _described(name, declaration)
        if "items" in declaration:
            own[name]["items"] = _described(name, declaration["items"])
    required = [name for name in declared if "default" not in declared[name]]
    return {
        **schema,
        "properties": schema["properties"] | own,
        "required": schema["required"] + required,
        "additionalProperties": module not in known,
    }


def model_keys() -> Schema:
    """Return the schemas of the keys that every model has."""
    return shipped()["properties"]["models"]["additionalProperties"]["properties"]


def optimisers_keys() -> dict[str, Schema]:
    """Give, for each optimiser that a model can name, the schemas of the keys that it adds."""
    return {
        name: {key: _described(key, own) for key, own in optimiser_settings(name).items()}
        for name in model_keys()["optimizer"]["enum"]
    }


def _with_optimiser(schema: Schema, model: Any) -> Schema:
    """Add, after the learning rate, the keys of optimisers to the schema of a model.

    Those of its own have defaults; that it has no others is found out later, to be said plainly.
    """
    named = model.get("optimizer") if isinstance(model, Mapping) else None
    every, default = optimisers_keys(), model_keys()["optimizer"]["default"]
    own = every.get(named if isinstance(named, str) else default, {})
    added = {key: _without_default(each) for keys in every.values() for key, each in keys.items()}
    properties = {}
    for key, value in schema["properties"].items():
        properties |= {key: value} | (added | own if key == "learning_rate" else {})
    return {**schema, "properties": properties}


def _described(name: str, declaration: Schema) -> Schema:
    """Add to what a signature says of a key what the schema knows of keys of this name."""
    return _without_default(shipped()["$defs"].get(name, {})) | declaration


def _without_default(schema: Schema) -> Schema:
    return {key: schema[key] for key in schema if key != "default"}


def below(schema: Schema, key: Any) -> Schema:
    """Return the schema of what stands at a key of a section, or at an index of a list."""
    if "items" in schema:
        return schema["items"]
    others = schema.get("additionalProperties")
    return schema.get("properties", {}).get(key, others if isinstance(others, dict) else {})


def types(schema: Schema) -> list[str]:
    """List the JSON types that a value may have; none if the schema does not say."""
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]
