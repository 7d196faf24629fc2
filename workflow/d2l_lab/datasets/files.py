"""Read the user's own files, plain or gzipped, and identify them by their content."""

import gzip
import hashlib
import zlib
from pathlib import Path

from d2l_lab.errors import LabError

GZIP_MAGIC = b"\x1f\x8b"


def content(path: Path) -> bytes:
    """Read a file, and unpack it if it is gzipped.

    Raises
    ------
    LabError
        If it cannot be read, is empty, or is truncated.
    """
    try:
        packed = path.read_bytes()
        found = gzip.decompress(packed) if packed.startswith(GZIP_MAGIC) else packed
    except FileNotFoundError:
        raise LabError(f"{path}: no such file; correct the path, or put the file there") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = f"a damaged gzip file ({error})"
        raise LabError(f"{path}: {what}; replace it by a whole one") from None
    except (OSError, ValueError) as error:  # ValueError: an impossible file name
        what = getattr(error, "strerror", None) or error
        raise LabError(f"{path}: cannot be read ({what}); name a file that can") from None
    if not found:
        raise LabError(f"{path}: the file is empty; replace it by a whole one")
    return found


def sha256(path: Path) -> str:
    """Return the digest of a file's unpacked content, so that packing it changes nothing."""
    return hashlib.sha256(content(path)).hexdigest()
