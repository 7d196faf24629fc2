"""Copy the results of `make bench` into the store, so that the book can show them."""

import shutil

from d2l_lab.errors import LabError
from d2l_lab.stages.job import Job
from d2l_lab.store import provenance
from d2l_lab.tables import benchmarks


def work(job: Job) -> None:
    """Copy the tables that the plan found, and verify their checksums."""
    for table, planned in job.settings["sha256"].items():
        source, copy = benchmarks.path_of(table), job.folder / f"{benchmarks.shown_as(table)}.csv"
        if source.is_file():
            shutil.copyfile(source, copy)
        if not copy.is_file() or provenance.describe(copy)["sha256"] != planned:
            raise LabError(f"{source}: has changed since the run was planned; run again")
