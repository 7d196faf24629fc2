"""Run one stage by hand, as a user would: `python -m d2l_lab.stages generate --settings …`."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from d2l_lab.stages.runner import as_argument
from d2l_lab.store import keys, layout, provenance
from d2l_lab.store.code import ROOT

LINEAR = {
    "module": "linear",
    "dataset": {"weights": [2.0, -3.4], "bias": 4.2, "noise": 0.01, "examples": 100},
    "split": "train",
    "seed": 0,
}
TRAINING = {
    "module": "linear_regression.scratch",
    "dataset": "linear",
    "device": "cpu",
    "seed": 0,
    "epochs": 3,
    "batch_size": 10,
    "optimizer": "sgd",
    "learning_rate": 0.03,
    "momentum": 0.0,
    "weight_decay": 0.0,
    "features": None,
    "evaluate_every": 1,
    "evaluate_train": True,
}


class Bench:
    """A folder to work in."""

    def __init__(self, path: Path):
        self.path = path

    def place(self, stage: str, name: str, settings: Mapping[str, Any], **inputs: Path) -> Path:
        """Return the folder of a result, relative to this one."""
        references = {role: [layout.reference(folder)] for role, folder in inputs.items()}
        key = keys.key(keys.ingredients(stage, settings, references))
        return layout.result_folder(f"{stage}/{name}/{key}")

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess:
        """Run the command with these arguments."""
        return subprocess.run(
            [sys.executable, "-m", "d2l_lab.stages", *arguments],
            cwd=self.path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def make(
        self, stage: str, name: str, settings: Mapping[str, Any], *more: str, **inputs: Path
    ) -> tuple[Path, subprocess.CompletedProcess]:
        """Make a result; return its folder and the finished process."""
        place = self.place(stage, name, settings, **inputs)
        return self.path / place, self.run(*command(stage, settings, place, **inputs), *more)

    def made(
        self, stage: str, name: str, settings: Mapping[str, Any], *more: str, **inputs: Path
    ) -> Path:
        """Make a result, which must succeed silently; return its folder."""
        folder, answer = self.make(stage, name, settings, *more, **inputs)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout == ""
        assert not provenance.modified_files(folder)
        return folder


def command(stage: str, settings: Mapping[str, Any], place: Path, **inputs: Path) -> list[str]:
    """Return the arguments of the command that makes a result, as a rule does."""
    words = ["--settings", *(as_argument(*setting) for setting in settings.items())]
    for role, folder in inputs.items():
        words += ["--input", role, str(folder)]
    return [stage, *words, "--result", str(place / layout.PROVENANCE)]


def complaint(answer: subprocess.CompletedProcess) -> str:
    """Return the one line of a command's error message."""
    assert answer.returncode == 1, answer.stderr
    assert answer.stdout == ""
    (line,) = answer.stderr.splitlines()
    return line


def flip_a_bit(path: Path) -> None:
    """Change a file as a failing disk does: one bit in the middle, at the same length."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
