"""Build the book in one language: pages, tables to browse, where everything came from."""

import gc
import shutil
import tempfile
from itertools import chain
from pathlib import Path

import yaml

from d2l_lab.book import guide, site
from d2l_lab.book.page import read_caption
from d2l_lab.book.sources import require_unchanged
from d2l_lab.stages.job import Job
from d2l_lab.store import layout
from d2l_lab.store.lineage import lineage
from d2l_lab.tables import jobs


def work(job: Job) -> None:
    """Write the site into a folder of the language's name; the first also chooses among them."""
    gc.disable()  # this process ends with the book; to look for garbage is a tenth of the work
    require_unchanged(job.settings["sources"])
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
        references = site.write_pages(pages, source, language, names)
        facts = {
            "tables": site.write_tables(tables, source, language, references),
            "captions": {"workflow_graph": read_caption("workflow_graph", language)},
            "config": config,
            **jobs.facts(lineage(made.folder for made in chain(*job.inputs.values()))),
        }
        site.write_texts(source, language, facts)
        site.build(
            source, Path(folder), language, [other for other in languages if other != language]
        )
        shutil.move(Path(folder, "html"), job.folder / language)
    if language == languages[0]:
        site.write_entrance(job.folder, languages)
