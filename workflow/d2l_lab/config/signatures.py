"""What each chapter module lets the user set, read from its source without importing it."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

from d2l_lab.errors import LabError

CHAPTERS = Path(__file__).parents[1] / "chapters"
REQUIRED = inspect.Parameter.empty  # the default of a hyperparameter that has none
TYPES = {"int": int, "float": float, "bool": bool, "str": str}


def modules(chapters: Path = CHAPTERS) -> list[str]:
    """List the chapter modules that a model can name: those that define `build`."""
    return sorted(
        ".".join(path.relative_to(chapters).with_suffix("").parts)
        for path in chapters.glob("*/**/*.py")
        if re.search(r"^def build\(", path.read_text("utf-8", "replace"), re.MULTILINE)
    )


def hyperparameters(module: str, chapters: Path = CHAPTERS) -> dict[str, tuple[type, Any]]:
    """Read what a chapter module lets the user set: what `build` takes by keyword only.

    Parameters
    ----------
    module
        Folder and file below `chapters`, joined by a dot, such as ``mlp.scratch``.
    chapters
        The folder of the chapter modules.

    Returns
    -------
    dict
        For each hyperparameter its type (int, float, bool or str) and its default, which is
        `REQUIRED` if it has none.

    Raises
    ------
    LabError
        If the module cannot be read, or declares what no configuration can give.
    """
    for node in _parse(module, chapters).body:
        if isinstance(node, ast.FunctionDef) and node.name == "build":
            pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            return {arg.arg: _declaration(module, arg, default) for arg, default in pairs}
    raise LabError(f"{module} has no function build; the module of a model needs one")


def task(module: str, chapters: Path = CHAPTERS) -> str | None:
    """Read what a chapter module is for: its constant TASK, None if it has none."""
    for node in _parse(module, chapters).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TASK":
            return ast.literal_eval(node.value)
    return None


def _parse(module: str, chapters: Path) -> ast.Module:
    path = chapters.joinpath(*module.split(".")).with_suffix(".py")
    try:
        return ast.parse(path.read_bytes())
    except OSError as error:
        raise LabError(f"{module} cannot be read ({error.strerror})") from None
    except (SyntaxError, ValueError) as error:
        what = getattr(error, "msg", error)
        line = getattr(error, "lineno", None) or 1
        raise LabError(f"{module}, line {line}: {what}; mend the module") from None


def _declaration(module: str, arg: ast.arg, default: ast.expr | None) -> tuple[type, Any]:
    """Give the type and the default of one keyword-only argument."""
    where = f"{module}, line {arg.lineno}: the hyperparameter {arg.arg}"
    annotation = ast.unparse(arg.annotation) if arg.annotation else ""
    if annotation not in TYPES:
        raise LabError(f"{where} needs an annotation: {', '.join(TYPES)}")
    kind = TYPES[annotation]
    if default is None:
        return kind, REQUIRED
    try:
        value = ast.literal_eval(default)
    except ValueError:
        value = None
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise LabError(f"{where} needs as its default a plain {annotation}, or none")
    return kind, value
