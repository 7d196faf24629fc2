"""The workflow runs in any folder with a configuration, but not within another workflow."""

import subprocess
import sys
from pathlib import Path

import pytest

from checkout import ROOT

MODULE = """\
module lab:
    snakefile: "{root}/Snakefile"
    config: config
    prefix: "lab"
use rule * from lab
"""


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "all", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("snakefile", [MODULE, 'include: "{root}/Snakefile"\n'])
def test_the_workflow_refuses_in_one_line_to_be_part_of_another(tmp_path, snakefile):
    (tmp_path / "Snakefile").write_text(snakefile.format(root=ROOT))
    answer = snakemake(tmp_path)
    assert (answer.returncode, answer.stdout) == (1, "")
    (line,) = answer.stderr.splitlines()
    assert line.startswith("d2l-lab cannot be a module of another workflow, nor be included in one")


def test_the_workflow_runs_in_the_folder_of_another_configuration(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "models: {line: {module: linear_regression.scratch, dataset: linear, epochs: 1}}\n"
        "datasets: {linear: {examples: 10, test_examples: 2}}\nfolds: 2\nreplicates: 1\n"
    )
    target = "results/tables/summary.csv"
    place = ["--snakefile", f"{ROOT}/Snakefile", "--directory", str(tmp_path)]
    answer = snakemake(tmp_path.parent, *place, target)
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / target).read_text().startswith("model,device,metric,")
