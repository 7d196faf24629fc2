"""Let Snakemake write its own report with the results, and each job's code and run time."""

import os
import signal
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
    """Write report.html about the results that are shown.

    Run times are those that Snakemake recorded in this folder, so no two reports are the same.
    """
    results = [str(shown.folder / PROVENANCE) for shown in job.inputs["shown"]]
    with tempfile.TemporaryDirectory(prefix="d2l-lab-report-") as folder:
        config = Path(folder, "config.json")
        config.write_text(job.settings["config"], "utf-8")
        command = [sys.executable, "-m", "d2l_lab.forkserver", "snakemake", *results]
        command += ["--report", str(job.folder / REPORT)]
        command += ["--snakefile", str(ROOT.parent / "Snakefile"), "--configfile", str(config)]
        command += ["--workflow-profile", "none", "--nolock"]
        command += ["--quiet", "host", "progress", "reason", "rules"]  # errors are still printed
        os.environ.pop("SNAKEMAKE_PROFILE", None)  # it is meant for the run, not for its report
        answer = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env=os.environ | {"XDG_CACHE_HOME": folder},  # the user's may be read-only
        )
    if answer.returncode or not (job.folder / REPORT).exists():
        said = (answer.stderr + answer.stdout).strip() or ended(answer.returncode)
        raise LabError(f"{REPORT}: Snakemake could not make it: {said}")


def ended(code: int) -> str:
    """Describe how a command ended that printed nothing."""
    if code >= 0:
        return f"it ended with exit code {code}, without a word"
    return f"it was ended by signal {-code} ({signal.strsignal(-code)})"
