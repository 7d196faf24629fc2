"""The key of a result: a digest of all that can change its content, and of nothing else."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from d2l_lab.store.code import Code, code_of

# Stages whose settings hold the digests of their files: what code took these is no matter.
CONTENT_ADDRESSED = {"download", "benchmark"}

Settings = Mapping[str, Any]
Inputs = Mapping[str, Sequence[str]]


def canonical(value: Any) -> str:
    """Write a value as JSON that is the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def ingredients(stage: str, settings: Settings, inputs: Inputs) -> dict[str, Any]:
    """Collect all that determines a result, and nothing else.

    Parameters
    ----------
    stage : str
        The stage's name, that of its module in `d2l_lab.stages`.
    settings : mapping
        What the stage is told; ``settings["module"]`` names the science module it calls, if its
        own imports do not.
    inputs : mapping from a role to references
        A reference is ``stage/name/key``.

    Returns
    -------
    dict
        Ready for JSON: stage, settings, inputs, the code's digests, the libraries' versions.
    """
    found = {
        "stage": stage,
        "settings": dict(settings),
        "inputs": {role: list(references) for role, references in inputs.items()},
    }
    if stage not in CONTENT_ADDRESSED:
        code = code_for(stage, settings)
        found |= {"code": code.modules, "libraries": code.libraries}
    return found


def code_for(stage: str, settings: Settings) -> Code:
    """Find what a stage rests on: its own module, and the science module that it is told."""
    told = [settings["module"]] if "module" in settings else []
    return code_of([f"d2l_lab.stages.{stage}", *told])


def key(ingredients: Mapping[str, Any]) -> str:
    """Give the key of a result: a short digest of its ingredients."""
    return hashlib.sha256(canonical(ingredients).encode()).hexdigest()[:16]
