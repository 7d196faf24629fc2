"""Read the user's own files, plain or gzipped, and identify them by their content."""

import gzip
import hashlib
import zlib
from pathlib import Path

from d2l_lab.errors import LabError

GZIP_MAGIC = b"\x1f\x8b"


def content(path: Path) -> bytes:
    """Return a file's bytes, unpacked if it is gzipped.

    Raises
    ------
    LabError
        If the file cannot be read, is empty, or is a damaged gzip file.
    """
    try:
        packed = path.read_bytes()
        found = gzip.decompress(packed) if packed.startswith(GZIP_MAGIC) else packed
    except FileNotFoundError:
        raise LabError(f"{path}: no such file; correct the path, or put the file there") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = f"a damaged gzip file ({error})"
        raise LabError(f"{path}: {what}; replace it with a complete copy") from None
    except (OSError, ValueError) as error:  # ValueError: an impossible file name
        what = getattr(error, "strerror", None) or error
        raise LabError(f"{path}: cannot be read ({what}); choose a readable file") from None
    if not found:
        raise LabError(f"{path}: the file is empty; replace it with a complete copy")
    return found


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's unpacked bytes, which packing it does not change."""
    return hashlib.sha256(content(path)).hexdigest()
