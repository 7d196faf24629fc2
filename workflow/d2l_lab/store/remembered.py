"""Cache values computed from the project's source files, next to Python's own cache of them."""

import hashlib
import importlib.util
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any


def remembered(path: Path, what: str, origins: Iterable[bytes], find: Callable[[], Any]) -> Any:
    """Compute something from source files and cache it as JSON.

    The cache is a file next to Python's own cache of the source, and as trustworthy: whoever can
    change it can also change the source. If it cannot be written, the value is computed each time.

    Parameters
    ----------
    path : Path
        The source file.
    what : str
        The name of the value among those computed from this file.
    origins : iterable of bytes
        Everything that the value depends on, including the code that computes it.
    find : callable
        Computes the value, which must be representable as JSON.
    """
    digests = [hashlib.sha256(origin).hexdigest() for origin in origins]
    kept = Path(importlib.util.cache_from_source(path)).with_suffix(f".{what}.json")
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(kept.read_bytes())
        if known["origins"] == digests:
            return known["found"]
    found = find()
    with suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=kept.parent, prefix=kept.name)
        try:  # another process may be reading or writing it
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump({"origins": digests, "found": found}, file)
            os.replace(fresh, kept)
        except OSError:
            os.unlink(fresh)
    return found
