"""The schema of the configuration, joined with what the models' modules declare."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from d2l_lab.config.signatures import hyperparameters, modules
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
    section = {**schema["properties"]["models"], "properties": own}
    return {**schema, "properties": {**schema["properties"], "models": section}}, problems


def _for_module(module: Any, known: list[str], folder: Path) -> Schema:
    """Give the schema of a model of this module.

    If there is no such module, nobody knows which further keys are right, so all are accepted.
    """
    schema = shipped()["properties"]["models"]["additionalProperties"]
    declared = hyperparameters(module, folder) if module in known else {}
    own = {"module": {"enum": known, **schema["properties"]["module"]}}
    for name, declaration in declared.items():
        if name in schema["properties"]:
            raise LabError(f"{module}: every model has a key {name}; rename the hyperparameter")
        general = shipped()["$defs"].get(name, {})
        bounds = {key: general[key] for key in general if key != "default"}
        own[name] = bounds | declaration
        if "items" in declaration:
            own[name]["items"] = bounds | declaration["items"]
    required = [name for name in declared if "default" not in declared[name]]
    return {
        **schema,
        "properties": schema["properties"] | own,
        "required": schema["required"] + required,
        "additionalProperties": module not in known,
    }


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
