"""Describe in words what differs between the ingredients of two results."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from d2l_lab.config.messages import count
from d2l_lab.store import keys

LONGEST = 40  # characters of a value
MOST = 4  # names in one enumeration
REMARKS = {"folds": " (another K means other folds, so none is kept)"}
INPUTS = {
    "changed": "uses {}, which changed",
    "added": "also reads {}",
    "removed": "no longer reads {}",
}


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Describe in words what differs between the ingredients of two results.

    Parameters
    ----------
    old, new : mapping
        See `keys.ingredients`.

    Returns
    -------
    list of str
        Empty if and only if both give the same key.
    """
    if _same(old, new):
        return []
    settings, inputs, code, libraries = (
        (old.get(kind, {}), new.get(kind, {}))
        for kind in ("settings", "inputs", "code", "libraries")
    )
    found = [words + REMARKS.get(words.partition(" ")[0], "") for words in _changes("", *settings)]
    found += _changed_inputs(*inputs)
    found += [f"code of {some(names)} {what}" for what, names in _compared(*code).items()]
    found += _changes("", *libraries)
    return found or ["the format of its key changed"]


def _same(first: Any, second: Any) -> bool:
    """Compare like keys do: 1 and 1.0 are different."""
    return keys.canonical(first) == keys.canonical(second)


def _compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[str]]:
    """Name what was added to, removed from or changed in a mapping."""
    groups = {
        "changed": [name for name in new if name in old and old[name] != new[name]],
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
    }
    return {what: names for what, names in groups.items() if names}


def _changes(path: str, old: Any, new: Any) -> Iterator[str]:
    """Describe what differs between two values, by path."""
    if _same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        prefix = f"{path}." if path else ""
        for key in new | old:
            if key not in old:
                yield f"{prefix}{key} {show(new[key])} added"
            elif key not in new:
                yield f"{prefix}{key} removed"
            else:
                yield from _changes(f"{prefix}{key}", old[key], new[key])
    elif _are_names(old) and _are_names(new):
        for what, names in _compared(dict.fromkeys(old), dict.fromkeys(new)).items():
            yield f"{path}: {some(names)} {what}"
        if [name for name in new if name in old] != [name for name in old if name in new]:
            yield f"{path}: another order"
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _changes(f"{path}[{index}]", before, after)
    else:
        yield f"{path} {show(old)} → {show(new)}"


def _are_names(value: Any) -> bool:
    """Return whether a value is a list of distinct texts."""
    is_list = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return is_list and len({*value}) == len(value)


def _changed_inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = _keys_by_name(old), _keys_by_name(new)
    for what, names in _compared(before, after).items():
        yield INPUTS[what].format(some_results(names))
    if before == after and not _same(old, new):
        yield "reads its inputs in another order"


def _keys_by_name(inputs: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Return the keys of inputs by stage and name."""
    found: dict[str, set[str]] = {}
    for reference in chain(*inputs.values()):
        name, _, key = reference.rpartition("/")
        found.setdefault(name.replace("/", " "), set()).add(key)
    return found


def show(value: Any) -> str:
    """Show a value of a setting, shortened."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if re.fullmatch("[0-9a-f]{64}", text):
        return f"{text[:8]}…"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def joined(parts: Sequence[str]) -> str:
    """Join differences in one line, with semicolons if one of them contains commas."""
    return ("; " if any("," in part for part in parts) else ", ").join(parts)


def some(names: Iterable[str]) -> str:
    """List names; if there are many, the first few and the number of the others."""
    names = list(names)
    if len(names) <= MOST + 1:  # "1 other" would not be shorter
        return ", ".join(names)
    return f"{', '.join(names[:MOST])} and {len(names) - MOST} others"


def some_results(names: Sequence[str]) -> str:
    """List results by stage and name; if there are many, count those of each stage."""
    if len(names) <= MOST:
        return ", ".join(names)
    stages = Counter(name.partition(" ")[0] for name in names)
    return " and ".join(f"{count(number, 'result')} of {stage}" for stage, number in stages.items())
