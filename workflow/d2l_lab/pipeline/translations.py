"""Read the texts of figures from their source, and find those that a language lacks."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from d2l_lab.config.signatures import FIGURES, constant, declarations
from d2l_lab.store.code import ROOT, source_of
from d2l_lab.store.keys import science_code
from d2l_lab.store.remembered import remembered

LANGUAGES = FIGURES / "languages"


class Text(NamedTuple):
    """A text of a figure in its source, or a noun with a plural.

    Parameters
    ----------
    table : str
        The table in a language's module for its translation: ``TEXTS`` or ``COUNTS``.
    text : str or None
        None if it is not plain text, so that it is unknown without running the code.
    where : str
        The file and the line.
    """

    table: str
    text: str | None
    where: str


def texts(module: str) -> list[Text]:
    """List the texts that a figure's module, and what it imports, asks its `words` for."""
    code = science_code("figures", {"module": module}).modules
    return [text for name in code if _draws(name) for text in texts_of(name)]


def _draws(name: str) -> bool:
    folders = ("d2l_lab.figures.", "d2l_lab.stages.figures")
    return name.startswith(folders) and name != "d2l_lab.figures.words"


def texts_of(name: str) -> list[Text]:
    """List what one module of the project asks for."""
    path = source_of(name, ROOT)
    origins = (path.read_bytes(), Path(__file__).read_bytes())
    found = remembered(path, "texts", origins, lambda: [*_texts_in(origins[0])])
    return [Text(table, text, f"{path}: line {line}") for table, text, line in found]


def _texts_in(source: bytes) -> Iterator[tuple[str, str | None, int]]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    for call in calls:
        table, argument = _asked(call)
        if argument is not None and _plain(argument) != "":
            yield table, _plain(argument), call.lineno


def _asked(call: ast.Call) -> tuple[str, ast.expr | None]:
    """Return the text that a call translates, and its table; None for any other call."""
    match ast.unparse(call.func), call.args:
        case "words.count", [_, noun]:
            return "COUNTS", noun
        case "words" | "term", [text, *_]:
            return "TEXTS", _unless_name(text)
        case "Look" | "style.Look", [ast.Constant(str()) as label, *_]:
            return "TEXTS", label
    return "", None


def _unless_name(argument: ast.expr) -> ast.expr | None:
    """Return None for a variable or constant, whose value `term` marks where it is defined."""
    return None if isinstance(argument, ast.Name | ast.Attribute | ast.Subscript) else argument


def _plain(argument: ast.expr) -> str | None:
    value = getattr(argument, "value", None) if isinstance(argument, ast.Constant) else None
    return value if isinstance(value, str) else None


def missing(module: str, language: str) -> Iterator[str]:
    """List, one line each, what a language lacks to draw the figure of a module."""
    path = LANGUAGES / f"{language}.py"
    tables = {name: constant(language, LANGUAGES, name) or {} for name in ("TEXTS", "COUNTS")}
    if not _takes_words(module):
        yield (
            f"{FIGURES / module}.py: draw takes no words, so the figure would be English in the "
            f"book in {language}; add the argument words after a star, and call it for each text"
        )
    for table, text, where in texts(module):
        if text is None:
            yield (
                f"{where}: words is not called with plain text, so its translations cannot be "
                "checked; write the text with names in braces, and pass their values"
            )
        elif text not in tables[table]:
            yield f"{path}: {table} lacks {text!r}, which {where} shows in {module}; translate it"
        elif table == "TEXTS" and _fields(text) != _fields(tables[table][text]):
            yield (
                f"{path}: the translation of {text!r} has the braces "
                f"{_listed(_fields(tables[table][text]))}, not {_listed(_fields(text))}; fix it"
            )


def _takes_words(module: str) -> bool:
    """Return whether a figure's `draw` takes `words`; one that wraps a function does."""
    for node in declarations(module, FIGURES).body:
        if isinstance(node, ast.FunctionDef) and node.name == "draw":
            return any(argument.arg == "words" for argument in node.args.kwonlyargs)
    return True


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def _listed(fields: set[str]) -> str:
    return ", ".join(sorted(fields)) or "none"
