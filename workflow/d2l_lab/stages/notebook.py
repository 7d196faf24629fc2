"""Execute a page of the book: one notebook in each language."""

import shutil
from pathlib import Path

from d2l_lab.book import notebooks
from d2l_lab.book.kernels import kernels
from d2l_lab.book.page_requests import NOTEBOOKS
from d2l_lab.book.sockets import short
from d2l_lab.book.sources import require_unchanged
from d2l_lab.errors import LabError
from d2l_lab.stages.job import Job

ROLES = ("shown", "data")
FAILED = Path("results/logs/notebook")


def work(job: Job) -> None:
    """Write <language>/<page>.ipynb for each language."""
    require_unchanged(job.settings["sources"])
    source = NOTEBOOKS / f"{job.name}.py"
    text = source.read_text("utf-8")
    shown, data = ([given.folder for given in job.inputs.get(role, [])] for role in ROLES)
    with notebooks.laid_out(shown, data) as checkout:
        places = {
            language: notebooks.notebook_folder(language, checkout)
            for language in job.settings["languages"]
        }
        with short(checkout) as sockets, kernels(places, sockets) as started:
            for language, kernel in started.items():
                output = job.folder / language / f"{job.name}.ipynb"
                output.parent.mkdir()
                notebook = notebooks.in_language(text, language)
                try:
                    notebooks.execute(notebook, language, kernel, output)
                except LabError as error:
                    kept = FAILED / f"{job.name}.{language}.ipynb"
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(output, kept)
                    raise LabError(
                        f"{source}: {error}; the unfinished notebook is {kept}: "
                        "fix the page, or what it shows, and run again"
                    ) from None
                notebooks.clean(output)
