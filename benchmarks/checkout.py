"""A copy of this checkout in which only the download of the data has run."""

import shutil
import sys
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measuring import ROOT
from d2l_lab.errors import LabError
from d2l_lab.store import layout
from d2l_lab.tools import git

SNAKEMAKE = [sys.executable, "-m", "snakemake", "--cores", "all"]


def copy(folder: Path) -> Path:
    """Copy the files of this checkout that git tracks or would add.

    Raises
    ------
    LabError
        If git cannot list them.
    """
    try:
        names = git.files(ROOT)
    except git.GitError as error:
        raise LabError(f"{ROOT}: {error.gist}; run the benchmark in a git checkout") from None
    for name in names:
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def with_data(folder: Path, bench: Bench) -> Path:
    """Copy this checkout and its downloaded data."""
    downloaded = Path(bench.data()["raw"])
    place = copy(folder) / layout.STORE / layout.reference(downloaded)
    shutil.copytree(downloaded, place)
    return folder


def snakemake(bench: Bench, *arguments: str) -> list[str]:
    """Return the command with which a user runs the workflow on all cores."""
    overlays = [str(path.resolve()) for path in bench.overlays]
    return [*SNAKEMAKE, *arguments, *(["--configfile", *overlays] if overlays else [])]
