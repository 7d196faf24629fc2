"""Read what the modules of models and studies declare from their source, without importing them."""

import ast
import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from d2l_lab.errors import LabError
from d2l_lab.store.remembered import remembered

MODELS = Path(__file__).parents[1] / "models"
STUDIES = Path(__file__).parents[1] / "studies"
FIGURES = Path(__file__).parents[1] / "figures"
TRAINING = Path(__file__).parents[1] / "training"
TYPES = {"int": "integer", "float": "number", "bool": "boolean", "str": "string"}  # in the schema
NUMBERS = ("int", "float")  # also allowed in lists, or as one or a list


def modules(folder: Path = MODELS) -> list[str]:
    """List the modules that a model can name: those that define `build`."""
    return sorted(
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in folder.glob("*/**/*.py")
        if re.search(r"^def build\(", path.read_text("utf-8", "replace"), re.MULTILINE)
    )


def is_module(name: Any, folder: Path = MODELS) -> bool:
    """Return whether a module of this name exists, even if it is not a model's."""
    is_name = isinstance(name, str) and re.fullmatch(r"\w+(\.\w+)+", name)
    return bool(is_name) and folder.joinpath(*name.split(".")).with_suffix(".py").is_file()


def hyperparameters(module: str, folder: Path = MODELS) -> dict[str, dict[str, Any]]:
    """Read a model's hyperparameters: the keyword-only arguments of its `build`.

    Parameters
    ----------
    module
        Folder and file below `folder`, joined by a dot, such as ``mlp.scratch``.
    folder
        The folder with the models' modules.

    Returns
    -------
    dict
        The schema of each hyperparameter: `type`, a list's `items`, and `default` if it has one.

    Raises
    ------
    LabError
        If it cannot be read, or declares something that a configuration cannot express.
    """
    return _declarations(module, arguments(module, folder, "build", "model"))


@functools.cache
def optimiser_settings(optimizer: str) -> dict[str, dict[str, Any]]:
    """Read an optimiser's settings besides the learning rate, in the form of `hyperparameters`.

    They are the keyword-only arguments of its function in `d2l_lab.training.optimisers`.
    """
    declared = arguments("optimisers", TRAINING, optimizer, "optimiser")
    return _declarations("optimisers", declared)


def task(module: str, folder: Path = MODELS) -> str | None:
    """Read the task of a model's module, its constant TASK; None if it has none."""
    return constant(module, folder, "TASK")


def layers(module: str, folder: Path = MODELS) -> set[str]:
    """List what a model's module uses from `torch.nn`: layers, losses, perhaps `Module`."""
    declarations(module, folder)  # it reports what is not Python
    path, source = _read(module, folder)
    return {*_remembered(path, "layers", source, lambda: sorted(_layers(ast.parse(source))))}


def _layers(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("nn", "torch.nn"):
            names.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module == "torch.nn":
            names.update(alias.name for alias in node.names)
    return names


class Study(NamedTuple):
    """The declarations of a study module.

    Parameters
    ----------
    given : tuple of str
        The arguments of its function `study` before the star: the data it works on.
    tables : tuple of str
        Its constant TABLES: the tables that it makes.
    arrays : tuple of str
        Its constant ARRAYS, if it has one: the arrays that it makes besides the tables.
    options : dict
        Its settings, the arguments after the star, each with whether it is required.
    """

    given: tuple[str, ...]
    tables: tuple[str, ...]
    arrays: tuple[str, ...]
    options: dict[str, bool]


@functools.cache
def study(name: str, studies: Path = STUDIES) -> Study:
    """Read what a study works on and makes.

    Raises
    ------
    LabError
        If the module cannot be read, or lacks the function `study` or the constant TABLES.
    """
    declared = arguments(name, studies, "study", "study")
    given = tuple(arg.arg for arg in declared.args)
    pairs = zip(declared.kwonlyargs, declared.kw_defaults, strict=True)
    options = {arg.arg: default is None for arg, default in pairs}
    tables = constant(name, studies, "TABLES")
    if tables is None:
        raise LabError(f"{name} has no constant TABLES; add one that names the study's tables")
    return Study(given, tables, constant(name, studies, "ARRAYS") or (), options)


def arguments(module: str, folder: Path, function: str, kind: str) -> ast.arguments:
    """Find the arguments of a module's function.

    Raises
    ------
    LabError
        If the module cannot be read, or lacks the function.
    """
    for node in declarations(module, folder).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return node.args
    raise LabError(f"{module} has no function {function}, which a {kind} needs; add it")


def _declarations(module: str, arguments: ast.arguments) -> dict[str, dict[str, Any]]:
    """Return the type and the default of each keyword-only argument."""
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {arg.arg: _declaration(module, arg, default) for arg, default in pairs}


def constant(module: str, folder: Path, name: str) -> Any:
    """Return the value of a module's constant, or None if it has no such constant."""
    for node in declarations(module, folder).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            try:
                return ast.literal_eval(node.value)
            except ValueError:
                where = f"{module}, line {node.lineno}"
                raise LabError(f"{where}: {name} is computed; write it as plain text") from None
    return None


def declarations(module: str, folder: Path) -> ast.Module:
    """Parse a module without the bodies of its functions, whose lines become empty.

    Raises
    ------
    LabError
        If it cannot be read.
    """
    path, source = _read(module, folder)
    try:
        return _tree(path, source)
    except (SyntaxError, ValueError) as error:
        what = getattr(error, "msg", error)
        line = getattr(error, "lineno", None) or 1
        raise LabError(f"{module}, line {line}: {what}; fix the module") from None


def _read(module: str, folder: Path) -> tuple[Path, bytes]:
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise LabError(f"{module} cannot be read ({error.strerror})") from None


@functools.lru_cache
def _tree(path: Path, source: bytes) -> ast.Module:
    """Parse a module once for several questions."""
    return ast.parse(
        _remembered(path, "declarations", source, lambda: _without_bodies(source).decode())
    )


def _remembered(path: Path, what: str, source: bytes, find: Callable[[], Any]) -> Any:
    """Compute something from a module, which depends on this one, too."""
    return remembered(path, what, (source, _own_source()), find)


@functools.cache
def _own_source() -> bytes:
    return Path(__file__).read_bytes()


def _without_bodies(source: bytes) -> bytes:
    """Replace the bodies of a module's functions by dots; parsing is then ten times as fast."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            if not lines[first.lineno - 1][: first.col_offset].strip():  # it begins its line
                start = min(each.lineno for each in (first, *getattr(first, "decorator_list", ())))
                body = slice(start - 1, node.end_lineno)
                lines[body] = [b" ...", *[b""] * (node.end_lineno - start)]
    return b"\n".join(lines)


def _declaration(module: str, arg: ast.arg, default: ast.expr | None) -> dict[str, Any]:
    """Return the type and the default of one keyword-only argument."""
    where = f"{module}, line {arg.lineno}: the hyperparameter {arg.arg}"
    kinds = ast.unparse(arg.annotation).split(" | ") if arg.annotation else []
    declaration = _schema(kinds)
    if declaration is None:
        lists = (f"list[{number}], {number} | list[{number}]" for number in NUMBERS)
        raise LabError(f"{where} needs an annotation: {', '.join([*TYPES, *lists])}")
    if default is None:
        return declaration
    try:
        value = ast.literal_eval(default)
    except ValueError:
        value = None
    if not any(_is_of(value, kind) for kind in kinds):
        plain = " or ".join(kinds)
        raise LabError(f"{where} needs a plain {plain} as its default, or no default")
    is_float = "float" in kinds and type(value) is int
    return declaration | {"default": float(value) if is_float else value}


def _schema(kinds: list[str]) -> dict[str, Any] | None:
    """Return the schema of a value of any of these types; None if they have no schema."""
    if len(kinds) == 1 and kinds[0] in TYPES:
        return {"type": TYPES[kinds[0]]}
    for number in NUMBERS:
        of_list = {"items": {"type": TYPES[number]}, "minItems": 1}
        if kinds == [f"list[{number}]"]:
            return {"type": "array", **of_list}
        if sorted(kinds) == [number, f"list[{number}]"]:
            return {"type": [TYPES[number], "array"], **of_list}
    return None


def _is_of(value: Any, kind: str) -> bool:
    """Return whether a value has a type such as int or list[int]; an int is a float, too."""
    if kind.startswith("list"):
        item = kind.removeprefix("list[").removesuffix("]")
        return type(value) is list and value != [] and all(_is_of(each, item) for each in value)
    return type(value).__name__ == kind or (kind == "float" and type(value) is int)
