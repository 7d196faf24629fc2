"""Fetch a dataset's files, each from the first source that has it intact.

If a source is unavailable or too slow, or its file is truncated or wrong, the next source is tried
for that file. Only bytes with the expected SHA-256 ever reach the target folder.
"""

import hashlib
import logging
import os
import subprocess
import tarfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

import requests

from d2l_lab.errors import LabError

CONNECT_SECONDS = 10
READ_SECONDS = 30  # without any data from a host
DOWNLOAD_SECONDS = 900  # the longest time for one file: 26 MB at 30 kB/s
APT_SECONDS = 900  # the longest time for one command of apt or dpkg
CHUNK_BYTES = 16 * 1024
# The largest IDX file has 47 MB, and a package of all four is a bit larger. Anything larger when
# unpacked is not such a file, and could fill the disk.
LARGEST_FILE_BYTES = 100 * 1000 * 1000

GZIP_MAGIC = b"\x1f\x8b"

# apt writes only to a private folder, and the machine's own update hooks, which may affect the
# whole system, do not run. The package sources and keys are the machine's.
APT_CONFIGURATION = """\
Dir::State "{scratch}";
Dir::State::Lists "{scratch}/lists";
Dir::Cache "{scratch}";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "0";
Acquire::http::Timeout "{timeout}";
Acquire::https::Timeout "{timeout}";
"""

WITHOUT_A_NETWORK = """\
To continue offline, put these files, gzipped or not, into a folder, and name it as the first source
under datasets.fashion_mnist.sources in config.yaml: `- folder: path/to/the/folder`.
On Debian, the package dataset-fashion-mnist installs them in /usr/share/datasets/fashion-mnist."""

logger = logging.getLogger(__name__)


class _Unavailable(Exception):  # noqa: N818, it is an outcome
    """Why a source does not provide a file."""


class _Unreachable(_Unavailable):
    """Why a source provides none of the files, so that it is not asked for the others."""


def fetch(files: Mapping[str, str], sources: Sequence[Mapping[str, str]], folder: Path) -> None:
    """Put verified files into a folder.

    Parameters
    ----------
    files
        The SHA-256 (hexadecimal) of each file's unpacked bytes, by the file's name.
    sources
        Tried in this order for each file. Each has one key: `folder` (with the files, .gz or not),
        `url` (for `<url>/<name>.gz`) or `debian` (the name of a package, which is unpacked without
        installing it, so it needs no root).
    folder
        Where to put the unpacked files. Valid files already there are kept.

    Raises
    ------
    LabError
        If no source provides some file, with every source's reason, or if the disk is full.
    """
    failures: dict[str, dict[str, str]] = {}  # for each source, the reason for each file
    try:
        left = {name: sha for name, sha in files.items() if not _holds(folder / name, sha)}
        for source in sources:
            ((kind, where),) = source.items()
            if left:
                reasons = _fetch_from(kind, where, left, folder)
                failures[_printable(f"{kind} {where}")] = reasons
                left = {name: left[name] for name in reasons}
    except OSError as error:  # sources raise _Unavailable, so this error is local
        raise LabError(
            f"cannot write {error.filename or folder}: {error.strerror or error}\n"
            "Free some space or correct the permissions, and run again; complete files are kept."
        ) from error
    if left:
        raise LabError(_summary(list(left), len(files), failures))


def _fetch_from(kind: str, where: str, wanted: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Store the wanted files that a source has; return the reason for each of the others."""
    reasons, gone = {}, None
    with TemporaryDirectory(prefix="d2l-lab-", ignore_cleanup_errors=True) as scratch:
        for name, sha256 in wanted.items():
            try:
                if gone:
                    raise gone
                _store(_gunzip(KINDS[kind](where, name, Path(scratch))), folder / name, sha256)
            except _Unavailable as reason:
                reasons[name] = _printable(str(reason))
                gone = reason if isinstance(reason, _Unreachable) else None
            outcome = reasons.get(name, "ok, verified")
            logger.info("%s: %s: %s", _printable(f"{kind} {where}"), name, outcome)
    return reasons


def _printable(text: str) -> str:
    """Remove control characters, so that a host's message cannot move a terminal's cursor."""
    return "".join(each if each.isprintable() else "?" for each in text)


def _summary(left: list[str], wanted: int, failures: Mapping[str, Mapping[str, str]]) -> str:
    """Return one line for each source with its reasons, and the files if they differ."""
    lines = [f"no source provides {len(left)} of {wanted} files: {', '.join(left)}"]
    for source, reasons in failures.items():
        names: dict[str, list[str]] = {}
        for name in left:
            names.setdefault(reasons[name], []).append(name)
        told = [f"{reason} ({', '.join(names[reason])})" for reason in names]
        lines.append(f"- {source}: {'; '.join(told if len(names) > 1 else names)}")
    return "\n".join([*lines, WITHOUT_A_NETWORK])


def _holds(path: Path, sha256: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _store(chunks: Iterable[bytes], path: Path, sha256: str) -> None:
    """Write the chunks to the path if they are the expected bytes; otherwise leave no file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    digest = hashlib.sha256()
    try:
        with temporary.open("wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
                if file.tell() > LARGEST_FILE_BYTES:
                    raise _Unavailable(f"larger than {LARGEST_FILE_BYTES} bytes when unpacked")
        if digest.hexdigest() != sha256:
            raise _Unavailable(
                f"wrong bytes: SHA-256 {digest.hexdigest()[:12]}…, expected {sha256[:12]}…"
            )
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack in chunks of bounded size; pass on bytes that are not gzip unchanged."""
    head = next(chunks, b"")
    if not head.startswith(GZIP_MAGIC):
        yield from chain([head], chunks)
        return
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for chunk in chain([head], chunks):
            packed = chunk
            while packed and not unpacker.eof:
                yield unpacker.decompress(packed, CHUNK_BYTES)
                packed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise _Unavailable(f"damaged gzip file: {error}") from error
    if not unpacker.eof:
        raise _Unavailable("the gzip file is truncated")


# Each function reads one file of a source, packed or not, in chunks.


def _folder(where: str, name: str, _scratch: Path) -> Iterator[bytes]:
    folder = Path(where).absolute()
    try:
        path = next(filter(Path.is_file, (folder / name, folder / f"{name}.gz")), None)
        if path is None:
            raise _Unavailable(f"no such file, gzipped or not, in {folder}")
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise _Unavailable(f"cannot read {error.filename or folder}: {error.strerror}") from error


def _url(base: str, name: str, _scratch: Path) -> Iterator[bytes]:
    deadline = time.monotonic() + DOWNLOAD_SECONDS
    try:
        with requests.get(
            f"{base.rstrip('/')}/{name}.gz",
            stream=True,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            headers={"Accept-Encoding": "identity"},  # the file is already packed
            hooks={"response": _leave_redirection_unread},
        ) as answer:
            if not answer.ok:
                raise _Unavailable(f"HTTP {answer.status_code} {answer.reason}")
            for chunk in answer.iter_content(CHUNK_BYTES):
                if time.monotonic() > deadline:
                    raise _Unavailable(f"not finished after {DOWNLOAD_SECONDS} s")
                yield chunk
    except requests.ConnectTimeout as error:
        raise _Unreachable(f"no connection after {CONNECT_SECONDS} s") from error
    except OSError as error:  # errors of requests are OSErrors
        while error.__context__:  # the first cause, such as `Connection refused`
            error = error.__context__
        raise _Unavailable(getattr(error, "strerror", None) or str(error)) from error


def _leave_redirection_unread(answer: requests.Response, **_options: object) -> None:
    """Close the body of a redirect, all of which requests would read, even if it never ended."""
    if answer.is_redirect:
        answer.close()


def _debian(package: str, name: str, scratch: Path) -> Iterator[bytes]:
    """Read a regular file of this name from anywhere in the package.

    The tar file is not unpacked, so no name or link in it can point to another place on the disk.
    """
    unpacked = scratch / "unpacked.tar"
    if not unpacked.exists():
        _unpack_package(package, unpacked)
    try:
        with tarfile.open(unpacked, "r:") as tar:
            for member in tar:
                if member.isreg() and PurePosixPath(member.name).name in {name, f"{name}.gz"}:
                    file = tar.extractfile(member)
                    while chunk := file.read(CHUNK_BYTES):
                        yield chunk
                    return
    except (tarfile.TarError, OSError, ValueError) as error:  # ValueError: a bad number
        raise _Unavailable(f"damaged package: {error}") from error
    raise _Unavailable("no such file, gzipped or not, in the package")


def _unpack_package(package: str, unpacked: Path) -> None:
    """Download a package and unpack it to a tar file, with all temporary files next to it."""
    scratch = unpacked.parent
    configuration = scratch / "apt.conf"
    settings = APT_CONFIGURATION.format(scratch=scratch, timeout=READ_SECONDS)
    configuration.write_text(settings, "utf-8")
    (scratch / "lists/partial").mkdir(parents=True)
    apt_get = ["apt-get", "-c", str(configuration)]
    # Even if an update cannot reach some of the package sources, it may know the package.
    update = _run([*apt_get, "update"], scratch)
    download = _run([*apt_get, "download", "--", package], scratch)
    if download.returncode:
        complaints = filter(None, (update.stderr + download.stderr).splitlines())
        raise _Unreachable("; ".join(dict.fromkeys(complaints)))
    (deb,) = scratch.glob("*.deb")
    bounded = ["prlimit", f"--fsize={LARGEST_FILE_BYTES}"]  # util-linux, as essential as dpkg
    with unpacked.open("wb") as file:
        unpacking = _run([*bounded, "dpkg-deb", "--fsys-tarfile", str(deb)], scratch, file)
    if unpacking.returncode:
        raise _Unreachable("; ".join(unpacking.stderr.splitlines()))


def _run(
    command: Sequence[str], folder: Path, output: IO[bytes] | int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    options = {"cwd": folder, "env": {**os.environ, "LC_ALL": "C.UTF-8"}, "timeout": APT_SECONDS}
    streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.PIPE}
    try:
        return subprocess.run(command, **options, **streams, encoding="utf-8", check=False)
    except FileNotFoundError as error:
        raise _Unreachable(f"this machine does not have {command[0]}") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise _Unreachable(str(error)) from error


KINDS = {"folder": _folder, "url": _url, "debian": _debian}
