"""Recompute results of the store elsewhere, and compare them with the originals."""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from d2l_lab.pipeline.command import stage_command
from d2l_lab.pipeline.result import Result
from d2l_lab.stages.runner import PLANNED
from d2l_lab.store import keys, provenance
from d2l_lab.tools import cli
from d2l_lab.tools.comparison import TOLERANCE, Difference, compare

TRAININGS = ("train", "kfold")
# Downloads have their own checksums, measurements vary, and no two reports are the same.
NEVER = keys.CONTENT_ADDRESSED | {"report"}
SAME, NEAR, APART = "the same to the bit", "the same within the tolerance", "NOT the same"


class Remade(NamedTuple):
    """The outcome of a result that was recomputed."""

    verdict: str  # SAME, NEAR, APART, or what went wrong
    differences: list[Difference]


def inputs(result: Result) -> list[Result]:
    """List the inputs of a result."""
    return [*chain(*result.inputs.values())]


def can_be_remade(result: Result, whole: set[Path]) -> bool:
    """Return whether a result and all its inputs exist, and it should be reproducible."""
    needed = (result, *inputs(result))
    return result.stage not in NEVER and whole.issuperset(each.folder for each in needed)


def sample(candidates: Sequence[Result], size: int, seed: int) -> list[Result]:
    """Draw some results, the same for the same seed; the first is a training."""
    order = np.random.default_rng(seed).permutation(len(candidates)).tolist()
    first = next((i for i in order if candidates[i].stage in TRAININGS), None)
    order.sort(key=lambda i: i != first)
    return [candidates[i] for i in sorted(order[:size])]


def remake_all(results: Sequence[Result]) -> list[str]:
    """Recompute results one after another, print a line for each, and return the verdicts."""
    reasons = [why_not_to_the_bit(result) for result in results]
    if any(reasons):
        cli.say(f"if another machine may have contributed, {TOLERANCE}")
    verdicts = []
    for number, (result, reason) in enumerate(zip(results, reasons, strict=True), start=1):
        print(f"{number}/{len(results)} {result.reference}: ", end="", flush=True)
        started = time.perf_counter()
        verdict, differences = remake(result, strict=not reason)
        took = f"{time.perf_counter() - started:.0f} s"
        print(f"{verdict} ({took}; {reason})" if reason and differences else f"{verdict} ({took})")
        for difference in differences:
            cli.say(f"    {result.folder / difference.file}: {difference.size}")
        verdicts.append(verdict)
    return verdicts


def remake(result: Result, *, strict: bool) -> Remade:
    """Recompute a result in a separate folder, and compare it with the original.

    Parameters
    ----------
    result : Result
    strict : bool
        Whether every byte must be the same.
    """
    with tempfile.TemporaryDirectory(prefix="d2l-lab-verify-") as folder:
        again = Path(folder, result.folder)
        answer = subprocess.run(
            stage_command(result, again, Path(folder, "log")),
            env=os.environ | {PLANNED: "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if answer.returncode:
            *_, message = ["no message", *answer.stderr.splitlines()]
            return Remade(f"FAILED with exit code {answer.returncode}: {message}", [])
        differences = compare(result.folder, again)
    if not differences:
        return Remade(SAME, differences)
    near = not strict and all(difference.tolerable for difference in differences)
    return Remade(NEAR if near else APART, differences)


def why_not_to_the_bit(result: Result) -> str:
    """Say why a result may differ slightly from the original; nothing if it may not."""
    record = provenance.read(result.folder)
    here, measured = provenance.machine(), record["measured"]
    if any(record.get(what, value) != value for what, value in here.items()):
        return f"{record['host']}, another machine, made it"
    if measured.get("trained") != measured.get("replicas") and "trained" in measured:
        return "it has replicates of an earlier result, maybe of another machine"
    given = (provenance.read(each.folder) for each in inputs(result))
    if any(each["started"] > record["started"] for each in given):
        return "an input was recomputed after it"
    return ""
