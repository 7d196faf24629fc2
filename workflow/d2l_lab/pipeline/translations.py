"""The texts of figures, read from their source without running it, and what a language lacks."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from d2l_lab.config.signatures import FIGURES, constant, parsed
from d2l_lab.store.code import ROOT, remembered, source_of
from d2l_lab.store.keys import science_code

LANGUAGES = FIGURES / "languages"


class Text(NamedTuple):
    """A text of a figure as it stands in the source, or a noun of which there may be several.

    Parameters
    ----------
    table : str
        Of the module of a language, in which its translation belongs: ``TEXTS`` or ``COUNTS``.
    text : str or None
        None if it is not plain text, which cannot be known without running the code.
    where : str
        The file and the line.
    """

    table: str
    text: str | None
    where: str


def texts(module: str) -> list[Text]:
    """List what the figure of a module, and what that imports, asks its `words` for."""
    code = science_code("figures", {"module": module}).modules
    return [text for name in code if _draws(name) for text in texts_of(name)]


def _draws(name: str) -> bool:
    folders = ("d2l_lab.figures.", "d2l_lab.stages.figures")
    return name.startswith(folders) and name != "d2l_lab.figures.words"


@cache
def texts_of(name: str) -> list[Text]:
    """List what one module of the project asks for."""
    path = source_of(name, ROOT)
    source = path.read_bytes()
    # Each run looks for what is missing: to parse all figures anew would take a tenth of a no-op.
    found = remembered(path, ".texts", (source, _own_source()), lambda: _texts(source))
    return [Text(table, text, f"{path}: line {line}") for table, text, line in found]


@cache
def _own_source() -> bytes:
    return Path(__file__).read_bytes()


def _texts(source: bytes) -> list[tuple[str, str | None, int]]:
    """List the texts of a module, each with its table before it and its line after it."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    found = ((call, *_asked(call)) for call in calls)
    return [
        (table, _plain(argument), call.lineno)
        for call, table, argument in found
        if argument is not None and _plain(argument) != ""
    ]


def _asked(call: ast.Call) -> tuple[str, ast.expr | None]:
    """Return what a call asks to be translated, and by which table; None if it does not."""
    match ast.unparse(call.func), call.args:
        case "words.count", [_, noun]:
            return "COUNTS", noun
        case "words" | "term", [text, *_]:
            return "TEXTS", _unless_name(text)
        case "Look" | "style.Look", [ast.Constant(str()) as label, *_]:
            return "TEXTS", label
    return "", None


def _unless_name(argument: ast.expr) -> ast.expr | None:
    """Leave out a variable or a constant: `term` marks what that holds."""
    return None if isinstance(argument, ast.Name | ast.Attribute | ast.Subscript) else argument


def _plain(argument: ast.expr) -> str | None:
    value = getattr(argument, "value", None) if isinstance(argument, ast.Constant) else None
    return value if isinstance(value, str) else None


def missing(module: str, language: str) -> Iterator[str]:
    """Say, in a line each, what a language lacks to draw the figure of a module."""
    path = LANGUAGES / f"{language}.py"
    tables = _tables(language, LANGUAGES)
    if not _takes_words(module):
        yield (
            f"{FIGURES / module}.py: draw takes no words, so it would be English in the book in "
            f"{language}; let it take them after a star, and ask them for each text"
        )
    for table, text, where in texts(module):
        if text is None:
            yield (
                f"{where}: words is not given plain text, so no language can be looked up "
                "beforehand; write the text with names in braces, and give their values"
            )
        elif text not in tables[table]:
            yield f"{path}: {table} lacks {text!r}, which {where} shows in {module}; translate it"
        elif table == "TEXTS" and _fields(text) != _fields(tables[table][text]):
            yield (
                f"{path}: the translation of {text!r} has the braces "
                f"{_listed(_fields(tables[table][text]))}, not {_listed(_fields(text))}; mend it"
            )


@cache
def _tables(language: str, folder: Path) -> dict[str, dict[str, str]]:
    return {name: constant(language, folder, name) or {} for name in ("TEXTS", "COUNTS")}


def _takes_words(module: str) -> bool:
    """Return whether the function of a figure takes `words`; what is no function is made of one."""
    for node in parsed(module, FIGURES).body:
        if isinstance(node, ast.FunctionDef) and node.name == "draw":
            return any(argument.arg == "words" for argument in node.args.kwonlyargs)
    return True


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def _listed(fields: set[str]) -> str:
    return ", ".join(sorted(fields)) or "none"
