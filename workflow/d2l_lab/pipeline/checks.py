"""Check, before the first job, that the hand-written files for a plan's results exist."""

import importlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from d2l_lab.book.page_requests import CAPTIONS
from d2l_lab.book.sources import BOOK, WORDS_FOLDER
from d2l_lab.config.schema import load_quickly
from d2l_lab.config.signatures import FIGURES, TRAINING, arguments
from d2l_lab.errors import LabError
from d2l_lab.pipeline import translations

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan

METRICS = TRAINING / "metrics.py"
OF_SNAKEMAKE = "en"  # the language of Snakemake's report


def require_sources(plan: "Plan") -> None:
    """Raise `LabError`, one line per fault, if something is missing that later jobs need."""
    languages = plan.config["book"]["languages"]
    found = [*_captions(plan, languages), *_drawings(plan), *_metrics(languages)]
    found += _translations(plan)
    found += [*_words(languages), *_texts(languages)]
    if found:
        raise LabError("\n".join(dict.fromkeys(found)))


def _captions(plan: "Plan", languages: list[str]) -> Iterator[str]:
    """Check that everything shown has captions in the report and in the book."""
    for result in plan.shown:
        if result.stage == "figures":
            yield from _unreadable(_caption(OF_SNAKEMAKE, result.settings["module"]), result.name)
            continue
        for table in (Path(file).stem for file in result.files if file.endswith(".csv")):
            for language in dict.fromkeys([OF_SNAKEMAKE, *languages]):
                yield from _unreadable(_caption(language, table), table)


def _caption(language: str, name: str) -> Path:
    return CAPTIONS[language] / f"{name}.rst"


def _unreadable(caption: Path, shown: str) -> Iterator[str]:
    try:
        caption.read_text("utf-8")
    except FileNotFoundError:
        yield f"{caption}: no such file; create it with the caption of {shown}"
    except UnicodeDecodeError:
        yield f"{caption}: is not UTF-8; save the caption of {shown} as UTF-8"


def _drawings(plan: "Plan") -> Iterator[str]:
    """Compare the tables that the figure of a study draws with those that exist."""
    for figure in plan.stage("figures"):
        for drawn in figure.inputs.get("drawn", []):
            module = figure.settings["module"]
            tables = [Path(file).stem for file in drawn.files if file.endswith(".csv")]
            for argument in arguments(module, FIGURES, "draw", "figure").args:
                if argument.arg not in tables:
                    yield (
                        f"{FIGURES / module}.py: draw takes {argument.arg}, but the tables of "
                        f"{drawn.name} are {', '.join(tables)}; take one of them"
                    )


def _translations(plan: "Plan") -> Iterator[str]:
    """Find texts of figures that a language of the book lacks."""
    figures = [figure.settings for figure in plan.stage("figures")]
    for module in dict.fromkeys(told["module"] for told in figures):
        for language in figures[0]["translations"]:
            yield from translations.missing(module, language)


def _metrics(languages: list[str]) -> Iterator[str]:
    """Find metrics that no table, figure or page could show."""
    try:
        metrics = importlib.import_module("d2l_lab.training.metrics")
    except Exception as error:
        yield f"{METRICS}: {type(error).__name__}: {error}; fix the module"
        return
    yield from (f"{METRICS}: {fault}" for fault in metrics.faults([OF_SNAKEMAKE, *languages]))


def _words(languages: list[str]) -> Iterator[str]:
    """Find words that one language of the book has and another lacks."""
    keys = {}
    for path in sorted(WORDS_FOLDER.glob("*.yaml")):
        try:
            keys[path.stem] = _words_in(path).keys()
        except (yaml.YAMLError, AttributeError) as error:
            where = getattr(error, "problem_mark", None)
            line = f"line {where.line + 1}: " if where else ""
            yield f"{path}: {line}is not YAML with keys and words; fix it"
            return
    for language in languages:
        path = WORDS_FOLDER / f"{language}.yaml"
        if language not in keys:
            yield f"{path}: no such file; create it with the book's words"
            continue
        for other, known in keys.items():
            for word in known - keys[language]:
                yield f"{path}: lacks {word!r}, which {other}.yaml has; add it"


def _words_in(path: Path) -> dict[str, str]:
    text = path.read_bytes()
    with suppress(yaml.YAMLError):
        return load_quickly(text)
    return yaml.safe_load(text)  # reports a mistake's position as for other files


def _texts(languages: list[str]) -> Iterator[str]:
    """Find texts of the book that one language has and another lacks."""
    folders = [path.parent for path in sorted(BOOK.glob("*/chapter*.md"))]
    names = {path.name: path for folder in folders for path in folder.glob("*.md")}
    for language in languages:
        for name, other in sorted(names.items()):
            if not (BOOK / language / name).is_file():
                yield f"{BOOK / language / name}: no such file; translate {other}"
