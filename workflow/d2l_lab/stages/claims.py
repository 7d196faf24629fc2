"""Put what the notes assert to the test, on the tables of all models and studies."""

import pandas as pd

from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import judge
from d2l_lab.stages.job import Job


def work(job: Job) -> None:
    """Write claims.csv: each assertion with its evidence and the verdict."""
    made = job.inputs["tables"] + job.inputs.get("studies", [])
    needed = {"models"} | {name for claim in CLAIMS for name in claim.tables}
    tables = {
        path.stem: pd.read_csv(path)
        for result in made
        for path in sorted(result.folder.glob("*.csv"))
        if path.stem in needed
    }
    tables["models"] = tables["models"][["model", "device", "module", "dataset"]]
    table = judge(CLAIMS, tables)
    table.to_csv(job.folder / "claims.csv", index=False, lineterminator="\n")
