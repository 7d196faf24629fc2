"""What was found out about a source file, kept beside Python's own cache of it.

Whoever may change this cache may change the sources too: it is trusted as Python trusts its own.
"""

import hashlib
import importlib.util
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any


def remembered(path: Path, *origins: bytes, find: Callable[[], Any]) -> Any:
    """Find something out about a file, unless it was found out before from the same origins.

    Parameters
    ----------
    path : Path
        The source file; one thing is kept for each, for each version of Python.
    *origins : bytes
        All that the answer rests on: the file's content, and the code that reads it.
    find : callable
        Gives the answer, as JSON can hold it. What it raises is raised, and not kept.

    Returns
    -------
    As `find` does; what cannot be kept, as in a folder that is not to be written, is found anew.
    """
    digests = [hashlib.sha256(origin).hexdigest() for origin in origins]
    kept = Path(importlib.util.cache_from_source(path)).with_suffix(".json")
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(kept.read_bytes())
        if known["origins"] == digests:
            return known["found"]
    found = find()
    with suppress(OSError):
        _write(kept, json.dumps({"origins": digests, "found": found}))
    return found


def _write(path: Path, text: str) -> None:
    """Write a file as a whole, for others may read or write it just now."""
    path.parent.mkdir(exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(fresh, path)
    except OSError:
        os.unlink(fresh)
        raise
