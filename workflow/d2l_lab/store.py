"""The store: every result lies in a folder whose name is the key of all that made it.

``results/store/<stage>/<name>/<key>/`` holds the result's files and `provenance.json`. A result
is whole or absent: it is written beside its place and moved there at the end.
"""

import errno
import hashlib
import json
import os
import platform
import secrets
import shutil
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from d2l_lab.code import code_of
from d2l_lab.errors import LabError

STORE = Path("results/store")
MARK = "provenance.json"
# Stages whose settings hold the digests of their files: what code fetched these is no matter.
CONTENT_ADDRESSED = {"download"}

Settings = Mapping[str, Any]
Inputs = Mapping[str, Sequence[str]]


def canonical(value: Any) -> str:
    """Write a value as JSON that is the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def ingredients(stage: str, settings: Settings, inputs: Inputs) -> dict[str, Any]:
    """Collect all that determines a result, and nothing else.

    Parameters
    ----------
    stage : str
        The stage's name, that of its module in `d2l_lab.stages`.
    settings : mapping
        What the stage is told; ``settings["module"]`` names the science module it calls, if its
        own imports do not.
    inputs : mapping from a role to references
        A reference is ``stage/name/key``.

    Returns
    -------
    dict
        Ready for JSON: stage, settings, inputs, the code's digests, the libraries' versions.
    """
    found = {
        "stage": stage,
        "settings": dict(settings),
        "inputs": {role: list(references) for role, references in inputs.items()},
    }
    if stage not in CONTENT_ADDRESSED:
        modules = [f"d2l_lab.stages.{stage}"]
        modules += [settings["module"]] if "module" in settings else []
        code = code_of(modules)
        found |= {"code": code.modules, "libraries": code.libraries}
    return found


def key_of(ingredients: Mapping[str, Any]) -> str:
    """Give the key of a result: a short digest of its ingredients."""
    return hashlib.sha256(canonical(ingredients).encode()).hexdigest()[:16]


def folder_of(reference: str) -> Path:
    """Give the folder of a reference ``stage/name/key``."""
    return STORE / reference


def reference_of(folder: Path) -> str:
    """Give the reference ``stage/name/key`` of a result's folder."""
    return "/".join(folder.parts[-3:])


def read_provenance(folder: Path) -> dict[str, Any]:
    """Read what is known of how a result came about."""
    return json.loads((folder / MARK).read_text(encoding="utf-8"))


def is_whole(folder: Path) -> bool:
    """Tell whether every file of a result is there and has its size."""
    try:
        files = read_provenance(folder)["files"]
        return all((folder / name).stat().st_size == file["bytes"] for name, file in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def require_whole(folder: Path) -> None:
    """Raise `LabError` if a result is not whole."""
    if not is_whole(folder):
        raise LabError(
            f"{folder}: a file is missing or not as long as it was made; "
            "delete this folder and run again"
        )


@contextmanager
def writing(folder: Path, ingredients: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Write a result: whole, or not at all.

    Parameters
    ----------
    folder : Path
        Where the result belongs.
    ingredients : mapping
        See `ingredients`.

    Yields
    ------
    temporary : Path
        Where to write the files.
    measured : dict
        What the stage puts here, such as times, goes to the provenance, not into a file, since
        it is not the same in every run.
    """
    writer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    temporary = folder.with_name(f"{folder.name}.{writer}.part")
    measured: dict[str, Any] = {}
    started, clock = datetime.now(UTC), time.perf_counter()
    try:
        temporary.mkdir(parents=True)
        yield temporary, measured
        provenance = {
            "key": folder.name,
            "name": folder.parent.name,
            "ingredients": ingredients,
            "files": {path.name: _describe(path) for path in sorted(temporary.iterdir())},
            "measured": measured,
            "host": socket.gethostname(),
            "platform": platform.platform(),
            "python": platform.python_version(),
            "started": started.isoformat(timespec="seconds"),
            "seconds": time.perf_counter() - clock,
        }
        text = json.dumps(provenance, indent=2, ensure_ascii=False) + "\n"
        (temporary / MARK).write_text(text, encoding="utf-8")
        _move(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}


def _move(temporary: Path, folder: Path) -> None:
    """Move a finished result to its place, unless another run has put a whole one there."""
    damaged = temporary.with_suffix(".damaged")
    while not is_whole(folder):
        try:
            temporary.rename(folder)  # an empty folder, as Snakemake makes it, is replaced
            return
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
        with suppress(FileNotFoundError):  # another run may do the same right now
            folder.rename(damaged)
            shutil.rmtree(damaged)


def forget_damaged(folder: Path) -> bool:
    """Take the mark from a result that has lost a file or part of one, so that it is made again.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    bool
        Whether there was such a result.
    """
    damaged = (folder / MARK).exists() and not is_whole(folder)
    if damaged:
        (folder / MARK).unlink()
    return damaged
