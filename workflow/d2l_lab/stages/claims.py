"""Test the notes' claims on the tables of all models and studies."""

from d2l_lab.claims import thresholds
from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import judge
from d2l_lab.errors import LabError
from d2l_lab.stages.job import Job
from d2l_lab.tables import files


def work(job: Job) -> None:
    """Write claims.csv: each claim with its evidence and verdict.

    Each row has the digest of the thresholds and the first commit that contained them.
    """
    if thresholds.digest() != job.settings["digest"]:
        raise LabError(f"{thresholds.FILE}: changed since the run was planned; run again")
    needed = {"diverged", *(name for claim in CLAIMS for name in claim.tables)}
    tables = {
        path.stem: files.read(path)
        for made in job.inputs["tables"] + job.inputs.get("studies", [])
        for path in sorted(made.folder.glob("*.csv"))
        if path.stem in needed
    }
    files.write(judge(CLAIMS, tables).assign(**job.settings), job.folder / "claims.csv")
