"""What a page of the book asks to be shown, read from its source without running it."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from d2l_lab.errors import LabError
from d2l_lab.store.code import ROOT

NOTEBOOKS = ROOT / "notebooks"
CAPTIONS = {"en": ROOT / "report", "zh": ROOT / "report" / "zh"}
CAPTION_OF = {"fashion_mnist": "image_grid"}  # of a figure whose file has another name
CURVES = {"training": "training_curves", "kfold": "kfold_curves", "predictions": "predictions"}
# What people read that each method of a page needs, with the method's arguments filled in.
NEEDS = {
    "figure": ["figures/{0}.svg"],
    "curves": ["tables/models.csv", "figures/{0}_*.svg"],
    "table": ["tables/{0}.csv"],
    "settings": ["tables/models.csv"],
    "measured": ["tables/models.csv", "tables/summary.csv", "tables/kfold_summary.csv"],
    "headlines": ["tables/models.csv", "tables/summary.csv", "tables/kfold_summary.csv"],
    "took": ["tables/jobs_timing.csv"],
    "claims": ["tables/claims.csv"],
    "verdicts": ["tables/claims.csv"],
    "code": [],
}


class Ask(NamedTuple):
    """One call of a method of `d2l_lab.book.page.Page`, such as ``page.figure("capacity")``."""

    method: str
    arguments: tuple[str, ...]


def pages() -> list[Path]:
    """List the sources of the pages."""
    return sorted(NOTEBOOKS.glob("*.py"))


def captions(language: str) -> list[Path]:
    """List the captions in a language."""
    return sorted(CAPTIONS[language].glob("*.rst"))


def asks_of(source: Path) -> list[Ask]:
    """List what a page asks for.

    Parameters
    ----------
    source : Path
        A jupytext percent script, in which `page` is the `Page`.

    Raises
    ------
    LabError
        If it is no Python, or asks for what cannot be known without running it.
    """
    try:
        tree = ast.parse(source.read_bytes())
    except (SyntaxError, ValueError) as error:
        line, what = getattr(error, "lineno", None) or 1, getattr(error, "msg", error)
        raise LabError(f"{source}: line {line}: {what}; mend the notebook") from None
    return list(_asks(tree, source))


def files_for(asked: Iterable[Ask]) -> list[str]:
    """List what a page needs of what people read, as patterns: ``figures/training_*.svg``."""
    found = (name.format(*one.arguments) for one in asked for name in NEEDS[one.method])
    return list(dict.fromkeys(found))


def sources_for(asked: Iterable[Ask], languages: Iterable[str]) -> list[Path]:
    """List the code and the captions that a page shows."""
    code = {module_at(one.arguments[0]) for one in asked if one.method == "code"}
    names = {caption_for(one) for one in asked} - {None}
    return [
        *code,
        *(CAPTIONS[language] / f"{name}.rst" for language in languages for name in names),
    ]


def module_at(name: str) -> Path:
    """Give the file of a module, such as ``models.mlp.scratch``."""
    return ROOT.joinpath("d2l_lab", *name.split(".")).with_suffix(".py")


def caption_for(ask: Ask) -> str | None:
    """Name the caption that a page shows."""
    match ask.method, ask.arguments:
        case "figure", (stem,):
            return CAPTION_OF.get(stem, stem)
        case "curves", (kind, *_):
            return CURVES[kind]
        case "table", (name,):
            return name
    return None


def _asks(tree: ast.Module, source: Path) -> Iterator[Ask]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("page"), attr=method), args=arguments):
                texts = [getattr(one, "value", None) for one in arguments]
                if not all(isinstance(text, str) for text in texts):
                    raise LabError(
                        f"{source}: line {node.lineno}: page.{method} is not given plain text, so "
                        "what it needs cannot be known beforehand; name it, as in "
                        'page.figure("claims")'
                    )
                yield _checked(Ask(method, tuple(texts)), f"{source}: line {node.lineno}")


def _checked(ask: Ask, where: str) -> Ask:
    """Refuse what no configuration can show."""
    if ask.method not in NEEDS:
        raise LabError(f"{where}: a page has no method {ask.method}; it has {', '.join(NEEDS)}")
    for path in sources_for([ask], CAPTIONS):
        if not path.is_file():
            raise LabError(f"{where}: page.{ask.method}{ask.arguments}: there is no {path}")
    return ask
