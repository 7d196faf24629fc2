"""Write a result whole or not at all, in one process of all runs; find similar results."""

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
    folder: Path, ingredients: Mapping[str, Any], apart_from: Collection[str], name: str = "*"
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Find the results of a stage, shards too, that are made of the same but for some settings.

    Their names do not matter: a model that was renamed is still the same training. Results of the
    same key come first, so that who needs no more can stop there without a search of the store.

    Parameters
    ----------
    folder : Path
        The place; what lies there itself is left out.
    ingredients : mapping
        See `ingredients`.
    apart_from : collection of str
        The settings that may differ, or be there in one alone.
    name : str
        A pattern of the names, such as ``mlp_scratch.cpu``, to search among these alone.

    Yields
    ------
    folder : Path
        Of a result that is there; whether it was modified is still to be checked.
    provenance : dict
    """

    def rest(ingredients: Mapping[str, Any]) -> dict[str, Any]:
        settings = {k: v for k, v in ingredients["settings"].items() if k not in apart_from}
        return {**ingredients, "settings": settings}

    wanted, words = rest(ingredients), _words(ingredients)
    stage = folder.parent.parent
    for key in (folder.name, "*"):
        patterns = [f"{name}/{key}/{PROVENANCE}", f"{name}.*-*/{key}/{PROVENANCE}"]
        for mark in sorted({*chain(*map(stage.glob, patterns))}):
            other = mark.parent
            if other == folder or (key == "*" and other.name == folder.name):
                continue
            if not _mentions(mark, words):
                continue
            record = provenance.read_valid(other)
            if record and rest(record["ingredients"]) == wanted:
                yield other, record


def _words(ingredients: Mapping[str, Any]) -> list[bytes]:
    """List what the provenance of a relative mentions for certain: its inputs and its code."""
    texts = [*chain(*ingredients["inputs"].values()), *ingredients.get("code", {}).values()]
    return [text.encode() for text in texts]


def _mentions(mark: Path, words: Collection[bytes]) -> bool:
    """Return whether a file has all of some words, which takes far less time than to parse it."""
    try:
        text = mark.read_bytes()
    except OSError:
        return False  # just deleted, or not for this user to read
    return all(word in text for word in words)


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
    """Move a finished result to its folder, unless another run has put one there."""
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
    """Be the only process, of all runs, that makes the result of a folder.

    It waits for another that is making it, and deletes what a killed process left.

    Parameters
    ----------
    folder : Path
        Created if it does not exist; removed again if it stays empty.
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
