"""Record the jobs that made the results: how long each took, and on what machine."""

from d2l_lab.stages.job import Job
from d2l_lab.store.commit import commit
from d2l_lab.store.lineage import lineage
from d2l_lab.tables import files, jobs


def work(job: Job) -> None:
    """Write jobs_timing.csv: the jobs of everything shown and of everything that it depends on."""
    table = jobs.tabulate(lineage(shown.folder for shown in job.inputs["shown"]))
    files.write(table, job.folder / "jobs_timing.csv")
    job.measured["commit"] = commit()
