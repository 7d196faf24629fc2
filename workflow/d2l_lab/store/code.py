"""Find the code and libraries that a result depends on, by reading the sources only."""

import ast
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from d2l_lab.errors import LabError
from d2l_lab.store.remembered import remembered

PACKAGE = "d2l_lab"
ROOT = Path(__file__).resolve().parents[2]
PINNED = "D2L_LAB_PINNED"  # set if a run's jobs have conda environments
CONDA_NAMES = {
    "IPython": "ipython",
    "matplotlib": "matplotlib-base",
    "myst_nb": "myst-nb",
    "pylopdf_fonts_zh_cn": "pylopdf-fonts-zh-cn",
    "sphinx_book_theme": "sphinx-book-theme",
    "sphinx_copybutton": "sphinx-copybutton",
    "sphinx_design": "sphinx-design",
    "torch": "pytorch",
    "yaml": "pyyaml",
}
INSTALLED_AS = {"yaml": "pyyaml"}  # a look-up takes as long as all the rest
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Module(NamedTuple):
    """One source file: the digest of what it does, and the modules that it imports."""

    digest: str
    internal: tuple[str, ...]
    external: tuple[str, ...]


class Code(NamedTuple):
    """Everything that a set of modules depends on.

    Parameters
    ----------
    modules : dict
        The digest of every module of the project, by its dotted name.
    libraries : dict
        The installed version of every library that they import.
    imported : tuple of str
        The modules of those libraries, such as ``torch.nn``.
    """

    modules: dict[str, str]
    libraries: dict[str, str]
    imported: tuple[str, ...]


def code_of(modules: Iterable[str], without: Iterable[str] = (), root: Path = ROOT) -> Code:
    """Find everything that modules import, transitively, from the project and from libraries.

    Parameters
    ----------
    modules : iterable of str
        Dotted names, such as ``d2l_lab.stages.train``.
    without : iterable of str
        Modules and packages to leave out, along with what only they import.
    root : Path
        The folder with the project's package.

    Raises
    ------
    LabError
        If a module has no file or cannot be read, or a library is not installed.
    """
    return _code_of(tuple(modules), tuple(without), root)


@cache
def _code_of(modules: tuple[str, ...], without: tuple[str, ...], root: Path) -> Code:
    found: dict[str, Module] = {}
    waiting = [name for module in modules for name in (module, *_with_packages(module, root))]
    while waiting:
        name = waiting.pop()
        if name not in found and not _is_below(name, without):
            found[name] = _read(name, root)
            waiting += found[name].internal
    imported = sorted({name for module in found.values() for name in module.external})
    importers = {
        name.partition(".")[0]: module
        for module in sorted(found, reverse=True)
        for name in found[module].external
    }
    return Code(
        {name: found[name].digest for name in sorted(found)},
        {name: version(name, importers[name]) for name in sorted(importers)},
        tuple(imported),
    )


def _is_below(name: str, packages: tuple[str, ...]) -> bool:
    """Return whether a module is one of these, or in one of these packages."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@cache
def source_of(module: str, root: Path = ROOT) -> Path | None:
    """Return the source file of a module of the project, or None if there is no such module."""
    path = root.joinpath(*module.split("."))
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def digest(tree: ast.Module) -> str:
    """Digest what a module does: comments, layout and docstrings do not count."""
    return hashlib.sha256(repr(_shape(tree)).encode()).hexdigest()[:16]


def _shape(node: Any) -> Any:
    """Reduce a syntax tree to a form equal in all versions of Python, without docstrings."""
    if isinstance(node, list):
        return [_shape(child) for child in node]
    if not isinstance(node, ast.AST):
        return node
    # Python 3.12 adds fields to 3.11's, which are empty unless its new syntax is used.
    # The `ctx` of a name, load or store, follows from its position.
    fields = {
        name: child
        for name, child in ast.iter_fields(node)
        if name != "ctx" and child is not None and child != []
    }
    if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        fields["body"] = node.body[1:]
    return type(node).__name__, {name: _shape(child) for name, child in fields.items()}


@cache
def _read(name: str, root: Path) -> Module:
    path = source_of(name, root)
    if path is None:
        raise LabError(f"{name}: no such module under {root / PACKAGE}")
    source = path.read_bytes()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    read = partial(_parse, source, path, package)
    done, imports = remembered(path, "code", (source, name.encode(), _own_source()), read)
    internal, external = set(), set()
    for line, module, names in imports:
        if not _is_there(module, root):
            raise LabError(f"{path}: line {line}: no module {module}; fix the import")
        for target in (module, *(f"{module}.{taken}" for taken in names)):
            internal.update(_with_packages(target, root))
        if module.partition(".")[0] not in {PACKAGE, *sys.stdlib_module_names}:
            external.add(module)
    return Module(done, tuple(sorted(internal)), tuple(sorted(external)))


def _parse(source: bytes, path: Path, package: str) -> tuple[str, list[tuple[int, str, list[str]]]]:
    """Digest a module, and list its imports: the line, the module, and the imported names."""
    try:
        tree = ast.parse(source, filename=str(path))
    except (SyntaxError, ValueError) as error:  # ValueError: a null byte
        line, what = getattr(error, "lineno", None) or 1, getattr(error, "msg", error)
        raise LabError(f"{path}: line {line}: {what}; fix the code") from None
    nodes = _statements(tree)
    return digest(tree), [
        (node.lineno, *imported) for node in nodes for imported in _imports(node, package)
    ]


@cache
def _own_source() -> bytes:
    return Path(__file__).read_bytes()


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield every statement, nested ones included; expressions import nothing."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, (ast.stmt, ast.excepthandler, ast.match_case)):
                waiting.append(node)
                yield node


def _imports(node: ast.AST, package: str) -> list[tuple[str, list[str]]]:
    """List the modules that a statement imports, each with the imported names."""
    if isinstance(node, ast.Import):
        return [(alias.name, []) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
        return [(module, [alias.name for alias in node.names])]
    return []


def _is_there(module: str, root: Path) -> bool:
    """Return whether a module of the project exists; a folder counts as a package."""
    parts = module.split(".")
    return (
        parts[0] != PACKAGE or source_of(module, root) is not None or root.joinpath(*parts).is_dir()
    )


@cache
def _with_packages(name: str, root: Path) -> list[str]:
    """List a module of the project and its parent packages; nothing for other names."""
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return []
    names = [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return [name for name in names if source_of(name, root) is not None]


@cache
def version(library: str, importer: str = PACKAGE) -> str:
    """Return the installed version; torch's with its build, which is not in its metadata.

    If it is not installed, the message names a module that imports it.
    """
    if PINNED in os.environ:
        return _pinned_version(library)
    if library == "torch" and (spec := importlib.util.find_spec(library)):
        source = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
        return re.search(r"__version__ = ['\"]([^'\"]+)", source).group(1)
    try:
        about = importlib.metadata.distribution(INSTALLED_AS.get(library, library))
        return _told_version(about) or about.version
    except importlib.metadata.PackageNotFoundError:
        pass  # the names may differ: pillow is imported as PIL
    names = importlib.metadata.packages_distributions().get(library)
    if names is None:
        found = f"{importer} imports {library}, which is not installed"
        raise LabError(f"{found}; correct the name, install it, or run `make setup`")
    return importlib.metadata.version(min(names))


def _told_version(about: importlib.metadata.Distribution) -> str | None:
    """Read the version only, since parsing all of a package's metadata takes far longer."""
    head = (about.read_text("METADATA") or "").partition("\n\n")[0]
    found = re.search(r"^Version: *(\S+) *$", head, re.MULTILINE)
    return found and found.group(1)


def _pinned_version(library: str) -> str:
    """Return the version that the conda environments of the rules pin."""
    name = CONDA_NAMES.get(library, library)
    for path in sorted((ROOT.parent / "envs").glob("*.yaml")):
        if found := re.search(rf"^ *- {name}==?(\S+)$", path.read_text("utf-8"), re.MULTILINE):
            return f"{found.group(1)} of conda"
    raise LabError(
        f"{library}: not pinned in any envs/*.yaml; add it to the environment that needs it"
    )
