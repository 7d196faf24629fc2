"""The book: the record of all jobs, its pages, the site in each language, Snakemake's report."""

import fnmatch
import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from d2l_lab.book import guide, page_requests
from d2l_lab.book.sources import BOOK, PACKAGES, digests, files_below
from d2l_lab.config import dataset
from d2l_lab.config.shipped import readable
from d2l_lab.pipeline.planners.figures import add_figure
from d2l_lab.store import layout
from d2l_lab.store.code import version

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result

SHOWN = "image_grid"  # what only a dataset of images shows


def add_to(plan: "Plan") -> None:
    """Add the book in each language that is wanted, and the report on everything that is shown."""
    if languages := plan.config["book"]["languages"]:
        files = ["jobs_timing.csv"]
        plan.add("record", "all", {}, {"shown": plan.shown}, files=files, is_shown=True)
        for source in page_requests.pages():
            _add_page(plan, source, languages)
        _add_graph(plan, len(languages))
        _add_books(plan, languages)
    settings = {"captions": digests(page_requests.captions("en"))}
    # As text, which keeps the order of the models: it is that of the tables.
    inputs, config = {"shown": plan.shown}, {"config": json.dumps(plan.config)}
    files = ["report.html"]
    plan.add("report", "all", settings, inputs, files=files, is_shown=True, unkeyed=config)


def _add_page(plan: "Plan", source: Path, languages: Sequence[str]) -> None:
    """Add a page of the book, given what it asks for, as far as there is such a thing.

    If there is nothing of what it asks for, the page is left out.
    """
    requests = page_requests.page_requests(source)
    files = page_requests.required_files(requests)
    named = [_in_language(file, language) for file in files for language in languages]
    patterns = [*map(fnmatch.translate, named)]
    wanted = re.compile("|".join(f"results/{pattern}" for pattern in patterns))
    shown = [result for result in plan.shown if any(map(wanted.fullmatch, result.plain_names))]
    if patterns and not shown:
        return
    settings = {
        "module": "page",
        "languages": list(languages),
        "sources": digests([source, *page_requests.required_sources(requests, languages)]),
    }
    files = [f"{language}/{source.stem}.ipynb" for language in languages]
    inputs = {"shown": shown}
    if any(request.method == "images" for request in requests) and (images := _images(plan)):
        inputs["data"] = images
    plan.add("notebook", source.stem, settings, inputs, files=files, is_shown=True)


def _images(plan: "Plan") -> list["Result"]:
    """List the training half of the first dataset of images that the run uses, if there is one."""
    kinds = {name: own["kind"] for name, own in plan.config["datasets"].items()}
    of_images = {f"{name}_train" for name, kind in kinds.items() if SHOWN in dataset(kind).shows}
    return [result for result in plan.stage("prepare") if result.name in of_images][:1]


def _in_language(file: str, language: str) -> str:
    """Name a file, or a pattern of files, in a language: there is a figure in each."""
    path = PurePath(file)
    return (
        str(path.parent / layout.svg_file(path.stem, language)) if path.suffix == ".svg" else file
    )


def _add_graph(plan: "Plan", books: int) -> None:
    """Add the figure of how the stages build on one another, the books to come included."""
    results = [result for result in plan.results.values() if not result.is_shard]
    edges = {
        (given.stage, result.stage)
        for result in results
        for given in chain(*result.inputs.values())
        if given.stage != result.stage
    } | {("notebook", "book"), ("tables", "book")}
    stages = {**Counter(result.stage for result in results), "book": books}
    settings = {"stages": stages, "edges": sorted(map(list, edges))}
    add_figure(plan, "workflow_graph", {}, **settings)


def _add_books(plan: "Plan", languages: Sequence[str]) -> None:
    tables = ("tables", "comparison", "sweeps", "study", "claims", "benchmark", "record")
    given = {
        "pages": plan.stage("notebook"),
        "tables": [result for result in plan.shown if result.stage in tables],
    }
    for language in languages:
        written = [*files_below(BOOK), *page_requests.captions(language)]
        written += guide.sources(language)
        graph = "workflow_graph" if language == "en" else f"workflow_graph.{language}"
        settings = {
            "module": "extension",
            "packages": {name: version(name) for name in PACKAGES},
            "language": language,
            "languages": list(languages),
            "config": readable(plan.config),
            "sources": digests(written),
        }
        files = [f"{language}/index.html"]  # of a tree of files
        inputs = given | {"graph": [plan["figures", graph]]}
        plan.add("book", language, settings, inputs, files=files, is_shown=True)
