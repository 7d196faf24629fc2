"""Take what `make bench` has measured into the store, so that the book can show it."""

import shutil

from d2l_lab import measured, store
from d2l_lab.errors import LabError
from d2l_lab.stages import command


def work(job: command.Job) -> None:
    """Copy the tables that the plan has found, and check every byte."""
    for table, planned in job.settings["sha256"].items():
        source, copy = measured.path_of(table), job.folder / f"{measured.shown_as(table)}.csv"
        if source.is_file():
            shutil.copyfile(source, copy)
        if not copy.is_file() or store.describe(copy)["sha256"] != planned:
            raise LabError(f"{source}: has changed since the run was planned; run again")


if __name__ == "__main__":
    command.leave(command.main("benchmark", __doc__, work))
