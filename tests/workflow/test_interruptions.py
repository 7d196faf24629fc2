"""Whatever happens to a run, the next one finishes it, with the tables of an undisturbed run."""

import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import permutations
from pathlib import Path
from random import Random

import psutil
import pytest

from by_hand import flip_a_bit
from checkout import Checkout, hear_signals
from d2l_lab.store import layout, provenance

MODEL = "linear_regression_scratch"
KILLED = ("a job", "Snakemake", "both")
KILLED_IN_TURN = [*enumerate(permutations(KILLED))][::3]  # with the seeds of two trials


@pytest.fixture
def checkout(checkout):
    """A checkout of one model, in which nothing has run."""
    checkout.keep_models(MODEL)
    return checkout


class Run:
    """A run of Snakemake in parallel with the test."""

    def __init__(self, checkout: Checkout, *arguments: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "snakemake", "--cores", "4", *arguments],
            cwd=checkout.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=hear_signals,  # noqa: PLW1509 -- it sets signals alone
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout))
        self.reader.start()

    def wait_for_jobs(self, count: int) -> None:
        """Wait until this many jobs have started."""
        self.wait_until(lambda: len(re.findall(r"^Job \d+: ", self.output, re.M)) >= count)

    def wait_for_a_stage(self) -> list[psutil.Process]:
        """Wait until some job is running; return the processes of running jobs."""
        return self.wait_until(lambda: self.stages)

    def wait_until(self, condition):
        """Wait until a condition holds or the run has ended; return the value of the condition."""
        end = time.monotonic() + 120
        while not (found := condition()) and self.process.poll() is None:
            assert time.monotonic() < end, self.output
            time.sleep(0.005)
        return found

    @property
    def output(self) -> str:
        return "".join(self.lines)

    @property
    def descendants(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    @property
    def stages(self) -> list[psutil.Process]:
        return [process for process in self.descendants if is_a_stage(process)]

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        code = self.process.wait(timeout=120)
        self.reader.join(timeout=60)
        self.process.stdout.close()
        return code


def is_a_stage(process: psutil.Process) -> bool:
    try:
        return "d2l_lab.stages" in " ".join(process.cmdline()[:4]) and "bash" not in process.name()
    except psutil.Error:
        return False


def results(checkout: Checkout) -> dict[str, Path]:
    """Return everything in the store's folders of results, including unfinished results."""
    folders = checkout.path.glob("results/store/*/*/*")
    return {layout.reference(folder): folder for folder in folders}


def require_that_it_ends_well(checkout: Checkout, linear_run: Checkout) -> None:
    answer = checkout.run()
    assert answer.returncode == 0, answer.stdout
    assert checkout.tables() == linear_run.tables()
    assert (checkout.path / "results/book/report.html").exists()
    assert results(checkout).keys() == results(linear_run).keys()
    assert not any(map(provenance.modified_files, results(checkout).values()))
    assert checkout.ran("--dry-run") == set()


def kill(run: Run, kind: str, random: Random) -> None:
    """Kill a job, or Snakemake, or Snakemake and all its jobs in any order."""
    snakemake = psutil.Process(run.process.pid)
    victims = run.wait_for_a_stage()[:1] if kind == "a job" else [snakemake]
    if kind == "both":
        victims += run.descendants
        random.shuffle(victims)
    for victim in victims:
        with suppress(psutil.NoSuchProcess):  # some end because others have died
            victim.kill()


@pytest.mark.parametrize(
    ("seed", "kinds"),
    [
        (2, ["both"]),
        *(pytest.param(n, [*kinds], marks=pytest.mark.thorough) for n, kinds in KILLED_IN_TURN),
    ],
)
def test_a_run_finishes_after_runs_that_were_killed_at_random_moments(
    checkout, linear_run, seed, kinds
):
    random = Random(seed)
    for kind in kinds:
        run = Run(checkout)
        jobs = len(results(linear_run)) - len(results(checkout))
        run.wait_for_jobs(random.randint(1, max(jobs - 2, 1)))
        time.sleep(random.random() / 2)
        kill(run, kind, random)
        assert run.end() != 0
    require_that_it_ends_well(checkout, linear_run)


@pytest.mark.parametrize(
    "endings",
    [
        [signal.SIGINT],
        pytest.param([signal.SIGTERM, signal.SIGHUP], marks=pytest.mark.thorough),
    ],
)
def test_a_run_finishes_after_runs_that_were_told_to_end(checkout, linear_run, endings):
    for jobs, ending in zip((3, 2), endings, strict=False):
        run = Run(checkout)
        run.wait_for_jobs(jobs)
        os.killpg(run.process.pid, ending)  # as a terminal does for Ctrl-C and when it is closed
        assert run.end() != 0
        assert "Traceback" not in run.output
    require_that_it_ends_well(checkout, linear_run)


@pytest.mark.thorough
def test_snakemake_told_to_end_lets_its_jobs_finish(checkout, linear_run):
    run = Run(checkout)
    run.wait_for_jobs(3)
    run.process.terminate()
    assert run.end() != 0
    assert not [*checkout.path.glob("results/store/*/*/*.part")]
    require_that_it_ends_well(checkout, linear_run)


def test_a_second_run_in_a_folder_is_refused_and_does_not_harm_the_first(checkout, linear_run):
    first = Run(checkout, "--until", "tables")
    first.wait_for_jobs(1)
    answer = checkout.run()
    assert answer.returncode == 1
    (told,) = [line for line in answer.stdout.splitlines() if line.startswith("results: ")]
    assert re.fullmatch(
        rf"results: another run is using this folder \(process {first.process.pid} on .*\); "
        r"wait until it ends, or stop it with Ctrl-C",
        told,
    )
    assert first.end() == 0, first.output
    assert checkout.tables() == linear_run.tables()


def empty(path: Path) -> None:
    os.truncate(path, 0)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


@pytest.mark.parametrize(
    "seed",
    [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (2, 4))],
)
def test_damaged_results_are_made_again_before_anything_is_made_or_shown_from_them(
    linear_copy, linear_run, seed
):
    random = Random(seed)
    for name in ("tables", "figures", "book"):  # to show everything again
        for path in (linear_copy.path / "results" / name).glob("*"):
            path.unlink()
    folders = sorted(results(linear_copy).values())
    for folder in random.sample(folders, random.randint(3, len(folders))):
        damage = random.choice([empty, truncate, flip_a_bit, Path.unlink])
        damage(random.choice(sorted(folder.iterdir())))
    answer = linear_copy.run()
    assert answer.returncode == 0, answer.stdout
    assert linear_copy.tables() == linear_run.tables()
    assert linear_copy.files("results/figures") == linear_run.files("results/figures")
    for folder in folders:  # `make verify` finds a flipped bit in a file that no job reads
        is_shown = folder.parts[-3] in ("tables", "figures", "report")
        is_damaged = provenance.modified_files if is_shown else is_of_another_size
        assert not (folder / layout.PROVENANCE).exists() or not is_damaged(folder)


def is_of_another_size(folder: Path) -> bool:
    return not provenance.is_whole(folder)


@pytest.mark.thorough
def test_only_the_job_that_needs_too_much_memory_fails(checkout, linear_run):
    limit = 800_000_000
    large = {"examples": 10_000_000, "weights": [1] * 10}
    checkout.configure({"datasets": {"linear": large}})
    answer = checkout.run(
        "--until",
        "generate",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
    )
    assert answer.returncode == 1
    assert "Traceback" not in answer.stdout
    (told,) = [line for line in answer.stdout.splitlines() if ": out of memory; " in line]
    assert told.startswith("results/store/generate/linear_train/")
    assert [*checkout.path.glob("results/store/generate/linear_test/*/provenance.json")]
    assert not [*checkout.path.glob("results/store/generate/linear_train/*")]
    checkout.write_config(linear_run.config())
    assert checkout.run().returncode == 0
    assert checkout.tables() == linear_run.tables()
