"""The folders of results: the store, and the view, which has copies under plain names."""

import os
from pathlib import Path

from d2l_lab.errors import LabError

STORE = Path("results/store")
PROVENANCE = "provenance.json"
# The stages, besides `tables`, whose files are tables.
TABLE_STAGES = (
    "sweeps",
    "comparison",
    "published",
    "checklist",
    "study",
    "claims",
    "benchmark",
    "record",
)
VIEW_FOLDERS = dict.fromkeys(TABLE_STAGES, "tables") | {
    "notebook": "notebooks",
    "report": "book",
}
ENGLISH = "en"  # figures in English need no separate folder
READ_BY_PEOPLE = (".csv", ".svg", ".png", ".ipynb")
READ_WHOLE = {"book", "report"}  # stages whose view has all their files


def require_folders() -> None:
    """Raise `LabError` if `results`, or the store in it, exists but is not a folder.

    Otherwise a link to a disk that is not mounted would look like an empty store.
    """
    for folder in (STORE.parent, STORE):
        if folder.is_symlink() and not folder.exists():
            raise LabError(
                f"{folder}: a link to {os.readlink(folder)}, which does not exist; mount it, or "
                "point the link to another folder, or delete it"
            )
        if folder.exists() and not folder.is_dir():
            raise LabError(f"{folder}: is a file, where results need a folder; move it away")


def view_folder(stage: str) -> str:
    """Return the folder of the view that shows a stage's results."""
    return VIEW_FOLDERS.get(stage, stage)


def svg_file(figure: str, language: str) -> str:
    """Return the path of a figure's SVG in a language: ``capacity.svg``, ``zh/capacity.svg``."""
    return f"{figure}.svg" if language == ENGLISH else f"{language}/{figure}.svg"


def is_read_by_people(stage: str, file: str) -> bool:
    """Return whether the view shows a file of a stage's result."""
    return stage in READ_WHOLE or file.endswith(READ_BY_PEOPLE)


def result_folder(reference: str) -> Path:
    """Return the folder of a reference ``stage/name/key``."""
    return STORE / reference


def folder_of(path: Path) -> Path:
    """Return the folder of the result that a file in the store belongs to."""
    return Path(*path.parts[: len(STORE.parts) + 3])


def reference(folder: Path) -> str:
    """Return the reference ``stage/name/key`` of a result's folder."""
    return "/".join(folder.parts[-3:])


def files_below(folder: Path) -> list[str]:
    """List all files below a folder, by their paths relative to it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)
