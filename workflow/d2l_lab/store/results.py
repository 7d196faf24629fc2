"""Write a result completely or not at all, in one process at a time; find similar results."""

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

LEFTOVER = {".part", ".damaged"}  # endings of a writer's temporary folders


def relatives(
    folder: Path, ingredients: Mapping[str, Any], apart_from: Collection[str], name: str = "*"
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Find the results of a stage, shards too, that differ in some settings only.

    Names do not matter: a renamed model is still the same training. Results with the same key come
    first, so that a caller who needs no others can stop without searching the store.

    Parameters
    ----------
    folder : Path
        The result's own folder, which is left out.
    ingredients : mapping
        See `ingredients`.
    apart_from : collection of str
        The settings that may differ, or be missing in one of them.
    name : str
        A pattern that restricts the search to matching names, such as ``mlp_scratch.cpu``.

    Yields
    ------
    folder : Path
        The folder of an existing result; the caller must check whether it was modified.
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
    """List words that the provenance of every similar result contains: its inputs and code."""
    texts = [*chain(*ingredients["inputs"].values()), *ingredients.get("code", {}).values()]
    return [text.encode() for text in texts]


def _mentions(mark: Path, words: Collection[bytes]) -> bool:
    """Return whether a file contains all words, which is far quicker than parsing it."""
    try:
        text = mark.read_bytes()
    except OSError:
        return False  # deleted meanwhile, or unreadable for this user
    return all(word in text for word in words)


def whole_name(name: str) -> str:
    """Return the name of a result, without the suffix of a shard: ``mlp_scratch.cpu``."""
    return ".".join(name.split(".")[:2])


@contextmanager
def writing(folder: Path, ingredients: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Write a result completely or not at all.

    Parameters
    ----------
    folder : Path
        The result's folder.
    ingredients : mapping
        See `ingredients`.

    Yields
    ------
    temporary : Path
        The folder to write the files in, next to the result's own.
    measured : dict
        Put here what differs from run to run, such as times; it goes into the provenance, not into
        a file.
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
    """Return a path next to a result's folder that belongs to this process; see `leftovers`."""
    writer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    return folder.with_name(f"{folder.name}.{writer}{ending}")


def _let_others_read(folder: Path) -> None:
    """Give files the default permissions; safetensors makes them readable for one user only."""
    mask = os.umask(0)
    os.umask(mask)
    for name in files_below(folder):
        (folder / name).chmod(0o666 & ~mask)


def _move(temporary: Path, folder: Path) -> None:
    """Move a finished result to its folder, unless another run has put one there."""
    damaged = temporary.with_suffix(".damaged")
    while provenance.modified_files(folder):
        try:
            temporary.rename(folder)  # replaces an empty folder, such as Snakemake makes
            return
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
        with suppress(FileNotFoundError):  # another run may do the same at this moment
            folder.rename(damaged)
            shutil.rmtree(damaged)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Make sure that no other process, of any run, makes the same result.

    If another process is making it, wait; then delete what killed processes left behind.

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
    except BaseException:  # for instance a signal right after the folder was made
        _remove_if_unused(folder)
        raise


def _remove_if_unused(folder: Path) -> None:
    """Remove an empty folder, unless another process has begun to work on it."""
    with suppress(OSError):
        if (descriptor := locks.take(folder)) is not None:
            try:
                folder.rmdir()
            finally:
                os.close(descriptor)


def leftovers(folder: Path) -> list[Path]:
    """List the leftovers of killed processes of this machine next to a result's folder.

    Valid only while no other process works on that folder.
    """
    found = folder.parent.glob(f"{folder.name}.{socket.gethostname()}-*")
    return [path for path in found if path.suffix in LEFTOVER]
