"""A checkout of the project for real runs on little data, and tools to read what they print."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from d2l_lab.tools import git
from preloaded import preloaded

ROOT = Path(__file__).parents[1]
BOOK, NO_BOOK = ({"languages": languages} for languages in (["en", "zh"], []))


class Checkout:
    """A copy of the project's files in its own folder.

    Its config.yaml is the shipped one with tests/config/quick.yaml laid over it, and without the
    book, which takes longer than everything else.
    """

    def __init__(self, path: Path):
        self.path = path
        copy(Path(fresh().name, "checkout"), path)
        self.configure(read_yaml(path / "tests/config/quick.yaml") | {"book": NO_BOOK})

    @classmethod
    def at(cls, path: Path) -> "Checkout":
        """Use a folder that already contains a checkout."""
        checkout = cls.__new__(cls)
        checkout.path = path
        return checkout

    def config(self) -> dict:
        return read_yaml(self.path / "config.yaml")

    def configure(self, changes: dict) -> None:
        """Change config.yaml by some keys; None deletes a key."""
        self.write_config(merged(self.config(), changes))

    def write_config(self, config: dict) -> None:
        (self.path / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    def keep_models(self, *names: str, studies: Collection[str] = (), claims: bool = False) -> None:
        """Keep only these models and studies in config.yaml."""
        config = self.config()
        gone = {name: None for name in config["models"] if name not in names}
        not_run = {name: None for name in config["studies"] if name not in studies}
        self.configure({"models": gone, "studies": not_run, "claims": claims})

    def run(
        self,
        *arguments: str,
        cores: int = 4,
        within: Sequence[str] = (),
        one_of_several: int = 0,
        **options,
    ) -> subprocess.CompletedProcess:
        """Run snakemake as a user does; `stdout` of the result has both streams.

        Within another command, with variables or other options, a separate process is started.
        Runs at the same time are given different numbers.
        """
        command = ["snakemake", "--cores", str(cores), *arguments]
        if not (within or options):
            return preloaded(one_of_several).run(*command, at=self.path, stderr=subprocess.STDOUT)
        return subprocess.run(
            [*within, sys.executable, "-m", *command],
            cwd=self.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=900,  # enough on a slow machine with other tests running
            env=os.environ | options.pop("env", {}),
            **options,
        )

    def done(self, *arguments: str, cores: int = 4) -> dict[str, int]:
        """Run snakemake, which must succeed, and return how many jobs of each rule ran."""
        answer = self.run(*arguments, cores=cores)
        assert answer.returncode == 0, answer.stdout
        return jobs(answer.stdout)

    def ran(self, *arguments: str, cores: int = 4, **options) -> set[str]:
        """Run snakemake, which must succeed, and return the names of the results that it made."""
        answer = self.run(*arguments, cores=cores, **options)
        assert answer.returncode == 0, answer.stdout
        return made(answer.stdout)

    def tool(self, name: str, *arguments: str) -> subprocess.CompletedProcess:
        """Run one of the tools, as make does."""
        command = [f"d2l_lab.tools.{name}", *arguments]
        return preloaded(0).run(*command, at=self.path, env={"PYTHONPATH": "workflow"})

    def copy(self, path: Path) -> "Checkout":
        """Copy this checkout with all its contents."""
        copy(self.path, path)
        return Checkout.at(path)

    @contextmanager
    def restored(self) -> Iterator["Checkout"]:
        """Lend this checkout for edits and dry runs, and restore every file at the end."""
        before = self.files(".")
        try:
            yield self
        finally:
            after = self.files(".")
            for name in after.keys() - before.keys():
                (self.path / name).unlink()
            for name in {name for name, data in before.items() if after.get(name) != data}:
                (self.path / name).parent.mkdir(parents=True, exist_ok=True)
                (self.path / name).write_bytes(before[name])

    def files(self, folder: str) -> dict[str, bytes]:
        """Return the bytes of each file below a folder, by its path."""
        base = self.path / folder
        return {
            str(path.relative_to(base)): path.read_bytes()
            for path in sorted(base.rglob("*"))
            if path.is_file()
        }

    def tables(self) -> dict[str, bytes]:
        """Return the tables that are the same in every run: all except those of times."""
        tables = self.files("results/tables")
        return {name: table for name, table in tables.items() if not name.endswith("timing.csv")}


def hear_signals() -> None:
    """Handle Ctrl-C and a closed terminal, even if the tests were started with these ignored."""
    for ending in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)


def copy(folder: Path, path: Path) -> None:
    """Copy a folder with all its contents and their times, in a third of the time of `copytree`."""
    path.mkdir(parents=True)
    subprocess.run(["cp", "-a", f"{folder}/.", path], check=True)


@cache
def fresh() -> TemporaryDirectory:
    """Copy the project's files once, with what is known of its code, for all checkouts."""
    folder = TemporaryDirectory(prefix="d2l-lab-tests-")
    known = (ROOT / "workflow").rglob("__pycache__/*.*")
    for name in [*tracked_files(), *(str(path.relative_to(ROOT)) for path in known)]:
        target = Path(folder.name, "checkout", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # another process is just replacing it
            shutil.copy2(ROOT / name, target)
    return folder


def tracked_files() -> list[str]:
    """List the project's files: those that git tracks and new ones that it does not ignore."""
    return [name for name in git.files(ROOT) if (ROOT / name).is_file()]


def read_yaml(path: Path) -> dict:
    return yaml.safe_load(path.read_text("utf-8"))


def merged(below: dict, above: dict) -> dict:
    """Merge a mapping into another, key by key; None deletes a key."""
    result = dict(below)
    for key, value in above.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def jobs(output: str) -> dict[str, int]:
    """Read from Snakemake's output the number of jobs of each rule except `all`."""
    rows = re.search(r"^Job stats:\njob +count\n-+ +-+\n((?:\w+ +\d+\n)*)", output, re.MULTILINE)
    counts = dict(re.findall(r"^(\w+) +(\d+)$", rows.group(1), re.MULTILINE)) if rows else {}
    return {rule: int(n) for rule, n in counts.items() if rule not in ("all", "total")}


# Stages whose job messages do not begin with the name of the stage.
STAGES = {
    "cross-validate": "kfold",
    "draw": "figures",
    "page": "notebook",
    "gather": "tables",
    "summarise": "sweeps",
    "compare": "comparison",
    "judge": "claims",
    "check": "published",
    "count": "checklist",
    "store": "benchmark",
    "Snakemake's": "report",
}
WHOLE = (
    "tables",
    "sweeps",
    "comparison",
    "published",
    "checklist",
    "claims",
    "benchmark",
    "record",
    "report",
)  # stages with a single result


def made(output: str) -> set[str]:
    """Read from Snakemake's output the names of the results that its jobs make.

    A job that only shows a file under its plain name makes no result, and is left out.
    """
    names = set()
    for message in re.findall(r"^Job \d+: (.*)$", output, re.MULTILINE):
        verb, _, words = message.partition(" ")
        stage = STAGES.get(verb, verb)
        if stage in ("train", "kfold"):
            training = re.match(r"(\w+) on (\w+)(?:, \w+ (\d+) to (\d+))?: ", words)
            model, device, first, last = training.groups()
            names.add(f"{stage}/{model}.{device}" + (f".{first}-{last}" if first else ""))
        elif stage == "sweep":  # several of its points in one job
            names.add(f"sweep/{words.partition(':')[0]}")
        elif stage not in ("all", "show"):
            name = "all" if stage in WHOLE else words.removeprefix("in ").replace(" in ", ".")
            names.add(f"{stage}/{name}")
    return names
