"""Record which jobs the results came from: how long each took, and on what machine."""

from itertools import chain

from d2l_lab.lineage import lineage
from d2l_lab.stages import command
from d2l_lab.tables import jobs


def work(job: command.Job) -> None:
    """Write jobs_timing.csv: the jobs of everything that is shown, and of what that rests on."""
    table = jobs.of_lineage(lineage(chain(*job.inputs.values())))
    table.to_csv(job.folder / "jobs_timing.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    command.leave(command.main("record", __doc__, work))
