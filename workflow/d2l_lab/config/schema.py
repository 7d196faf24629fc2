"""The schema of the configuration, joined with what the models' modules declare."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from d2l_lab.config.signatures import hyperparameters, modules
from d2l_lab.errors import LabError

SCHEMA = Path(__file__).parents[2] / "schemas" / "config.schema.yaml"

NOT_SWEPT = ("module", "dataset", "evaluate_every", "evaluate_train")  # keys of a model

Schema = dict[str, Any]
KeyPath = tuple[Any, ...]  # the keys and list indices that lead to a value
Problems = dict[KeyPath, str]  # at most one for a place


@functools.cache
def shipped() -> Schema:
    """Give the schema as it stands in its file."""
    # In C, if libyaml is there: ten times as fast.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return loader(SCHEMA.read_text("utf-8")).get_single_data()


def for_config(config: Any, folder: Path) -> tuple[Schema, Problems]:
    """Give the schema in which each model and sweep has the keys of its module as well.

    Also give what is wrong with these modules, by the key path that names the module.
    """
    models, problems = _for_models(config, folder)
    sections = shipped()["properties"]
    sections = sections | {
        "models": {**sections["models"], "properties": models},
        "sweeps": {**sections["sweeps"], "properties": _for_sweeps(config, models)},
    }
    return {**shipped(), "properties": sections}, problems


def _for_models(config: Any, folder: Path) -> tuple[dict[str, Schema], Problems]:
    """Give the schema of each model by its name."""
    known, own, problems = modules(folder), {}, {}
    for name, model in _section(config, "models").items():
        module = model.get("module") if isinstance(model, Mapping) else None
        try:
            own[name] = _for_module(module, known, folder)
        except LabError as error:
            problems["models", name, "module"] = str(error)
            own[name] = _for_module(None, known, folder)
    return own, problems


def _for_sweeps(config: Any, models: Mapping[str, Schema]) -> dict[str, Schema]:
    """Give the schema of each sweep by its name: for each key of its model, a list of values."""
    general = shipped()["properties"]["sweeps"]["additionalProperties"]
    own = {}
    for name, sweep in _section(config, "sweeps").items():
        model = sweep.get("model") if isinstance(sweep, Mapping) else None
        of_model = models.get(model) if isinstance(model, str) else None
        keys = of_model["properties"] if of_model else {}
        lists = {key: _list_of(keys[key], key) for key in keys if key not in NOT_SWEPT}
        named = {"model": {**general["properties"]["model"], "enum": [*models]}}
        is_open = of_model is None or of_model["additionalProperties"]
        own[name] = {**general, "properties": named | lists, "additionalProperties": is_open}
    return own


def _list_of(schema: Schema, key: str) -> Schema:
    """Give the schema of a list of a key's values."""
    return {
        "title": f"a list of values of {key}",
        "description": schema.get("description", ""),
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {word: schema[word] for word in schema if word != "default"},
    }


def _section(config: Any, name: str) -> Mapping[str, Any]:
    found = config.get(name) if isinstance(config, Mapping) else None
    return found if isinstance(found, Mapping) else {}


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
        own[name] = {key: general[key] for key in general if key != "default"} | declaration
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
