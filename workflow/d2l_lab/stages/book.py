"""Build the book in one language, with all pages and tables and their provenance."""

import gc
import shutil
import tempfile
from itertools import chain
from pathlib import Path

import yaml

from d2l_lab.book import citation as citations
from d2l_lab.book import guide, section_notebooks, site
from d2l_lab.book.addresses import Addresses
from d2l_lab.book.page import read_caption
from d2l_lab.book.sources import require_unchanged
from d2l_lab.stages.job import Job
from d2l_lab.store import layout
from d2l_lab.store.lineage import lineage
from d2l_lab.tables import jobs


def work(job: Job) -> None:
    """Write the site into a folder of the language's name.

    The first also has what all share: the page that chooses among them, and the tables' files.
    """
    gc.disable()  # collecting garbage would take a tenth of this short process's time
    require_unchanged(job.settings["sources"])
    addresses = Addresses(**job.settings["addresses"])
    language, languages = job.settings["language"], job.settings["languages"]
    pages = [page.folder / language / f"{page.name}.ipynb" for page in job.inputs["pages"]]
    tables = [path for made in job.inputs["tables"] for path in sorted(made.folder.glob("*.csv"))]
    with tempfile.TemporaryDirectory(prefix="d2l-lab-book-") as folder:
        source = Path(folder, "source")
        source.mkdir()
        (graph,) = job.inputs["graph"]
        shutil.copyfile(
            graph.folder / layout.svg_file("workflow_graph", language),
            source / "workflow_graph.svg",
        )
        config = yaml.safe_dump(job.settings["config"], sort_keys=False, allow_unicode=True)
        (source / "config.yaml").write_text(config, "utf-8")
        guide.write(source, language)
        names = [path.stem for path in tables]
        references = site.write_pages(pages, source, language, names, addresses)
        is_first = language == languages[0]
        files_at = "" if is_first else f"../../{languages[0]}/tables/"
        citation = citations.read()
        recorded = [made.measured for made in job.inputs["tables"] if made.stage == "record"]
        commits = [measured["commit"] for measured in recorded if measured.get("commit")]
        facts = {
            "tables": site.write_tables(tables, source, language, references, files_at),
            "captions": {"workflow_graph": read_caption("workflow_graph", language)},
            "config": config,
            "citation": citation,
            "authors": ", ".join(map(citations.name, citation["authors"])),
            "bibtex": citations.entries(citation, addresses.repository),
            "repository": addresses.repository,
            "commit": next(iter(commits), None),
            **jobs.facts(lineage(made.folder for made in chain(*job.inputs.values()))),
        }
        site.write_texts(source, language, facts)
        others = [other for other in languages if other != language]
        pictures = [made.folder / f"{made.name}.png" for made in job.inputs.get("picture", [])]
        site.build(source, Path(folder), language, others, addresses.site, *pictures)
        shutil.move(Path(folder, "html"), job.folder / language)
    if is_first:
        for table in tables:
            shutil.copyfile(table, job.folder / language / "tables" / table.name)
        site.write_entrance(job.folder, languages, addresses.site)
        if addresses.runs(""):
            section_notebooks.write_requirements(job.folder, job.settings["notebooks_need"])
