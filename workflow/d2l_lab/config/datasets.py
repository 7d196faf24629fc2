"""Read what the datasets' modules declare from their source, without importing them.

A module is imported only to call its function `survey`, which looks into the dataset's files.
"""

import ast
import contextlib
import functools
import importlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema

from d2l_lab.config.signatures import TYPES, arguments, constant
from d2l_lab.datasets.files import sha256
from d2l_lab.datasets.survey import Survey
from d2l_lab.errors import LabError

DATASETS = Path(__file__).parents[1] / "datasets"
PATH, NOTHING = "Path", "None"  # annotations: a local file, and whether null is allowed
ANNOTATIONS = f"{', '.join(TYPES)}, {PATH}, list[…] of these, each with | None"


class Dataset(NamedTuple):
    """The declarations of a module in `d2l_lab.datasets`.

    Parameters
    ----------
    kind : str
        Its name.
    function : str
        ``generate`` for synthetic data; ``read`` for data in files.
    given : tuple of str
        That function's arguments before the star: `rng`, `split`, `folder`.
    keys : dict
        Its arguments after the star, which can be configured, each with its schema.
    paths : tuple of str
        The keys that name local files.
    task : str or None
        Its constant TASK; None if it depends on the data.
    shows : tuple of str
        Its constant SHOWS: the figures that show the data, or models' predictions for them.
    columns : str, int or None
        Its constant COLUMNS: the number of features of synthetic data, or the key that sets it.
    files : dict
        Its constant FILES: the files to download, each with its SHA-256.
    sources : list
        Its constant SOURCES: where to download them.
    size : tuple of int
        Its constant SIZE: the numbers of training examples and features of the downloaded data.
    """

    kind: str
    function: str
    given: tuple[str, ...]
    keys: dict[str, dict[str, Any]]
    paths: tuple[str, ...]
    task: str | None
    shows: tuple[str, ...]
    columns: str | int | None
    files: dict[str, str]
    sources: list[dict[str, str]]
    size: tuple[int, int] | None

    @property
    def is_complete(self) -> bool:
        """Return whether every key has a default; the dataset then needs no entry."""
        return all("default" in key for key in self.keys.values())


@functools.cache
def kinds(folder: Path = DATASETS) -> list[str]:
    """List the modules that a dataset can name: those that define `generate` or `read`."""
    return sorted(
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^def (generate|read)\(", path.read_text("utf-8", "replace"), re.MULTILINE)
    )


@functools.cache
def dataset(kind: str, folder: Path = DATASETS) -> Dataset:
    """Read what the module of a dataset declares.

    Raises
    ------
    LabError
        If it cannot be read, or declares something that a configuration cannot express.
    """
    function, arguments = _function(kind, folder)
    pairs = [*zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    keys = {arg.arg: _declaration(kind, arg, default) for arg, default in pairs}
    constants = ("TASK", "SHOWS", "COLUMNS", "FILES", "SOURCES", "SIZE")
    task, shows, columns, files, sources, size = (
        constant(kind, folder, name) for name in constants
    )
    return Dataset(
        kind,
        function,
        given=tuple(arg.arg for arg in arguments.args),
        keys=keys,
        paths=tuple(arg.arg for arg, _ in pairs if PATH in _parts(arg)),
        task=task,
        shows=shows or (),
        columns=columns,
        files=files or {},
        sources=sources or [],
        size=size,
    )


def _function(kind: str, folder: Path) -> tuple[str, ast.arguments]:
    """Find the function that makes the data."""
    try:
        return "generate", arguments(kind, folder, "generate", "dataset")
    except LabError:
        return "read", arguments(kind, folder, "read", "dataset")


def _parts(arg: ast.arg) -> list[str]:
    """Return the alternatives of an annotation, such as ``["float", "None"]``."""
    annotation = ast.unparse(arg.annotation) if arg.annotation else ""
    return [part.strip() for part in annotation.split("|")]


def _declaration(kind: str, arg: ast.arg, default: ast.expr | None) -> dict[str, Any]:
    """Return the schema of one key: its type, and its default if it has one."""
    where = f"{kind}, line {arg.lineno}: the key {arg.arg}"
    parts = _parts(arg)
    types = TYPES | {PATH: "string"}
    schema: dict[str, Any] = {}
    for part in parts:
        item = re.fullmatch(r"list\[(\w+)\]", part)
        if item and item.group(1) in types:
            schema |= {"type": "array", "items": {"type": types[item.group(1)]}}
        elif part in types:
            schema |= {"type": types[part]}
    if "type" not in schema or len(parts) != 1 + (NOTHING in parts):
        raise LabError(f"{where} needs an annotation: {ANNOTATIONS}")
    if NOTHING in parts:
        schema["type"] = [schema["type"], "null"]
    if default is not None:
        try:
            value = json.loads(json.dumps(ast.literal_eval(default)))  # tuples become lists
        except (ValueError, TypeError):
            value = ...
        if not jsonschema.Draft202012Validator(schema).is_valid(value):
            plain = " or ".join(parts)
            raise LabError(f"{where} needs a plain {plain} as its default, or no default")
        schema["default"] = value
    return schema


class Facts(NamedTuple):
    """The facts about a configured dataset that the plan needs.

    Parameters
    ----------
    task : str
        ``classification`` or ``regression``.
    shows : tuple of str
        The figures that show the data, or models' predictions for them.
    is_images : bool
        Whether the examples are images, which models always see whole.
    examples : int
        The number of training examples; only an estimate if `are_known` is false.
    are_known : bool
    columns : int
        The number of features of an example.
    columns_key : str
        The key that sets `columns`; empty if the data determine it.
    """

    task: str
    shows: tuple[str, ...]
    is_images: bool
    examples: int
    are_known: bool
    columns: int
    columns_key: str


def facts(settings: Mapping[str, Any]) -> Facts:
    """Find out what the plan needs to know about a dataset.

    Raises
    ------
    LabError
        If its files are missing, or a quick look shows that they are invalid.
    """
    declared = dataset(settings["kind"])
    about = declared.task, declared.shows
    if declared.function == "generate":
        key = declared.columns if isinstance(declared.columns, str) else ""
        size = settings[key] if key else declared.columns
        columns = len(size) if isinstance(size, list) else size
        return Facts(*about, False, settings["examples"], True, columns, key)
    if declared.files:
        is_publishers = settings["sha256"] == declared.files
        return Facts(*about, True, declared.size[0], is_publishers, declared.size[1], "")
    files = local_files(settings)
    others = {key: settings[key] for key in declared.keys if key not in declared.paths}
    found = _survey(settings["kind"], json.dumps(others), tuple(files.items()), _stamps(files))
    return Facts(
        found.task, declared.shows, found.is_images, found.examples, True, found.columns, ""
    )


def local_files(settings: Mapping[str, Any]) -> dict[str, Path]:
    """Return the local files of a dataset, each by its key."""
    paths = dataset(settings["kind"]).paths
    return {key: Path(settings[key]) for key in paths if settings[key] is not None}


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's content; raise `LabError` if it cannot be read."""
    return _digest(path, _stamps({"": path}))


def _stamps(files: Mapping[str, Path]) -> tuple:
    """Identify the state of files by size and time, so that a process reads each only once."""
    found = []
    for path in files.values():
        with contextlib.suppress(OSError, ValueError):
            about = path.stat()
            found.append((about.st_ino, about.st_size, about.st_mtime_ns))
    return (os.getcwd(), *found)


@functools.lru_cache
def _digest(path: Path, _stamps: tuple) -> str:
    return sha256(path)


@functools.lru_cache
def _survey(kind: str, others: str, files: tuple[tuple[str, Path], ...], _stamps: tuple) -> Survey:
    module = importlib.import_module(f"d2l_lab.datasets.{kind}")
    return module.survey(**dict(files), **json.loads(others))
