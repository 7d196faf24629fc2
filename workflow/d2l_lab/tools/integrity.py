"""Whether what lies in the store, and what is shown of it, is what was once written there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from d2l_lab.pipeline import session
from d2l_lab.store import keys, layout, provenance

KEY = re.compile(r"[0-9a-f]{16}")
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


class Finding(NamedTuple):
    """A file that is not as it was written.

    Parameters
    ----------
    path : Path
    found : str
        What is wrong, in words.
    extra : bool
        Whether it is one too many, which does no harm to the others.
    """

    path: Path
    found: str
    extra: bool = False


class Checked(NamedTuple):
    """A result, or what is shown, after a look at every byte.

    Parameters
    ----------
    folder : Path
    files : int
        How many files it ought to have.
    findings : list of Finding
    """

    folder: Path
    files: int
    findings: list[Finding]


def places() -> tuple[list[Path], list[Path]]:
    """List the folders of the store, of any configuration.

    Returns
    -------
    results : list of Path
        Those that have a provenance.
    remains : list of Path
        Those that have none any more, though other files.
    """
    found = sorted(one for one in layout.STORE.glob("*/*/*") if KEY.fullmatch(one.name))
    results = [one for one in found if (one / layout.PROVENANCE).exists()]
    remains = [one for one in found if one not in results and any(one.glob("*"))]
    return results, remains


def check_result(folder: Path) -> Checked:
    """Compare a result with its record, and the record with its own checksum."""
    mark = folder / layout.PROVENANCE
    try:
        record = provenance.read(folder)
        if record.get("checksum") is None:
            return Checked(folder, 0, [Finding(mark, "has no checksum of its own")])
        if record["checksum"] != provenance.checksum(record):
            return Checked(folder, 0, [Finding(mark, "was altered: its checksum is another")])
        files = record["files"]
        findings = [Finding(mark, text) for text in misplaced(folder, record)]
    except UNREADABLE:
        return Checked(folder, 0, [Finding(mark, "cannot be read as a record")])
    findings += altered(folder, files)
    extra = {*layout.files_below(folder)} - {*files, layout.PROVENANCE}
    text = "is none of this result's files"
    findings += [Finding(folder / name, text, extra=True) for name in sorted(extra)]
    return Checked(folder, len(files), findings)


def misplaced(folder: Path, provenance: dict[str, Any]) -> Iterator[str]:
    """Say in what a provenance belongs to another place than the one where it lies."""
    ingredients = provenance["ingredients"]
    told = (ingredients["stage"], provenance["name"], provenance["key"])
    for what, expected, found in zip(
        ("stage", "name", "key"), folder.parts[-3:], told, strict=True
    ):
        if found != expected:
            yield f"tells the {what} {found}, but lies at {expected}"
    if (key := keys.key(ingredients)) != provenance["key"]:
        yield f"tells the key {provenance['key']}, but its ingredients make {key}"


def altered(folder: Path, files: dict[str, dict[str, Any]]) -> list[Finding]:
    """List the files of a folder that are not as they were described."""
    found = {folder / name: alteration(folder / name, file) for name, file in files.items()}
    return [Finding(path, text) for path, text in found.items() if text]


def alteration(path: Path, file: dict[str, Any]) -> str | None:
    """Say how a file differs from the one that was described; None if it does not."""
    if not path.exists():
        return "is missing"
    try:
        now = provenance.describe(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if now["bytes"] != file["bytes"]:
        return f"has {now['bytes']} bytes instead of {file['bytes']}"
    if now["sha256"] != file["sha256"]:
        return f"has other bytes: sha256 {now['sha256'][:8]}… instead of {file['sha256'][:8]}…"
    return None


def check_view() -> Checked | None:
    """Check the files under plain names; None if nothing is shown."""
    marks = sorted(session.SHOWN.glob("*"))
    if not marks:
        return None
    mark = marks[0]
    try:
        files = json.loads(mark.read_text("utf-8"))
        findings = altered(session.RESULTS, files)
    except UNREADABLE:
        return Checked(mark, 0, [Finding(mark, "cannot be read as a list of what is shown")])
    if not session.REPORT.exists():
        findings.append(Finding(session.REPORT, "is missing"))
    return Checked(mark, len(files), findings)
