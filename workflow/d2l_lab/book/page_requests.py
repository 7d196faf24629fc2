"""Read what a page of the book requests to show from its source, without running it."""

import ast
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from d2l_lab.book.exercises import LANGUAGES, exercises, exercises_file
from d2l_lab.book.finding_tables import required_tables
from d2l_lab.book.sources import WORDS_FOLDER
from d2l_lab.errors import LabError
from d2l_lab.store.code import ROOT
from d2l_lab.store.remembered import remembered

NOTEBOOKS = ROOT / "notebooks"
CAPTIONS = {"en": ROOT / "report", "zh": ROOT / "report" / "zh"}
MEASURES = ["tables/models.csv", "tables/summary.csv", "tables/kfold_summary.csv"]
# Without changed settings only the first of these exists; the page says so.
CHANGES = ["models", "changes", "changes_models", "changes_metrics"]
# The files that each method of a page shows, with the method's arguments filled in.
REQUIRED_FILES = {
    "figure": ["figures/{0}.svg"],
    "curves": ["tables/models.csv", "figures/{0}_*.svg"],
    "of_datasets": ["figures/*_{0}.svg"],
    "table": ["tables/{0}.csv"],
    "by_model": ["tables/{0}.csv"],
    "sweeps": ["tables/sweeps.csv", "tables/sweep_choice.csv", "figures/sweep_*.svg"],
    "changes": [f"tables/{name}.csv" for name in CHANGES],
    "published": ["tables/published.csv", "tables/published_sources.csv"],
    "sources": ["tables/published_sources.csv"],
    "settings": ["tables/models.csv"],
    "measured": MEASURES,
    "headlines": MEASURES,
    "took": ["tables/jobs_timing.csv"],
    "claims": ["tables/claims.csv"],
    "verdicts": ["tables/claims.csv"],
    "weights": ["tables/parameters.csv", "tables/models.csv"],
    "cards": [],  # its figures, and the tables that its texts use
    "explore": [],  # the tables that it is given
    "say": [],  # the tables that its text uses
    "exercises": [],  # and the tables that the answers name
    "images": [],  # a dataset
    "code": [],
    "engine": [],
}
SHOW_CODE = ("code", "engine")


class PageRequest(NamedTuple):
    """One call of a method of `d2l_lab.book.page.Page`, such as ``page.figure("capacity")``."""

    method: str
    arguments: tuple[str, ...]

    @property
    def caption(self) -> str | None:
        """The name of the caption that the page shows, if any."""
        match self:
            case ("figure" | "of_datasets", (stem,)):
                return stem
            case ("curves", (kind, *_)):
                return kind if kind == "predictions" else f"{kind}_curves"
            case ("table" | "by_model", (name, *_)):
                return table_caption(name)
            case ("sweeps", ()):
                return "sweep"
        return None

    @property
    def templates(self) -> tuple[str, ...]:
        """The texts that use tables."""
        match self.method:
            case "say":
                return self.arguments
            case "cards":
                return self.arguments[2::3]
            case "exercises":
                found = (exercises(*self.arguments, language) for language in LANGUAGES)
                return tuple(text for each in chain(*found) for text in each.templates)
        return ()

    @property
    def pictures(self) -> tuple[str, ...]:
        """The figures on cards."""
        return self.arguments[::3] if self.method == "cards" else ()

    @property
    def explored(self) -> tuple[str, ...]:
        """The tables that a reader explores interactively."""
        return self.arguments[1:] if self.method == "explore" else ()


def pages() -> list[Path]:
    """List the sources of the pages."""
    return sorted(NOTEBOOKS.glob("*.py"))


def captions(language: str) -> list[Path]:
    """List the captions in a language."""
    return sorted(CAPTIONS[language].glob("*.rst"))


def table_caption(name: str) -> str:
    """Return the caption's name for a table, which has its own if a figure has the same name."""
    own = f"{name}_table"
    return own if (CAPTIONS["en"] / f"{own}.rst").is_file() else name


def page_requests(source: Path) -> list[PageRequest]:
    """List what a page requests.

    Parameters
    ----------
    source : Path
        A jupytext percent script, in which `page` is the `Page`.

    Raises
    ------
    LabError
        If it is not Python, or requests something that is unknown without running it.
    """
    calls = remembered(source, "requests", _origins(source), lambda: _calls(source))
    return [_request(*call, f"{source}: line {line}") for line, *call in calls]


def _origins(source: Path) -> tuple[bytes, bytes]:
    return source.read_bytes(), Path(__file__).read_bytes()


def _calls(source: Path) -> list[tuple[int, str, list[Any]]]:
    """List the calls of the page's methods: the line, the method, and arguments as plain text."""
    return [
        (node.lineno, node.func.attr, [getattr(given, "value", None) for given in node.args])
        for node in ast.walk(_parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "page"
    ]


def imported_modules(source: Path) -> list[str]:
    """List the modules that a page imports, as `page_requests` reads it."""
    nodes = [*ast.walk(_parse(source))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return sorted(names | {node.module for node in nodes if isinstance(node, ast.ImportFrom)})


def _parse(source: Path) -> ast.Module:
    try:
        return ast.parse(source.read_bytes())
    except (SyntaxError, ValueError) as error:
        line, what = getattr(error, "lineno", None) or 1, getattr(error, "msg", error)
        raise LabError(f"{source}: line {line}: {what}; fix the notebook") from None


def required_files(requests: Sequence[PageRequest]) -> list[str]:
    """List the files that a page shows, as patterns: ``figures/training_*.svg``."""
    names = (
        name.format(*request.arguments)
        for request in requests
        for name in REQUIRED_FILES[request.method]
    )
    figures = [f"figures/{stem}.svg" for request in requests for stem in request.pictures]
    texts = (text for request in requests for text in request.templates)
    tables = (f"tables/{table}.csv" for text in texts for table in required_tables(text))
    explored = (f"tables/{table}.csv" for request in requests for table in request.explored)
    return list(dict.fromkeys([*names, *figures, *tables, *explored]))


def required_sources(requests: Iterable[PageRequest], languages: Iterable[str]) -> list[Path]:
    """List the code and the captions that a page shows, and the files of words."""
    shown = (request for request in requests if request.method in SHOW_CODE)
    code = {module_file(request.arguments[0]) for request in shown}
    names = {request.caption for request in requests} - {None}
    names |= {stem for request in requests for stem in request.pictures}
    words = [WORDS_FOLDER / f"{language}.yaml" for language in languages]
    captions = (CAPTIONS[language] / f"{name}.rst" for language in languages for name in names)
    answered = [request.arguments for request in requests if request.method == "exercises"]
    answers = (exercises_file(*own, language) for language in languages for own in answered)
    return [*code, *words, *captions, *answers]


def module_file(name: str) -> Path:
    """Return the file of a module below `d2l_lab`, such as ``models.mlp.scratch``."""
    return ROOT.joinpath("d2l_lab", *name.split(".")).with_suffix(".py")


def _request(method: str, arguments: Sequence[Any], where: str) -> PageRequest:
    """Read a call of the page; refuse requests that no configuration can fulfil."""
    texts = tuple(arguments)
    if not all(isinstance(text, str) for text in texts):
        raise LabError(
            f"{where}: page.{method} is not called with plain text, so its files cannot be "
            'known beforehand; name them, as in page.figure("claims")'
        )
    if method not in REQUIRED_FILES:
        known = ", ".join(REQUIRED_FILES)
        raise LabError(f"{where}: a page has no method {method}; it has {known}")
    request = PageRequest(method, texts)
    try:
        for path in required_sources([request], CAPTIONS):
            if not path.is_file():
                raise LabError(f"{where}: page.{method}{texts}: no such file {path}")
        required_files([request])
    except (IndexError, TypeError):
        raise LabError(f"{where}: page.{method} has no argument; name what to show") from None
    return request
