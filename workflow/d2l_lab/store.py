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
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from d2l_lab import locks, shards
from d2l_lab.code import Code, code_of
from d2l_lab.errors import LabError
from d2l_lab.memory import peak_mebibytes

STORE = Path("results/store")
MARK = "provenance.json"
CPUINFO = Path("/proc/cpuinfo")
LEFTOVER = {".part", ".damaged"}  # the endings of what a writer has beside the result's place
# Stages whose settings hold the digests of their files: what code took these is no matter.
CONTENT_ADDRESSED = {"download", "benchmark"}
# Of other stages it is the stage's own name.
OF_TABLES = ("study", "claims", "benchmark", "record")
SHELVES = dict.fromkeys(OF_TABLES, "tables") | {"notebook": "notebooks"}
READ_BY_PEOPLE = (".csv", ".svg", ".png", ".ipynb")
READ_WHOLE = {"book"}  # stages all of whose files people read

Settings = Mapping[str, Any]
Inputs = Mapping[str, Sequence[str]]


def shelf_of(stage: str) -> str:
    """Name the folder of the view in which people find what a stage makes."""
    return SHELVES.get(stage, stage)


def is_read_by_people(stage: str, file: str) -> bool:
    """Tell whether the view shows a file of a stage's result."""
    return stage in READ_WHOLE or file.endswith(READ_BY_PEOPLE)


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
        code = code_for(stage, settings)
        found |= {"code": code.modules, "libraries": code.libraries}
    return found


def code_for(stage: str, settings: Settings) -> Code:
    """Find what a stage rests on: its own module, and the science module that it is told."""
    told = [settings["module"]] if "module" in settings else []
    return code_of([f"d2l_lab.stages.{stage}", *told])


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


def known_provenance(folder: Path) -> dict[str, Any] | None:
    """Read a provenance; None if there is none, or it is not as it was written."""
    try:
        provenance = read_provenance(folder)
        described = all({"sha256", "bytes"} <= file.keys() for file in provenance["files"].values())
        true = described and provenance["checksum"] == checksum_of(provenance)
        return provenance if true else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_whole(folder: Path) -> bool:
    """Tell whether every file of a result is there and has its size, and its provenance is true."""
    provenance = known_provenance(folder)
    try:
        return provenance is not None and all(
            (folder / name).stat().st_size == file["bytes"]
            for name, file in provenance["files"].items()
        )
    except OSError:
        return False


def altered(folder: Path) -> list[str]:
    """List the files of a result that are not, byte by byte, what was once written.

    Parameters
    ----------
    folder : Path
        A result; its provenance, if that was altered, stands for all.

    Returns
    -------
    list of str
        Names; a file that cannot be read is among them.
    """
    provenance = known_provenance(folder)
    if provenance is None:
        return [MARK]
    files = provenance["files"].items()
    return [name for name, file in files if not is_as_written(folder / name, file)]


def checksum_of(provenance: Mapping[str, Any]) -> str:
    """Digest all that a provenance says, but for this digest itself."""
    rest = {key: value for key, value in provenance.items() if key != "checksum"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


def require_unaltered(folder: Path) -> None:
    """Raise `LabError` if a file of a result is missing or altered; its mark is taken away.

    Then the next run makes the result again.
    """
    if names := altered(folder):
        with suppress(OSError):
            (folder / MARK).unlink()
        raise LabError(
            f"{folder}: {', '.join(names)}: missing, or altered since it was made; "
            "run again, which makes this result again"
        )


def relatives(
    folder: Path, ingredients: Mapping[str, Any], apart_from: Collection[str]
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Find the results beside a place, shards too, that are made of the same but for some settings.

    Parameters
    ----------
    folder : Path
        The place; what lies there itself is left out.
    ingredients : mapping
        See `ingredients`.
    apart_from : collection of str
        The settings that may differ, or be there in one alone.

    Yields
    ------
    folder : Path
        Of a result that is there; whether it was altered is still to be checked.
    provenance : dict
    """

    def rest(ingredients: Mapping[str, Any]) -> dict[str, Any]:
        settings = {k: v for k, v in ingredients["settings"].items() if k not in apart_from}
        return {**ingredients, "settings": settings}

    stage, whole = folder.parent.parent, shards.whole_of(folder.parent.name)
    marks = chain(*(stage.glob(f"{name}/*/{MARK}") for name in (whole, f"{whole}.*-*")))
    for other in sorted(mark.parent for mark in marks):
        provenance = known_provenance(other)
        if other == folder or provenance is None:
            continue
        if rest(provenance["ingredients"]) == rest(ingredients):
            yield other, provenance


def files_of(folder: Path) -> list[str]:
    """List all files below a folder, each by its path from there."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def describe(path: Path) -> dict[str, Any]:
    """Give a file's checksum, and its size in bytes."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}


def is_as_written(path: Path, file: Mapping[str, Any]) -> bool:
    """Tell whether a file is there and is, byte by byte, the one that was described."""
    try:
        return path.stat().st_size == file["bytes"] and describe(path) == file
    except OSError:
        return False


def beside(folder: Path, ending: str) -> Path:
    """Name a folder beside a result's place as this process's own; see `leftovers`."""
    writer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    return folder.with_name(f"{folder.name}.{writer}{ending}")


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
        Where to write the files, beside the result's place.
    measured : dict
        What the stage puts here, such as times, goes to the provenance, not into a file, since
        it is not the same in every run.
    """
    temporary = beside(folder, ".part")
    measured: dict[str, Any] = {}
    started, clock = datetime.now(UTC), time.perf_counter()
    try:
        temporary.mkdir(parents=True)
        yield temporary, measured
        provenance = {
            "key": folder.name,
            "name": folder.parent.name,
            "ingredients": ingredients,
            "files": {name: describe(temporary / name) for name in files_of(temporary)},
            "measured": measured,
            **machine(),
            "started": started.isoformat(timespec="milliseconds"),
            "seconds": time.perf_counter() - clock,
            "peak_mebibytes": peak_mebibytes(),
        }
        provenance["checksum"] = checksum_of(provenance)
        text = json.dumps(provenance, indent=2, ensure_ascii=False) + "\n"
        (temporary / MARK).write_text(text, encoding="utf-8")
        _let_others_read(temporary)
        _move(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def machine() -> dict[str, str]:
    """Name what the last digits of a result may depend on."""
    return {
        "host": socket.gethostname(),
        "cpu": cpu(),
        "platform": platform.platform(),
        "python": platform.python_version(),
    }


def cpu() -> str:
    """Name the processor of this machine."""
    try:
        lines = CPUINFO.read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor()  # which starts a process to ask


def _let_others_read(folder: Path) -> None:
    """Give files the permissions that this process asks for: safetensors writes for one user."""
    mask = os.umask(0)
    os.umask(mask)
    for name in files_of(folder):
        (folder / name).chmod(0o666 & ~mask)


def _move(temporary: Path, folder: Path) -> None:
    """Move a finished result to its place, unless another run has put a whole one there."""
    damaged = temporary.with_suffix(".damaged")
    while altered(folder):
        try:
            temporary.rename(folder)  # an empty folder, as Snakemake makes it, is replaced
            return
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
        with suppress(FileNotFoundError):  # another run may do the same right now
            folder.rename(damaged)
            shutil.rmtree(damaged)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only process, of all runs, that makes the result which belongs at a place.

    It waits for another that is at it; what was left by one that was killed is swept away.

    Parameters
    ----------
    folder : Path
        Made if it is not there; taken away again if nothing came into it.
    """
    with locks.alone(folder) as certain:
        if certain:
            for left in leftovers(folder):
                shutil.rmtree(left, ignore_errors=True)
        try:
            yield
        finally:
            with suppress(OSError):
                folder.rmdir()


def leftovers(folder: Path) -> list[Path]:
    """List what killed processes of this machine left beside the place of a result.

    It is true only as long as no other process works on that place.
    """
    found = folder.parent.glob(f"{folder.name}.{socket.gethostname()}-*")
    return [path for path in found if path.suffix in LEFTOVER]
