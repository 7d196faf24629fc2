"""Read the provenance of a result, and check its files against it."""

import hashlib
import json
import platform
import re
import resource
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from d2l_lab.errors import LabError
from d2l_lab.store.keys import canonical
from d2l_lab.store.layout import PROVENANCE

CPUINFO = Path("/proc/cpuinfo")
STATUS = Path("/proc/self/status")
MEBIBYTE = 2**10 if sys.platform == "linux" else 2**20  # in units of `getrusage`


def read(folder: Path) -> dict[str, Any]:
    """Read the provenance of a result."""
    return json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))


def read_valid(folder: Path) -> dict[str, Any] | None:
    """Read a provenance; return None if it is missing or was modified."""
    try:
        provenance = read(folder)
        described = all({"sha256", "bytes"} <= file.keys() for file in provenance["files"].values())
        true = described and provenance["checksum"] == checksum(provenance)
        return provenance if true else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_whole(folder: Path) -> bool:
    """Return whether the provenance of a result is valid and its files have the right sizes."""
    provenance = read_valid(folder)
    try:
        return provenance is not None and all(
            (folder / name).stat().st_size == file["bytes"]
            for name, file in provenance["files"].items()
        )
    except OSError:
        return False


def modified_files(folder: Path) -> dict[str, str]:
    """Say what is wrong with each file of a result that is missing or was modified.

    If the provenance itself is missing or was modified, only that is reported.
    """
    provenance = read_valid(folder)
    if provenance is None:
        is_there = (folder / PROVENANCE).exists()
        return {PROVENANCE: "does not match its own checksum" if is_there else "is missing"}
    found = {name: alteration(folder / name, file) for name, file in provenance["files"].items()}
    return {name: words for name, words in found.items() if words}


def alteration(path: Path, file: Mapping[str, Any]) -> str:
    """Say how a file differs from its description in the provenance; nothing if it does not."""
    try:
        size = path.stat().st_size
        now = describe(path) if size == file["bytes"] else None
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if now is None:
        return f"has {size} bytes instead of {file['bytes']}"
    if now != file:
        return f"was modified: sha256 {now['sha256'][:8]}… instead of {file['sha256'][:8]}…"
    return ""


def checksum(provenance: Mapping[str, Any]) -> str:
    """Digest everything in a provenance except this digest itself."""
    rest = {key: value for key, value in provenance.items() if key != "checksum"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


def require_unmodified(folder: Path) -> None:
    """Raise `LabError` and delete the provenance if a file of a result is missing or modified.

    The next run then recomputes the result.
    """
    if names := modified_files(folder):
        with suppress(OSError):
            (folder / PROVENANCE).unlink()
        raise LabError(
            f"{folder}: {', '.join(names)}: missing, or modified since it was made; "
            "run again to recompute this result"
        )


def describe(path: Path) -> dict[str, Any]:
    """Return a file's checksum, and its size in bytes."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}


def is_as_written(path: Path, file: Mapping[str, Any]) -> bool:
    """Return whether a file exists and equals, byte for byte, the one in the provenance."""
    return not alteration(path, file)


def machine() -> dict[str, str]:
    """Describe the hardware and software that the last digits of a result may depend on."""
    return {
        "host": socket.gethostname(),
        "cpu": cpu(),
        "platform": platform.platform(),
        "python": platform.python_version(),
    }


def cpu() -> str:
    """Return the name of this machine's processor."""
    try:
        lines = CPUINFO.read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor()  # slow: it starts a process


def peak_mebibytes() -> float:
    """Return the peak memory of this process or of its largest child."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEBIBYTE
    return max(_own(), child)


def _own() -> float:
    if STATUS.exists():  # here `getrusage` includes the peak of the parent process
        kibibytes = re.search(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text("utf-8"), re.MULTILINE)
        return int(kibibytes[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE
