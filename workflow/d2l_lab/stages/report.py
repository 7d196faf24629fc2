"""Let Snakemake write its own report: the results, the code and the run time of every job."""

import subprocess
import sys
import tempfile
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.stages.job import Job
from d2l_lab.store.code import ROOT
from d2l_lab.store.layout import PROVENANCE

REPORT = "report.html"


def work(job: Job) -> None:
    """Write report.html, on the results that are shown.

    Run times are those that Snakemake noted in this folder, so no two reports are the same.
    """
    results = [str(shown.folder / PROVENANCE) for shown in job.inputs["shown"]]
    with tempfile.TemporaryDirectory(prefix="d2l-lab-report-") as folder:
        config = Path(folder, "config.json")
        config.write_text(job.settings["config"], "utf-8")
        command = [sys.executable, "-m", "d2l_lab.forkserver", "snakemake", *results]
        command += ["--report", str(job.folder / REPORT)]
        command += ["--snakefile", str(ROOT.parent / "Snakefile"), "--configfile", str(config)]
        command += ["--workflow-profile", "none", "--quiet", "all", "--nolock"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode or not (job.folder / REPORT).exists():
        said = (answer.stderr + answer.stdout).strip() or f"exit code {answer.returncode}"
        raise LabError(f"{REPORT}: Snakemake could not make it: {said}")
