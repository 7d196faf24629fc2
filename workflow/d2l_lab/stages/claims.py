"""Put what the notes assert to the test, on the tables of all models and studies."""

import pandas as pd

from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import judge
from d2l_lab.stages.job import Job


def work(job: Job) -> None:
    """Write claims.csv: each assertion with its evidence and the verdict."""
    needed = {"diverged", *(name for claim in CLAIMS for name in claim.tables)}
    tables = {
        path.stem: pd.read_csv(path)
        for made in job.inputs["tables"] + job.inputs.get("studies", [])
        for path in sorted(made.folder.glob("*.csv"))
        if path.stem in needed
    }
    judge(CLAIMS, tables).to_csv(job.folder / "claims.csv", index=False, lineterminator="\n")
