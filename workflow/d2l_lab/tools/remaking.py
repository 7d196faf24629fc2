"""Making results of the store again, elsewhere, and telling whether they come out the same."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Result
from d2l_lab.store import keys, layout, provenance
from d2l_lab.tools import cli
from d2l_lab.tools.comparison import TOLERANCE, Difference, compare

TRAININGS = ("train", "kfold")
SAME, NEAR, APART = "the same to the bit", "the same within the tolerance", "NOT the same"


class Remade(NamedTuple):
    """A result that was made again.

    Parameters
    ----------
    verdict : str
        SAME, NEAR, APART, or what went wrong.
    differences : list of Difference
    """

    verdict: str
    differences: list[Difference]


def can_be_remade(result: Result, whole: set[Path]) -> bool:
    """Tell whether a result and all its inputs are there; what is downloaded is its own check."""
    needed = (result, *(one for inputs in result.inputs.values() for one in inputs))
    return result.stage not in keys.CONTENT_ADDRESSED and whole.issuperset(
        map(session.folder_of, needed)
    )


def sample(candidates: Sequence[Result], size: int, seed: int) -> list[Result]:
    """Draw some results, always the same for one seed; the first one drawn is a training."""
    order = np.random.default_rng(seed).permutation(len(candidates)).tolist()
    first = next((i for i in order if candidates[i].stage in TRAININGS), None)
    order.sort(key=lambda i: i != first)
    return [candidates[i] for i in sorted(order[:size])]


def remake_all(results: Sequence[Result]) -> list[str]:
    """Make results again, one after another, with a line each; give the verdicts."""
    reasons = [why_not_to_the_bit(result) for result in results]
    if any(reasons):
        cli.say(f"where another machine may have had a hand in it, {TOLERANCE}")
    verdicts = []
    for number, (result, reason) in enumerate(zip(results, reasons, strict=True), start=1):
        print(f"{number}/{len(results)} {result.reference}: ", end="", flush=True)
        started = time.perf_counter()
        verdict, differences = remake(result, strict=not reason)
        took = f"{time.perf_counter() - started:.0f} s"
        print(f"{verdict} ({took}; {reason})" if reason and differences else f"{verdict} ({took})")
        for one in differences:
            cli.say(f"    {session.folder_of(result) / one.file}: {one.size}")
        verdicts.append(verdict)
    return verdicts


def remake(result: Result, *, strict: bool) -> Remade:
    """Make a result again in a folder of its own, and compare it with the first one.

    Parameters
    ----------
    result : Result
    strict : bool
        Whether every byte must be the same.
    """
    with tempfile.TemporaryDirectory(prefix="d2l-lab-verify-") as folder:
        again = Path(folder, result.reference)
        answer = run_stage(result, again, Path(folder, "log"))
        if answer.returncode:
            *_, message = ["no word of why", *answer.stderr.splitlines()]
            return Remade(f"FAILED with exit code {answer.returncode}: {message}", [])
        differences = compare(session.folder_of(result), again)
    if not differences:
        return Remade(SAME, differences)
    near = not strict and all(one.tolerable for one in differences)
    return Remade(NEAR if near else APART, differences)


def run_stage(result: Result, place: Path, log: Path) -> subprocess.CompletedProcess:
    """Run the command of a stage as its rule does, but for the place of the result."""
    command = [sys.executable, "-m", f"d2l_lab.stages.{result.stage}"]
    command += ["--settings", json.dumps(result.settings)]
    for role, inputs in result.inputs.items():
        command += ["--input", role, *(one.mark for one in inputs)]
    command += ["--result", str(place / layout.PROVENANCE), "--log", str(log)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def why_not_to_the_bit(result: Result) -> str:
    """Say why a result may differ a little from the first one; nothing if it may not."""
    record = provenance.read(session.folder_of(result))
    here, measured = provenance.machine(), record["measured"]
    if any(record.get(what, value) != value for what, value in here.items()):
        return f"{record['host']}, another machine, made it"
    if measured.get("trained") != measured.get("replicas") and "trained" in measured:
        return "an earlier result, maybe of another machine, gave it replicates"
    inputs = (one for inputs in result.inputs.values() for one in inputs)
    marks = (provenance.read(session.folder_of(one)) for one in inputs)
    if any(mark["started"] > record["started"] for mark in marks):
        return "an input was made again after it"
    return ""
