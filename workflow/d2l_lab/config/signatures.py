"""What the modules of models and studies declare, read from their source without importing it."""

import ast
import functools
import re
from pathlib import Path
from typing import Any, NamedTuple

from d2l_lab.errors import LabError

MODELS = Path(__file__).parents[1] / "models"
STUDIES = Path(__file__).parents[1] / "studies"
TYPES = {"int": "integer", "float": "number", "bool": "boolean", "str": "string"}  # of the schema


def modules(folder: Path = MODELS) -> list[str]:
    """List the modules that a model can name: those that define `build`."""
    return sorted(
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in folder.glob("*/**/*.py")
        if re.search(r"^def build\(", path.read_text("utf-8", "replace"), re.MULTILINE)
    )


def hyperparameters(module: str, folder: Path = MODELS) -> dict[str, dict[str, Any]]:
    """Read what a model's module lets the user set: what `build` takes by keyword only.

    Parameters
    ----------
    module
        Folder and file below `folder`, joined by a dot, such as ``mlp.scratch``.
    folder
        The folder of the models' modules.

    Returns
    -------
    dict
        For each hyperparameter its schema: `type`, and `default` if it has one.

    Raises
    ------
    LabError
        If the module cannot be read, or declares what no configuration can give.
    """
    arguments = _arguments(module, folder, "build", "model")
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {arg.arg: _declaration(module, arg, default) for arg, default in pairs}


def task(module: str, folder: Path = MODELS) -> str | None:
    """Read what a model's module is for: its constant TASK, None if it has none."""
    return _constant(module, folder, "TASK")


class Study(NamedTuple):
    """What a study module declares.

    Parameters
    ----------
    given : tuple of str
        The arguments of its function `study` that stand before the star: what it works on.
    tables : tuple of str
        Its constant TABLES: the tables that it makes.
    arrays : tuple of str
        Its constant ARRAYS, if it has one: the arrays that it makes beside the tables.
    """

    given: tuple[str, ...]
    tables: tuple[str, ...]
    arrays: tuple[str, ...]


@functools.cache
def study(name: str, studies: Path = STUDIES) -> Study:
    """Read what a study works on and makes.

    Raises
    ------
    LabError
        If the module cannot be read, or lacks the function `study` or the constant TABLES.
    """
    given = tuple(arg.arg for arg in _arguments(name, studies, "study", "study").args)
    tables = _constant(name, studies, "TABLES")
    if tables is None:
        raise LabError(f"{name} has no constant TABLES; name in it the tables of the study")
    return Study(given, tables, _constant(name, studies, "ARRAYS") or ())


def _arguments(module: str, folder: Path, function: str, kind: str) -> ast.arguments:
    """Find the arguments of a module's function."""
    for node in _parse(module, folder).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return node.args
    raise LabError(f"{module} has no function {function}; the module of a {kind} needs one")


def _constant(module: str, folder: Path, name: str) -> Any:
    """Find the value of a module's constant; None if there is none."""
    for node in _parse(module, folder).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    return None


def _parse(module: str, folder: Path) -> ast.Module:
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    try:
        return _tree(path.read_bytes())
    except OSError as error:
        raise LabError(f"{module} cannot be read ({error.strerror})") from None
    except (SyntaxError, ValueError) as error:
        what = getattr(error, "msg", error)
        line = getattr(error, "lineno", None) or 1
        raise LabError(f"{module}, line {line}: {what}; mend the module") from None


@functools.lru_cache
def _tree(source: bytes) -> ast.Module:
    """Parse what several questions are asked of."""
    return ast.parse(source)


def _declaration(module: str, arg: ast.arg, default: ast.expr | None) -> dict[str, Any]:
    """Give the type and the default of one keyword-only argument."""
    where = f"{module}, line {arg.lineno}: the hyperparameter {arg.arg}"
    annotation = ast.unparse(arg.annotation) if arg.annotation else ""
    if annotation not in TYPES:
        raise LabError(f"{where} needs an annotation: {', '.join(TYPES)}")
    if default is None:
        return {"type": TYPES[annotation]}
    try:
        value = ast.literal_eval(default)
    except ValueError:
        value = None
    if annotation == "float" and type(value) is int:
        value = float(value)
    if type(value).__name__ != annotation:
        raise LabError(f"{where} needs as its default a plain {annotation}, or none")
    return {"type": TYPES[annotation], "default": value}
