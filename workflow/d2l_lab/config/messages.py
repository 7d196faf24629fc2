"""Explain in plain words what is wrong with a value."""

import contextlib
import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import yaml
from jsonschema import ValidationError

from d2l_lab.config.schema import KeyPath, Schema, types

LONGEST = 60  # characters of a value that a message shows
NOUNS = {
    "object": "a section",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "a truth value",
}
# Messages for most keywords of the schema; `explain` handles the others.
MESSAGES = {
    "pattern": "{found} is not {wanted}",
    "propertyNames": "{found} is not {wanted}",
    "not": "{found} is reserved, since tables or file systems may misread it; give another name",
    "minimum": "{found} is too small; give {wanted}",
    "exclusiveMinimum": "{found} is too small; give {wanted}",
    "maximum": "{found} is too large; give {wanted}",
    "exclusiveMaximum": "{found} is too large; give {wanted}",
    "minItems": "the list is empty; give {wanted}",
    "maxItems": "the list is too long; give at most {limit} entries",
    "uniqueItems": "{twice} is listed twice; leave one out",
    "minProperties": "the section is empty; give {wanted}",
    "maxProperties": "too many keys in one entry; give just one of {keys}",
}


def explain(error: ValidationError) -> Iterator[tuple[KeyPath, str]]:
    """For each mistake behind an error of jsonschema, say where it is and how to fix it."""
    path, schema, value = tuple(error.absolute_path), error.schema, error.instance
    keys = schema.get("properties", {})
    match error.validator:
        case "additionalProperties":
            for key in value.keys() - keys.keys():
                mend = did_you_mean(key, keys) or f"the keys here are {', '.join(keys)}"
                yield (*path, key), f"no such key; {mend}"
        case "required":
            for key in set(schema["required"]) - value.keys():
                yield (*path, key), f"missing; give {wanted(keys[key])}"
        case "type" | "enum" if value is None:
            default = ", or leave the key out for its default" if "default" in schema else ""
            yield path, f"empty; give {wanted(schema)}{default}"
        case "type":
            yield path, _wrong_type(value, schema)
        case "enum":
            mend = did_you_mean(value, schema["enum"]) or "give one of these"
            yield path, f"{show(value)} is not one of {', '.join(schema['enum'])}; {mend}"
        case "minProperties" if value:
            yield path, f"too few keys; give {wanted(schema)}"
        case keyword:
            told = {"found": show(value), "limit": error.validator_value}
            told["keys"] = ", ".join(map(str, keys))
            if keyword == "propertyNames":
                told["found"], schema = show(path[-1]), error.validator_value
                reserved = schema.get("not", {}).get("enum", ())
                keyword = "not" if path[-1] in reserved else keyword
            if keyword == "uniqueItems":
                told["twice"] = show(next(item for item in value if value.count(item) > 1))
            yield path, MESSAGES[keyword].format(wanted=wanted(schema), **told)


def _wrong_type(value: Any, schema: Schema) -> str:
    noun, mend = NOUNS[types(schema)[0]], wanted(schema)
    if noun.endswith("number"):
        mend = mend.replace(noun, "one", 1)
        # YAML reads a number with an exponent as text, unless it has a point and a sign: 1.0e-3.
        with contextlib.suppress(ValueError):
            if isinstance(value, str) and math.isfinite(float(value)):
                meant = show(float(value)).removesuffix(".0")
                return f"YAML reads {show(value)} as text, not as a number; write {meant}"
    if isinstance(value, str) and (plain := unicodedata.normalize("NFKC", value)) != value:
        return f"{show(value)} is not {noun}, because of full-width characters; write {plain}"
    return f"{show(value)} is not {noun}; give {mend}"


def wanted(schema: Schema) -> str:
    """Describe the values that a schema allows, such as 'a whole number of at least 1'."""
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    kind, *others = types(schema)
    if kind == "boolean":
        return "true or false"
    phrase = schema.get("title", NOUNS[kind])
    if kind == "array" and "title" not in schema:
        phrase = f"a list, each entry {wanted(schema['items'])}"
    if "exclusiveMinimum" in schema:
        phrase += f" above {schema['exclusiveMinimum']}"
        if "exclusiveMaximum" in schema:
            phrase += f" and below {schema['exclusiveMaximum']}"
    elif "maximum" in schema:
        phrase += f" from {schema['minimum']} to {schema['maximum']}"
    elif "minimum" in schema:
        phrase += f" of at least {schema['minimum']}"
    elif "examples" in schema:
        phrase += f" such as {', '.join(map(str, schema['examples']))}"
    if "array" in others:
        phrase += ", or a list of these"
    return f"{phrase}, or null" if "null" in others else phrase


def did_you_mean(word: Any, names: Iterable[str]) -> str:
    """Suggest the name closest to a word, or one that contains it, if there is any."""
    word = str(word).lower()
    near = difflib.get_close_matches(word, names, n=1)
    near += [name for name in names if len(word) > 2 and word in name]
    return f"did you mean {near[0]}?" if near else ""


def show(value: Any) -> str:
    """Show a value as a user would write it, shortened."""
    match value:
        case dict():
            return "a section"
        case list():
            return "a list"
        case None | bool() | float():
            text = yaml.safe_dump(value).split()[0]
        case str() | int():
            text = repr(value)
        case _:  # a date
            text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def name(path: KeyPath) -> str:
    """Write a key path, such as 'datasets.linear.weights[0]'."""
    text = ""
    for key in path:
        is_plain = isinstance(key, str) and re.fullmatch(rf"[\w-]{{1,{LONGEST}}}", key)
        text += f"[{key}]" if isinstance(key, int) else f".{key if is_plain else show(key)}"
    return text.removeprefix(".") or "the whole"


def count(number: int, noun: str) -> str:
    """Count things, such as '1 key' and '2 keys'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
