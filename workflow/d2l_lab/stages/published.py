"""Compare numbers published by others with those of this run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from d2l_lab.config.messages import explain, name
from d2l_lab.config.schema import SCHEMA as CONFIG_SCHEMA
from d2l_lab.config.schema import load_quickly
from d2l_lab.config.validation import Validator
from d2l_lab.errors import LabError
from d2l_lab.stages.job import Job
from d2l_lab.tables import files, printed, published

SCHEMA = CONFIG_SCHEMA.with_name("published.schema.yaml")


def work(job: Job) -> None:
    """Write published.csv and published_sources.csv."""
    if printed.digest() != job.settings["digest"]:
        raise LabError(f"{printed.FILE}: changed since the run was planned; run again")
    document = printed.read()
    require_valid(document, printed.FILE)
    (tables,) = (result.folder for result in job.inputs["tables"])
    studies = [result.folder for result in job.inputs.get("studies", [])]
    compared = published.compare(
        document,
        files.read(tables / "models.csv"),
        files.read(tables / "training.csv"),
        files.read(studies[0] / "redrawn.csv") if studies else None,
        job.settings["datasets"],
    )
    files.write(compared, job.folder / "published.csv")
    files.write(published.sources(document), job.folder / "published_sources.csv")


def require_valid(document: Any, file: Path) -> None:
    """Raise `LabError`, with one line for each mistake, unless published numbers are valid."""
    mistakes = dict(_mistakes(document)) or dict(printed.contradictions(document))
    if mistakes:
        lines = (f"{file}: {place}: {message}" for place, message in sorted(mistakes.items()))
        raise LabError("\n".join(lines))


def _mistakes(document: Any) -> Iterator[tuple[str, str]]:
    """Find violations of the schema."""
    for error in Validator(load_quickly(SCHEMA.read_bytes())).iter_errors(document):
        for path, message in explain(error):
            yield name(path), message
