"""The key of a result: a digest of everything that can change its content, and nothing else."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from d2l_lab.store.code import Code, code_of

FORMAT = 1  # raise it if stored results change for a reason that no key covers
# Stages whose settings hold the digests of their files; their keys need no code.
CONTENT_ADDRESSED = {"download", "benchmark"}
# The package that a stage's setting `module` refers to.
SCIENCE = {
    "train": "models",
    "kfold": "models",
    "study": "studies",
    "generate": "datasets",
    "prepare": "datasets",
    "figures": "figures",
    "notebook": "book",
    "book": "book",
}
# Code that only moves results around.
PLUMBING = (
    "d2l_lab.config",
    "d2l_lab.errors",
    "d2l_lab.forkserver",
    "d2l_lab.pipeline",
    "d2l_lab.stages.job",
    "d2l_lab.stages.runner",
    "d2l_lab.store",
    "d2l_lab.tools",
)

Settings = Mapping[str, Any]
Inputs = Mapping[str, Sequence[str]]


def canonical(value: Any) -> str:
    """Write a value as JSON that is the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def ingredients(stage: str, settings: Settings, inputs: Inputs) -> dict[str, Any]:
    """Collect everything that determines a result, and nothing else.

    Parameters
    ----------
    stage : str
        The stage's name, that of its module in `d2l_lab.stages`.
    settings : mapping
        The stage's settings; ``settings["module"]`` names the science module that it calls, and
        ``settings["translations"]`` the languages of a figure besides English.
    inputs : mapping from a role to references
        A reference is ``stage/name/key``.

    Returns
    -------
    dict
        Ready for JSON: the stage, settings, inputs, store format, digests of the code, and versions
        of the libraries.
    """
    found = {
        "stage": stage,
        "settings": dict(settings),
        "inputs": {role: list(references) for role, references in inputs.items()},
        "format": FORMAT,
    }
    if stage not in CONTENT_ADDRESSED:
        code = science_code(stage, settings)
        found |= {"code": code.modules, "libraries": code.libraries}
    return found


def science_code(stage: str, settings: Settings) -> Code:
    """Find the code that shapes a result: that of the stage and of its science module."""
    modules = [f"d2l_lab.stages.{stage}"]
    if "module" in settings:
        modules.append(f"d2l_lab.{SCIENCE[stage]}.{settings['module']}")
    for language in settings.get("translations", ()):
        modules.append(f"d2l_lab.figures.languages.{language}")
    return code_of(modules, without=PLUMBING)


def key(ingredients: Mapping[str, Any]) -> str:
    """Return the key of a result: a short digest of its ingredients."""
    return hashlib.sha256(canonical(ingredients).encode()).hexdigest()[:16]
