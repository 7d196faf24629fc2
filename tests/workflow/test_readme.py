"""Every command of the README and of the guide works as it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from checkout import ROOT, Checkout, jobs, merged
from cluster.runs import PROFILE
from d2l_lab.book.page_requests import pages
from d2l_lab.config.shipped import SHIPPED
from documents import commands, documents, read

RUN_BY_CI = ["make", "make test", "make test-cluster", "make bench", "make lint"]
RUN_ON_A_CLUSTER = f"snakemake {' '.join(PROFILE)}"  # run by the tests in tests/cluster
RUN_ELSEWHERE = {
    "source .venv/bin/activate",  # here the variable PATH replaces it
    "make setup",  # run in tests/test_set_up.py
    "make compare A=mlp_ada B=mlp_alan",  # needs models that a teacher adds; other ones are tried
    "make watch",  # run in tests/tools/test_watch.py, since it ends only by Ctrl-C
}
COMMANDS = [*dict.fromkeys(line for name in documents() for line in commands(name))]


def test_ci_runs_every_command_that_sets_up_or_takes_long():
    script = (ROOT / ".ci" / "run").read_text()
    assert {*RUN_BY_CI, RUN_ON_A_CLUSTER, *RUN_ELSEWHERE} <= {*COMMANDS}
    for command in RUN_BY_CI:
        line = rf"\bwithin \d+ {command}( [A-Z_]+=.*)?$"
        assert re.search(line, script, re.MULTILINE), command
    (marks,) = re.findall(r"make test .*-m '([^']*)'", script)
    assert marks == "not main_job"  # so it includes those of the cluster
    assert 'make test-cluster PYTEST_ARGUMENTS="--collect-only' in script


AS_REPOSITORY = """
set -e
git init --quiet --bare ../remote
git init --quiet
git remote add origin "$PWD/../remote"
git config user.name "A reader"
git config user.email reader@example.org
echo /output > .git/info/exclude
git add --all
git commit --quiet --message "What the reader has"
"""


class Reader:
    """Runs the commands of the documents in a shell, in a checkout with a remote."""

    def __init__(self, checkout: Checkout):
        self.checkout, python = checkout, Path(sys.prefix)
        if not (python / "made.json").exists():
            pytest.skip("needs the environment that make sets up")
        (checkout.path / ".venv").symlink_to(python)
        subprocess.run(["sh", "-c", AS_REPOSITORY], cwd=checkout.path, check=True)
        kept = {name: value for name, value in os.environ.items() if "MAKE" not in name}
        path = os.pathsep.join([str(python / "bin"), os.environ["PATH"]])
        self.environment = kept | {"PATH": path}
        self.left = [each for each in COMMANDS if each not in {*RUN_BY_CI, RUN_ON_A_CLUSTER}]
        self.left = [each for each in self.left if each not in RUN_ELSEWHERE]

    def types(self, command: str) -> str:
        """Run a command from a document, and return its output."""
        self.left.remove(command)
        return self.runs(command)

    def runs(self, command: str, **variables: str) -> str:
        answer = subprocess.run(
            ["bash", "-c", command],
            cwd=self.checkout.path,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout + answer.stderr


CHANGE = "--config 'models={mlp_scratch: {learning_rate: 0.2}}'"


@pytest.mark.thorough
def test_every_other_command_does_what_the_documents_say(published, tmp_path):
    reader = Reader(published.copy(tmp_path / "copy"))
    would = jobs(reader.types(f"snakemake --cores 4 --dry-run {CHANGE}"))
    did = jobs(reader.types(f"snakemake --cores 4 {CHANGE}"))
    shown = {f"study_{name}": 1 for name in ("agreement", "confusion", "uncertainty")}
    shown |= {"tables": 1, "comparison": 1, "claims": 1, "published": 1, "figures": 8}
    shown["checklist"] = 1
    pages_of_models = len(pages()) - 2  # the pages of benchmarks and sweeps show none
    shown |= {"record": 1, "notebook": pages_of_models, "book": 2, "snakemake_report": 1}
    assert would == did == {"train": 1, "kfold": 1} | shown
    # The store has every result, and the checkout's configuration is the quick one.
    assert jobs(reader.types("snakemake --cores 4")) == {}
    assert jobs(reader.types("snakemake --cores 4 results/figures/capacity.svg")) == {}
    assert jobs(reader.types("snakemake --cores 4 --configfile tests/config/quick.yaml")) == {}
    assert reader.types("make explain").startswith("everything is up to date\n")
    history = reader.types("make history MODEL=mlp_scratch")
    assert history.startswith("4 results of mlp_scratch, newest first\n")
    compared = reader.types("make compare A=softmax_regression_scratch B=mlp_scratch")
    told = "\ncurves, differences.csv and a page are in results/compare/softmax_regression_scratch_"
    assert told in compared
    shipped = reader.checkout.path / SHIPPED.relative_to(ROOT)
    # As if the tried configuration were the shipped one.
    changes = {"models": {"mlp_scratch": {"learning_rate": 0.2}}}
    shipped.write_text(yaml.safe_dump(merged(reader.checkout.config(), changes)), "utf-8")
    against = reader.types("make compare A=default")
    reader.runs("git checkout --quiet workflow")
    assert against.startswith("models.mlp_scratch.learning_rate: 0.2 → 0.1\n")
    assert against.count("\ntest_accuracy") == 1
    unused = reader.types("make prune")
    assert re.search(r"^\d+ results, .*to delete: make prune DELETE=yes$", unused, re.MULTILINE)
    verified = reader.types("make verify")
    assert re.search(r" 3 of \d+ recomputed: the same to the bit\n$", verified)
    assert "gh-pages" in reader.types("make publish")
    assert "results/d2l-lab.crate.zip" in reader.types("make archive")
    assert reader.left == []
    (by_hand,) = {*re.findall(r"`(python -m d2l_lab\.stages .*?)`", read("CONTRIBUTING.md"))}
    assert reader.runs(by_hand, PYTHONPATH="workflow").startswith("usage: ")
    assert "set up, then run everything" in reader.runs("make help")


@pytest.mark.thorough
def test_snakemake_accepts_every_example_command_of_the_reference(linear_copy):
    told = re.findall(r"^\| `snakemake (.*?)` \|", read("docs/reference/commands.md"), re.MULTILINE)
    (linear_copy.path / "mine.yaml").write_text("replicates: 2\n")
    for arguments in told:
        if "--profile" not in arguments:
            answer = linear_copy.run(*shlex.split(arguments), "--dry-run")
            assert answer.returncode == 0, answer.stdout
