"""The view: copies of the files that people read, under plain names."""

import os
import shutil
from itertools import chain
from pathlib import Path
from typing import Any

from d2l_lab.store import layout, provenance

RESULTS = Path("results")
FOLDERS = ("tables", "figures", "notebooks", "book")


def view_path(stage: str, file: str) -> Path:
    """Return the plain name of a file in a stage's result."""
    return RESULTS / layout.view_folder(stage) / file


def readable_files(folder: Path) -> dict[str, dict[str, Any]]:
    """List the files of a result that people read, as its provenance describes them."""
    record = provenance.read_valid(folder)
    stage = layout.reference(folder).partition("/")[0]
    files = record["files"].items() if record else ()
    return {name: file for name, file in files if layout.is_read_by_people(stage, name)}


def show(folder: Path) -> None:
    """Copy the files of a result that people read to their plain names, each atomically."""
    stage = layout.reference(folder).partition("/")[0]
    for name, file in readable_files(folder).items():
        path = view_path(stage, name)
        if not provenance.is_as_written(path, file):
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".{path.name}.{os.getpid()}")
            try:
                shutil.copyfile(folder / name, fresh)
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)


def files() -> list[Path]:
    """List all files of the view."""
    walks = chain(*(os.walk(RESULTS / name) for name in FOLDERS))
    return sorted(Path(folder, name) for folder, _, names in walks for name in names)


def remove(path: Path) -> None:
    """Delete a file of the view, and the folders that this leaves empty."""
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == RESULTS or any(folder.iterdir()):
            return
        folder.rmdir()
