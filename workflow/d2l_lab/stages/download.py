"""Fetch the files of a dataset from the first source that has them, and verify every byte."""

from d2l_lab.datasets.sources import fetch
from d2l_lab.stages.job import Job


def work(job: Job) -> None:
    """Write the files; `sources`, where they come from, are not part of the key."""
    fetch(job.settings["sha256"], job.settings["sources"], job.folder)
