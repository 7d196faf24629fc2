"""Check the configuration as a whole, and fill in the defaults."""

import contextlib
import functools
import math
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from d2l_lab.config.crosschecks import findings
from d2l_lab.config.messages import explain, name
from d2l_lab.config.schema import KeyPath, Schema, below, complete, types
from d2l_lab.config.signatures import MODELS
from d2l_lab.errors import LabError

FILE, OVERRIDES = "config.yaml", "--configfile or --config"
ABSENT = object()  # from config.yaml


def validate(config: Mapping, written: Mapping | None = None, folder: Path = MODELS) -> dict:
    """Check a configuration as a whole, and fill in the defaults.

    Parameters
    ----------
    config
        What Snakemake read and merged: config.yaml, `--configfile` and `--config`.
    written
        The content of config.yaml itself, if the models, and so the tables' rows, should follow its
        order: Snakemake moves what `--configfile` and `--config` name to the front. Models that
        only these name come last, by name.
    folder
        The folder with the models' modules.

    Returns
    -------
    dict
        A new, plain copy with every default filled in. Numbers are floats and integers are ints, as
        the schema says, so that 1 and 1.0 give the same result. Where a number or a list is
        allowed, a list of one number becomes that number.

    Raises
    ------
    LabError
        If anything is wrong, with one line for each mistake, beginning with where it is written
        and its key path.
    """
    schema, problems = complete(config, folder)
    try:
        plain = _read(config, schema)
        for error in Validator(schema).iter_errors(plain):
            for path, message in explain(error):
                problems.setdefault(path, message)
    except RecursionError:
        raise LabError("config.yaml: sections or lists nested too deep; nest them less") from None
    if isinstance(plain, dict):
        completed = _complete(functools.reduce(_without, problems, plain), schema)
        found = [*findings(functools.reduce(_without, problems, completed), folder)]
        for path, message in found:
            if not any(known[: len(path)] == path for known in problems):  # first mend its keys
                problems[path] = message
    if problems:
        lines = sorted(
            (name(path), f"{_origin(path, config, written)}: {name(path)}: {message}")
            for path, message in problems.items()
        )
        raise LabError("\n".join(line for _, line in lines))
    models = completed["models"]
    last = models if written is None else sorted(models)
    order = dict.fromkeys([*((written or {}).get("models") or ()), *last])
    return completed | {"models": {model: models[model] for model in order if model in models}}


def _origin(path: KeyPath, config: Any, written: Any) -> str:
    """Say where the value at a key path is written: in config.yaml, or in what overrides it.

    Parameters
    ----------
    path : tuple of str and int
    config, written
        See `validate`.
    """
    return FILE if written is None or not _is_overridden(path, config, written) else OVERRIDES


def _is_overridden(path: KeyPath, config: Any, written: Any) -> bool:
    if path and isinstance(config, Mapping) and isinstance(written, Mapping):
        key, *rest = path
        return _is_overridden(tuple(rest), config.get(key, ABSENT), written.get(key, ABSENT))
    are_nan = all(isinstance(value, float) and math.isnan(value) for value in (config, written))
    return config != written and not are_nan


def _read(value: Any, schema: Schema) -> Any:
    """Copy a value into plain dicts and lists, and turn text that spells a number into the number.

    Snakemake reads ``--config 'models={mlp_scratch: {epochs: 3}}'`` into such text.
    """
    if isinstance(value, Mapping):
        return {key: _read(item, below(schema, key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_read(item, below(schema, index)) for index, item in enumerate(value)]
    if isinstance(value, str) and types(schema) and "string" not in types(schema):
        value = _spelled(value)
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return math.inf if value > 0 else -math.inf
    return value


def _spelled(text: str) -> Any:
    """Return the number, truth value or null that a text means in YAML; otherwise the text."""
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))
    if text and tag.rpartition(":")[2] in {"int", "float", "bool", "null"}:
        with contextlib.suppress(ValueError, OverflowError):
            return loader.construct_object(yaml.ScalarNode(tag, text))
    return text


def _complete(value: Any, schema: Schema) -> Any:
    """Fill in the defaults of a valid value, and give each number the type of its key."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        defaults = {key: own["default"] for key, own in properties.items() if "default" in own}
        filled = defaults | value
        keys = dict.fromkeys([*properties, *filled])  # in the order of the schema
        return {key: _complete(filled[key], below(schema, key)) for key in keys if key in filled}
    if isinstance(value, list) and len(value) == 1 and types(schema)[1:] == ["array"]:
        return _complete(value[0], below(schema, 0))  # one number means the same
    if isinstance(value, list):
        return [_complete(item, below(schema, index)) for index, item in enumerate(value)]
    if isinstance(value, float) and "integer" in types(schema):
        return int(value)
    if isinstance(value, int) and "number" in types(schema):
        return float(value)
    return value


def _without(value: Any, path: KeyPath) -> Any:
    """Remove the innermost key of a section on the path to an invalid value."""
    if not isinstance(value, dict) or path[0] not in value:
        return value
    key, *rest = path
    if rest and isinstance(value[key], dict):
        return {**value, key: _without(value[key], tuple(rest))}
    return {other: item for other, item in value.items() if other != key}


def _is_number(_checker: Any, value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def _whole_text(_validator: Any, pattern: str, value: Any, _schema: Schema) -> Iterator:
    """Match a pattern with the whole text; Python's `$` would accept a newline at its end."""
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield jsonschema.ValidationError(pattern)


def _each_name(validator: Any, schema: Schema, value: Any, _schema: Schema) -> Iterator:
    """Find the invalid names in a section, each with its own path."""
    for key in value if isinstance(value, dict) else ():
        if not validator.evolve(schema=schema).is_valid(key):
            yield jsonschema.ValidationError("name", path=[key])


Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    {"pattern": _whole_text, "propertyNames": _each_name},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)
