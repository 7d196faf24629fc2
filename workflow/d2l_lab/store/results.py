"""Writing a result whole or not at all, alone among all runs; finding others like it."""

import errno
import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from d2l_lab.store import locks, provenance
from d2l_lab.store.layout import PROVENANCE, files_below

LEFTOVER = {".part", ".damaged"}  # the endings of what a writer has beside the result's place


def relatives(
    folder: Path, ingredients: Mapping[str, Any], apart_from: Collection[str]
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Find the results that are made of the same as that of a place, but for some settings.

    They are those of the same name, shards too, and that of the same key under any name: a model
    that was renamed has its results under the former one.

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

    stage, whole = folder.parent.parent, whole_name(folder.parent.name)
    places = (f"{whole}/*", f"{whole}.*-*/*", f"*/{folder.name}")
    marks = chain(*(stage.glob(f"{place}/{PROVENANCE}") for place in places))
    for other in sorted({mark.parent for mark in marks}):
        record = provenance.read_valid(other)
        if other == folder or record is None:
            continue
        if rest(record["ingredients"]) == rest(ingredients):
            yield other, record


def whole_name(name: str) -> str:
    """Name the training that a shard, or a whole, is of: ``mlp_scratch.cpu``."""
    return ".".join(name.split(".")[:2])


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
        record = {
            "key": folder.name,
            "name": folder.parent.name,
            "ingredients": ingredients,
            "files": {
                name: provenance.describe(temporary / name) for name in files_below(temporary)
            },
            "measured": measured,
            **provenance.machine(),
            "started": started.isoformat(timespec="milliseconds"),
            "seconds": time.perf_counter() - clock,
            "peak_mebibytes": provenance.peak_mebibytes(),
        }
        record["checksum"] = provenance.checksum(record)
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        (temporary / PROVENANCE).write_text(text, encoding="utf-8")
        _let_others_read(temporary)
        _move(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def beside(folder: Path, ending: str) -> Path:
    """Name a folder beside a result's place as this process's own; see `leftovers`."""
    writer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    return folder.with_name(f"{folder.name}.{writer}{ending}")


def _let_others_read(folder: Path) -> None:
    """Give files the permissions that this process asks for: safetensors writes for one user."""
    mask = os.umask(0)
    os.umask(mask)
    for name in files_below(folder):
        (folder / name).chmod(0o666 & ~mask)


def _move(temporary: Path, folder: Path) -> None:
    """Move a finished result to its place, unless another run has put a whole one there."""
    damaged = temporary.with_suffix(".damaged")
    while provenance.modified_files(folder):
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
def exclusive(folder: Path) -> Iterator[None]:
    """Be the only process, of all runs, that makes the result which belongs at a place.

    It waits for another that is at it; what was left by one that was killed is swept away.

    Parameters
    ----------
    folder : Path
        Made if it is not there; taken away again if nothing came into it.
    """
    try:
        with locks.alone(folder) as certain:
            if certain:
                for left in leftovers(folder):
                    shutil.rmtree(left, ignore_errors=True)
            try:
                yield
            finally:
                with suppress(OSError):
                    folder.rmdir()
    except BaseException:  # such as a signal to end just when the folder is made
        _remove_if_unused(folder)
        raise


def _remove_if_unused(folder: Path) -> None:
    """Take an empty folder away, unless another process has begun to work on it."""
    with suppress(OSError):
        if (descriptor := locks.take(folder)) is not None:
            try:
                folder.rmdir()
            finally:
                os.close(descriptor)


def leftovers(folder: Path) -> list[Path]:
    """List what killed processes of this machine left beside the place of a result.

    It is true only as long as no other process works on that place.
    """
    found = folder.parent.glob(f"{folder.name}.{socket.gethostname()}-*")
    return [path for path in found if path.suffix in LEFTOVER]
