"""Let Snakemake write its own report with the results, and each job's code and run time."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from pathlib import Path

from d2l_lab.book import drawings
from d2l_lab.errors import LabError
from d2l_lab.stages.job import Job
from d2l_lab.store.code import ROOT
from d2l_lab.store.layout import PROVENANCE
from d2l_lab.tables import embedded

REPORT = "report.html"
DRAWING = re.compile(r"(?P<head>data:image/svg\+xml;[^,\"]*;base64,)(?P<svg>[A-Za-z0-9+/=]+)")


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
    path = job.folder / REPORT
    if answer.returncode or not path.exists():
        said = (answer.stderr + answer.stdout).strip() or ended(answer.returncode)
        raise LabError(f"{REPORT}: Snakemake could not make it: {said}")
    path.write_text(DRAWING.sub(compact, path.read_text("utf-8")), "utf-8")


def compact(drawing: re.Match) -> str:
    """Write a figure of a report in fewer bytes, without the values that only the book reads."""
    svg, _ = embedded.split(b64decode(drawing["svg"]).decode())
    return f"{drawing['head']}{b64encode(drawings.compact(svg).encode()).decode()}"


def ended(code: int) -> str:
    """Describe how a command ended that printed nothing."""
    if code >= 0:
        return f"it ended with exit code {code}, without a word"
    return f"it was ended by signal {-code} ({signal.strsignal(-code)})"
