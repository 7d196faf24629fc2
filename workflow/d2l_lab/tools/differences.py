"""What differs between the ingredients of two results, in words."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from d2l_lab.config.messages import count
from d2l_lab.pipeline.plan import place_of
from d2l_lab.store import keys

LONGEST = 40  # characters of a value
MOST = 4  # names in one enumeration
REMARKS = {"folds": "another K parts the examples anew: none is kept"}


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Say in words what differs between the ingredients of two results.

    Parameters
    ----------
    old, new : mapping
        See `keys.ingredients`.

    Returns
    -------
    list of str
        Empty if, and only if, both give the same key.
    """
    if _same(old, new):
        return []
    kinds = {
        "settings": _changed_settings,
        "inputs": _changed_inputs,
        "code": _changed_code,
        "libraries": _changed_libraries,
    }
    found = [words for kind, say in kinds.items() for words in say(old.get(kind), new.get(kind))]
    return found or ["what its key is made of is written in another way"]


def _same(one: Any, other: Any) -> bool:
    """Compare as keys do, to which 1 and 1.0 are not the same."""
    return keys.canonical(one) == keys.canonical(other)


def _changed_settings(old: Any, new: Any) -> Iterator[str]:
    for words in _changes("", old or {}, new or {}):
        remark = REMARKS.get(words.partition(" ")[0])
        yield f"{words} ({remark})" if remark else words


def _changes(path: str, old: Any, new: Any) -> Iterator[str]:
    """Say what differs between two values, by path."""
    if _same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _changed_entries(f"{path}." if path else "", old, new)
        return
    if isinstance(old, list) and isinstance(new, list):
        before, after = _by_name(old), _by_name(new)
        if before is not None and after is not None:
            yield from _changed_members(path, before, after)
            return
        if len(old) == len(new):
            for index, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from _changes(f"{path}[{index}]", one, other)
            return
    yield f"{path} {show(old)} → {show(new)}"


def _changed_entries(prefix: str, old: dict, new: dict) -> Iterator[str]:
    for key in new | old:
        if key not in old:
            yield f"{prefix}{key} {show(new[key])} added"
        elif key not in new:
            yield f"{prefix}{key} removed"
        else:
            yield from _changes(f"{prefix}{key}", old[key], new[key])


def _changed_members(path: str, old: dict, new: dict) -> Iterator[str]:
    """Say what differs between two lists of things that have names."""
    for names, what in ((new.keys() - old.keys(), "added"), (old.keys() - new.keys(), "removed")):
        if names:
            yield f"{path}: {some(one for one in new | old if one in names)} {what}"
    common = [name for name in new if name in old]
    if common != [name for name in old if name in new]:
        yield f"{path}: another order"
    for name in common:
        yield from _changes(f"{path}.{name}", old[name], new[name])


def _by_name(values: Sequence[Any]) -> dict[str, Any] | None:
    """Give the members of a list by their names: texts, or models; None if some have none."""
    named = {}
    for value in values:
        match value:
            case str():
                named[value] = value
            case {"model": str(model), "device": str(device)}:
                named[place_of(model, device)] = value
    return named if len(named) == len(values) else None


def _changed_inputs(old: Any, new: Any) -> Iterator[str]:
    before, after = _keys_by_name(old or {}), _keys_by_name(new or {})
    changed = [name for name in after if name in before and before[name] != after[name]]
    added = [name for name in after if name not in before]
    removed = [name for name in before if name not in after]
    if changed:
        yield f"rests on {some_results(changed)}, which changed"
    if added:
        yield f"reads also {some_results(added)}"
    if removed:
        yield f"no longer reads {some_results(removed)}"
    if before == after and not _same(old, new):
        yield "reads its inputs in another order"


def _keys_by_name(inputs: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Give the keys of inputs by stage and name."""
    found: dict[str, set[str]] = {}
    for reference in chain(*inputs.values()):
        name, _, key = reference.rpartition("/")
        found.setdefault(name.replace("/", " "), set()).add(key)
    return found


def _changed_code(old: Any, new: Any) -> Iterator[str]:
    old, new = old or {}, new or {}
    groups = {
        "changed": [name for name in new if name in old and old[name] != new[name]],
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
    }
    for what, names in groups.items():
        if names:
            yield f"code of {some(names)} {what}"


def _changed_libraries(old: Any, new: Any) -> Iterator[str]:
    yield from _changes("", old or {}, new or {})


def show(value: Any) -> str:
    """Show a value of a setting, in brief."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.removeprefix("d2l_lab.models.")
    if re.fullmatch("[0-9a-f]{64}", text):
        return f"{text[:8]}…"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def joined(parts: Sequence[str]) -> str:
    """Put what differs into one line, by semicolons if a part has commas of its own."""
    return ("; " if any("," in one for one in parts) else ", ").join(parts)


def some(names: Iterable[str]) -> str:
    """Enumerate names; of many, the first few and the number of the others."""
    names = list(names)
    if len(names) <= MOST + 1:  # "1 other" would be no shorter
        return ", ".join(names)
    return f"{', '.join(names[:MOST])} and {len(names) - MOST} others"


def some_results(names: Sequence[str]) -> str:
    """Enumerate results by stage and name; of many, count those of each stage."""
    if len(names) <= MOST:
        return ", ".join(names)
    stages = Counter(name.partition(" ")[0] for name in names)
    return " and ".join(f"{count(number, 'result')} of {stage}" for stage, number in stages.items())
