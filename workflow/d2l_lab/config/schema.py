"""The schema of the configuration, joined with what the models' modules declare."""

import functools
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from d2l_lab.config.signatures import hyperparameters, modules, optimiser_settings
from d2l_lab.errors import LabError

SCHEMA = Path(__file__).parents[2] / "schemas" / "config.schema.yaml"

Schema = dict[str, Any]
KeyPath = tuple[Any, ...]  # the keys and list indices that lead to a value
Problems = dict[KeyPath, str]  # at most one for a place


@functools.cache
def shipped() -> Schema:
    """Give the schema as it stands in its file."""
    # In C, if libyaml is there: ten times as fast.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return loader(SCHEMA.read_text("utf-8")).get_single_data()


def for_models(models: Any, folder: Path) -> tuple[Schema, Problems]:
    """Give the schema in which each model has the keys of its own module as well.

    Also give what is wrong with these modules, by the key path that names the module.
    """
    schema, known, own, problems = shipped(), modules(folder), {}, {}
    for name, model in models.items() if isinstance(models, Mapping) else ():
        module = model.get("module") if isinstance(model, Mapping) else None
        try:
            own[name] = _for_module(module, known, folder)
        except LabError as error:
            problems["models", name, "module"] = str(error)
            own[name] = _for_module(None, known, folder)
        own[name] = _with_optimiser(own[name], model)
    section = {**schema["properties"]["models"], "properties": own}
    return {**schema, "properties": {**schema["properties"], "models": section}}, problems


def _for_module(module: Any, known: list[str], folder: Path) -> Schema:
    """Give the schema of a model of this module.

    If there is no such module, nobody knows which further keys are right, so all are accepted.
    """
    schema = shipped()["properties"]["models"]["additionalProperties"]
    declared = hyperparameters(module, folder) if module in known else {}
    taken = {*schema["properties"], *chain(*optimisers_keys().values())}
    own = {"module": {"enum": known, **schema["properties"]["module"]}}
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
    """Give the schemas of the keys that every model has."""
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
    """Give the schema of what stands at a key of a section, or at an index of a list."""
    if "items" in schema:
        return schema["items"]
    others = schema.get("additionalProperties")
    return schema.get("properties", {}).get(key, others if isinstance(others, dict) else {})


def types(schema: Schema) -> list[str]:
    """List the JSON types that a value may have; none if the schema does not say."""
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]
