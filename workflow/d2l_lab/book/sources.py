"""The hand-written files of the book."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.store.code import ROOT

BOOK = ROOT / "book"
WORDS_FOLDER = BOOK / "words"  # one file per language
PACKAGES = (  # libraries that shape the book, although no code imports them
    "itables",
    "myst-nb",
    "sphinx-book-theme",
    "sphinx-copybutton",
    "sphinx-design",
    "sphinx-mathjax-offline",
)
NOTEBOOKS_NEED = ("torch", "torchvision")  # of the notebooks for download, besides Jupyter


def files_below(folder: Path) -> list[Path]:
    """List the hand-written files of a folder."""
    found = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return [path for path in found if path.is_file()]


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """Return the digests of files, by their paths relative to `workflow`."""
    return {Path(os.path.relpath(path, ROOT)).as_posix(): digest(path) for path in sorted(paths)}


def digest(path: Path) -> str:
    """Return the digest of one file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def require_unchanged(digests: Mapping[str, str]) -> None:
    """Raise `LabError` if a file has changed since the run was planned."""
    for name, planned in digests.items():
        path = ROOT / name
        if not path.is_file() or digest(path) != planned:
            raise LabError(f"{path}: has changed since the run was planned; run again")
