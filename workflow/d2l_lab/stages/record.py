"""Record which jobs the results came from: how long each took, and on what machine."""

from d2l_lab.stages.job import Job
from d2l_lab.store.lineage import lineage
from d2l_lab.tables import jobs


def work(job: Job) -> None:
    """Write jobs_timing.csv: the jobs of everything that is shown, and of what that rests on."""
    table = jobs.tabulate(lineage(shown.folder for shown in job.inputs["shown"]))
    table.to_csv(job.folder / "jobs_timing.csv", index=False, lineterminator="\n")
