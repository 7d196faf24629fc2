"""What code and which libraries a result rests on, read from the sources without running them."""

import ast
import hashlib
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from d2l_lab.errors import LabError

PACKAGE = "d2l_lab"
ROOT = Path(__file__).resolve().parent.parent


class Module(NamedTuple):
    """One source file: what it does, and what it imports."""

    digest: str
    internal: tuple[str, ...]
    external: tuple[str, ...]


class Code(NamedTuple):
    """All that some modules rest on.

    Parameters
    ----------
    modules : dict
        The digest of every module of the project, by its dotted name.
    libraries : dict
        The installed version of every library that these import.
    """

    modules: dict[str, str]
    libraries: dict[str, str]


def code_of(modules: Iterable[str]) -> Code:
    """Find all that the modules import from the project, transitively, and from libraries.

    Parameters
    ----------
    modules : iterable of str
        Dotted names, such as ``d2l_lab.stages.train``.

    Raises
    ------
    LabError
        If a module has no file or a library is not installed.
    """
    return _code_of(tuple(modules))


@cache
def _code_of(modules: tuple[str, ...]) -> Code:
    found: dict[str, Module] = {}
    waiting = [name for module in modules for name in _with_packages(module)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _read(name)
            waiting += found[name].internal
    libraries = {library for module in found.values() for library in module.external}
    return Code(
        {name: found[name].digest for name in sorted(found)},
        {name: _version(name) for name in sorted(libraries)},
    )


def source_of(module: str) -> Path | None:
    """Give the source file of a module of the project, or None if there is no such module."""
    path = ROOT / Path(*module.split("."))
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def digest(tree: ast.Module) -> str:
    """Digest what a module does: comments, layout and docstrings do not count."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            body[0].value.value = ""
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]


def _is_text(node: ast.AST) -> bool:
    value = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


@cache
def _read(name: str) -> Module:
    path = source_of(name)
    if path is None:
        raise LabError(f"{name}: no such module under {ROOT / PACKAGE}")
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        raise LabError(f"{path}: line {error.lineno}: {error.msg}; mend the code") from None
    imported = {
        target
        for node in ast.walk(tree)
        for target in _imports(node, name, is_package=path.name == "__init__.py")
    }
    internal = {part for target in imported for part in _with_packages(target)}
    external = {target.split(".")[0] for target in imported}
    return Module(
        digest(tree),
        tuple(sorted(internal)),
        tuple(sorted(external - {PACKAGE} - sys.stdlib_module_names)),
    )


def _imports(node: ast.AST, importer: str, *, is_package: bool) -> list[str]:
    """List the dotted names that an import statement may mean."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        parents = importer.split(".")
        parents = parents[: len(parents) - node.level + is_package]
        base = ".".join([*parents, base] if base else parents)
    return [base, *(f"{base}.{alias.name}" for alias in node.names)]


def _with_packages(name: str) -> list[str]:
    """List a module of the project and the packages it lies in; nothing for other names."""
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return []
    names = [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return [one for one in names if source_of(one) is not None]


@cache
def _version(library: str) -> str:
    """Give the installed version; torch's with its build, which its package does not tell."""
    try:
        version = importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        raise LabError(
            f"{library} is not installed; install envs/requirements.txt, or run `make`"
        ) from None
    if library == "torch":
        spec = importlib.util.find_spec("torch")
        source = Path(spec.origin).with_name("version.py").read_text()
        version = re.search(r"__version__ = ['\"]([^'\"]+)", source).group(1)
    return version
