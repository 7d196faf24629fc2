"""The reference of config.yaml, from its schema and what the modules declare."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from d2l_lab.config import MODELS, hyperparameters, kinds, modules
from d2l_lab.config.messages import wanted
from d2l_lab.config.schema import NOT_SWEPT, complete, optimisers_keys

SECTIONS = ("datasets", "models", "sweeps", "studies", "figures", "book")  # sections of config.yaml
NAME_OF_DATASET = {"title": "the name of a dataset", "type": "string"}
INTRODUCTION = """\
For each mistake you get one line that says where it is and how to fix it. A section can be left
out if all of its keys have a default."""

Schema = Mapping[str, Any]


def config_page() -> Iterator[str]:
    """Describe every key of config.yaml."""
    datasets = {kind: {"kind": kind} for kind in kinds()}
    models = {model_name(module): {"module": module} for module in modules()}
    schema, _ = complete({"datasets": datasets, "models": models}, MODELS)
    sections = schema["properties"]
    yield from ["# config.yaml", "", schema["description"], "", INTRODUCTION, ""]
    yield from ["## General keys", ""]
    yield from keys_table({k: v for k, v in sections.items() if k not in SECTIONS})
    yield from [*heading("datasets", sections), *dataset_kinds(sections["datasets"]["properties"])]
    yield from [*heading("models", sections), *model_tables(sections["models"]["properties"])]
    yield from heading("sweeps", sections)
    sweep = sections["sweeps"]["additionalProperties"]
    yield from [sweep["description"], ""]
    yield from keys_table(sweep["properties"], required=sweep["required"])
    left_out = ", ".join(f"`{key}`" for key in NOT_SWEPT)
    yield from [f"All keys of the model can be swept but {left_out}.", ""]
    yield from heading("studies", sections)
    for name, study in sections["studies"]["properties"].items():
        yield from [f"### studies.{name}", "", study["description"], ""]
        yield from keys_table(study["properties"])
    yield from [*heading("figures", sections), *keys_table(sections["figures"]["properties"])]
    yield from [*heading("book", sections), *keys_table(flat(sections["book"]["properties"]))]


def heading(name: str, sections: Schema) -> list[str]:
    """Write the heading and description of a section of config.yaml."""
    return [f"## {name}", "", sections[name]["description"], ""]


def dataset_kinds(datasets: Schema) -> Iterator[str]:
    """Describe the keys of each kind of dataset."""
    for kind in kinds():
        own = datasets[kind]
        yield from [f"### {kind}", ""]
        yield from keys_table(flat(own["properties"]), required=own["required"])


def model_tables(models: Schema) -> Iterator[str]:
    """Describe the keys of every model, then those that modules add."""
    own = {module: hyperparameters(module) for module in modules()}
    plain = next(module for module, keys in own.items() if not keys)
    every = dict(models[model_name(plain)]["properties"])
    every["dataset"] = {**NAME_OF_DATASET, "description": every["dataset"]["description"]}
    optimisers = optimisers_keys()
    for key in {key for keys in optimisers.values() for key in keys}:
        having = [name for name, keys in optimisers.items() if key in keys]
        if len(having) < len(optimisers):
            told = f"Only with `optimizer: {', '.join(having)}`. {every[key]['description']}"
            every[key] = {**every[key], "description": told}
    yield from ["### Keys of every model", "", *keys_table(every, ("module", "dataset"))]
    yield from ["### Keys that modules add", "", "| module | key | default | allowed | meaning |"]
    yield "| --- | --- | --- | --- | --- |"
    for module, keys in own.items():
        known = models[model_name(module)]["properties"]
        yield from (f"| `{module}` {row(key, known[key], ())}" for key in keys)
    yield ""


def model_name(module: str) -> str:
    """Return the name that `config_page` gives a model of this module."""
    return module.replace(".", "_")


def flat(properties: Schema, prefix: str = "") -> dict[str, Schema]:
    """Flatten the keys of sections and of list entries, as in ``publish.remote``."""
    found: dict[str, Schema] = {}
    for key, schema in properties.items():
        found[f"{prefix}{key}"] = schema
        if schema.get("type") == "object":
            found |= flat(schema.get("properties", {}), f"{prefix}{key}.")
        elif schema.get("items", {}).get("type") == "object":
            found |= flat(schema["items"]["properties"], f"{prefix}{key}[].")
    return found


def keys_table(keys: Schema, required: Iterable[str] = ()) -> Iterator[str]:
    """Write a table of keys, or one line if there are none."""
    if not keys:
        yield from ["No keys.", ""]
        return
    yield from ["| key | default | allowed | meaning |", "| --- | --- | --- | --- |"]
    yield from (row(key, schema, required) for key, schema in keys.items())
    yield ""


def row(key: str, schema: Schema, required: Iterable[str]) -> str:
    """Write the row of a key."""
    default = shown(schema["default"]) if "default" in schema else ""
    default = "required" if key in required else default
    allowed = "" if schema.get("type") == "object" else wanted(schema)
    return (
        "| "
        + " | ".join([f"`{key}`", default, *map(cell, (allowed, schema["description"]))])
        + " |"
    )


def shown(value: Any) -> str:
    """Show a default as it would be written in config.yaml."""
    text = yaml.safe_dump(value, default_flow_style=True, width=1000, allow_unicode=True)
    text = text.strip().removesuffix("...").strip()
    return f"`{text}`" if len(text) < 60 else "see the schema"


def cell(text: str) -> str:
    """Put a text into one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
