"""The schema of the configuration, extended by what the modules that it names declare."""

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

GENERAL_KEYS = ("kind", "sources", "sha256", "test_examples")  # keys of all datasets
NOT_SWEPT = (
    "module",
    "dataset",
    "evaluate_every",
    "evaluate_train",
    "replicates",
)  # keys of a model

Schema = dict[str, Any]
KeyPath = tuple[Any, ...]  # the keys and list indices that lead to a value
Problems = dict[KeyPath, str]  # at most one for each place


def load_quickly(text: bytes) -> Any:
    """Load one of the project's own files, with libyaml if present, which is ten times as fast."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return loader(text).get_single_data()


@functools.cache
def shipped() -> Schema:
    """Return the schema as its file has it."""
    return load_quickly(SCHEMA.read_bytes())


def complete(config: Any, folder: Path) -> tuple[Schema, Problems]:
    """Return the schema with each model's, dataset's and sweep's keys from its module.

    Also return what is wrong with these modules, by the key path that names the module. Models'
    modules are looked up in `folder`.
    """
    given = config if isinstance(config, Mapping) else {}
    datasets, problems = _for_datasets(given.get("datasets"))
    models, more = _for_models(given.get("models"), [*datasets["properties"]], folder)
    sweeps = _for_sweeps(given.get("sweeps"), models["properties"])
    sections = {**shipped()["properties"], "datasets": datasets, "models": models, "sweeps": sweeps}
    return {**shipped(), "properties": sections}, problems | more


def _for_datasets(datasets: Any) -> tuple[Schema, Problems]:
    """Return the schema of the datasets: configured ones, and those that need no entry."""
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

    For an unknown kind, the valid keys are unknown too, so all are accepted. A dataset with a
    module's name must be of that kind, since studies and pages look for the data under this name.
    """
    schema, meanings = shipped()["properties"]["datasets"]["additionalProperties"], _meanings()
    own = {"kind": {"enum": known, **schema["properties"]["kind"]}}
    if name in known:
        own["kind"]["default"] = name
        if kind in known and kind != name:
            raise LabError(
                f"the name {name} is reserved for its own kind, which studies and pages use; "
                f"give a dataset of kind {kind} another name"
            )
    if not (isinstance(kind, str) and kind in known):
        return {**schema, "properties": own, "required": ["kind"], "additionalProperties": True}
    declared = dataset(kind)
    for key, declaration in declared.keys.items():
        if key in GENERAL_KEYS:
            raise LabError(f"{kind}: {key} is a key of every dataset; rename this one")
        own[key] = _with_meaning(declaration, meanings.get(key, {}))
    if declared.function == "generate":
        if "examples" not in own or declared.columns is None:
            raise LabError(
                f"{kind}: generate needs a key examples after its star, and the module a constant "
                "COLUMNS: the number of features, or the key that sets it"
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
    """Combine what a module declares about a key with what the schema says about its name."""
    meaning = {key: value for key, value in general.items() if key != "default"}
    joined = meaning | declaration
    return joined | {"items": meaning["items"]} if "items" in meaning else joined


def _for_digests(schema: Schema, digests: Mapping[str, str | None]) -> Schema:
    """Return the schema of some files' SHA-256; a file without a default may be left out."""
    digest = schema["additionalProperties"]
    properties = {
        name: digest | ({"default": known} if known else {}) for name, known in digests.items()
    }
    return {**schema, "additionalProperties": False, "properties": properties}


def _for_models(models: Any, datasets: list[str], folder: Path) -> tuple[Schema, Problems]:
    """Return the schema of the models, and the errors in their modules."""
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

    For an unknown module, the valid keys are unknown too, so all are accepted.
    """
    schema = shipped()["properties"]["models"]["additionalProperties"]
    declared = hyperparameters(module, folder) if is_module(module, folder) else {}
    taken = {*schema["properties"], *chain(*optimisers_keys().values())}
    own = {"module": {"enum": known, **schema["properties"]["module"]}}
    own["dataset"] = {"enum": datasets, **schema["properties"]["dataset"]}
    for name, declaration in declared.items():
        if name in taken:
            raise LabError(f"{module}: {name} is a key of every model; rename the hyperparameter")
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
    """Return, for each optimiser, the schemas of the keys that it adds to a model."""
    return {
        name: {key: _described(key, own) for key, own in optimiser_settings(name).items()}
        for name in model_keys()["optimizer"]["enum"]
    }


def _with_optimiser(schema: Schema, model: Any) -> Schema:
    """Add the optimisers' keys to the schema of a model, after the learning rate.

    Only those of its own optimiser have defaults. Keys of another optimiser are refused later, with
    a better message than the schema's.
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
    """Add what the schema knows about keys of this name to what a signature says."""
    return _without_default(shipped()["$defs"].get(name, {})) | declaration


def _without_default(schema: Schema) -> Schema:
    return {key: schema[key] for key in schema if key != "default"}


def below(schema: Schema, key: Any) -> Schema:
    """Return the schema of the value at a key of a section, or at an index of a list."""
    if "items" in schema:
        return schema["items"]
    others = schema.get("additionalProperties")
    return schema.get("properties", {}).get(key, others if isinstance(others, dict) else {})


def types(schema: Schema) -> list[str]:
    """List the JSON types that a value may have; none if the schema does not say."""
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]
