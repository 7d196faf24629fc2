"""The book: the record of all jobs, its pages, the site in each language, Snakemake's report."""

import fnmatch
import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from d2l_lab.book import guide, page_requests
from d2l_lab.book.addresses import addresses
from d2l_lab.book.citation import CITATION
from d2l_lab.book.sources import BOOK, NOTEBOOKS_NEED, PACKAGES, digests, files_below
from d2l_lab.config import dataset
from d2l_lab.config.shipped import readable
from d2l_lab.pipeline.planners.figures import add_figure
from d2l_lab.store.code import version

if TYPE_CHECKING:
    from d2l_lab.pipeline.plan import Plan
    from d2l_lab.pipeline.result import Result

SHOWN = "image_grid"  # shown by datasets of images only


def add_to(plan: "Plan") -> None:
    """Add the book in each configured language, and the report on everything that is shown."""
    if languages := plan.config["book"]["languages"]:
        files = ["jobs_timing.csv"]
        plan.add("record", "all", {}, {"shown": plan.shown}, files=files, is_shown=True)
        for source in page_requests.pages():
            _add_page(plan, source, languages)
        _add_graph(plan, len(languages))
        _add_books(plan, languages)
    settings = {"captions": digests(page_requests.captions("en"))}
    # As text, which keeps the models in the order of the tables.
    inputs, config = {"shown": plan.shown}, {"config": json.dumps(plan.config)}
    files = ["report.html"]
    plan.add("report", "all", settings, inputs, files=files, is_shown=True, unkeyed=config)


def _add_page(plan: "Plan", source: Path, languages: Sequence[str]) -> None:
    """Add a page of the book with those of its page requests that the plan can fulfil.

    If it can fulfil none of them, the page is left out.
    """
    requests = page_requests.page_requests(source)
    files = page_requests.required_files(requests)
    patterns = [*map(fnmatch.translate, files)]
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
    """List the training set of the first dataset of images that the run uses, if there is one."""
    kinds = {name: own["kind"] for name, own in plan.config["datasets"].items()}
    of_images = {f"{name}_train" for name, kind in kinds.items() if SHOWN in dataset(kind).shows}
    return [result for result in plan.stage("prepare") if result.name in of_images][:1]


def _add_graph(plan: "Plan", books: int) -> None:
    """Add the figure of how the stages depend on one another, including the books added next."""
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
    tables = (
        "tables",
        "comparison",
        "published",
        "checklist",
        "sweeps",
        "study",
        "claims",
        "benchmark",
        "record",
    )
    given = {
        "pages": plan.stage("notebook"),
        "tables": [result for result in plan.shown if result.stage in tables],
        "picture": _pictures(plan)[:1],
    }
    for language in languages:
        written = [CITATION, *files_below(BOOK), *page_requests.captions(language)]
        written += guide.sources(language)
        settings = {
            "module": "extension",
            "packages": {name: version(name) for name in PACKAGES},
            "language": language,
            "languages": list(languages),
            "config": readable(plan.config),
            "addresses": addresses(plan.config["book"])._asdict(),
            "notebooks_need": {name: version(name) for name in NOTEBOOKS_NEED},
            "sources": digests(written),
        }
        files = [f"{language}/index.html"]  # one file of a whole folder
        inputs = given | {"graph": [plan["figures", "workflow_graph"]]}
        plan.add("book", language, settings, inputs, files=files, is_shown=True)


def _pictures(plan: "Plan") -> list["Result"]:
    """List the figures on the cards of the front page; links to the book show the first."""
    requests = page_requests.page_requests(page_requests.NOTEBOOKS / "index.py")
    names = [stem for request in requests for stem in request.pictures]
    figures = {result.name: result for result in plan.stage("figures")}
    return [figures[name] for name in dict.fromkeys(names) if name in figures]
