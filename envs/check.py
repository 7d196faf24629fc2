"""Check whether a virtual environment is still as it was made, and if not, say why.

    python -E -s -S envs/check.py .venv envs/requirements.txt

Every `make` runs this with the environment's own Python, which takes some hundredths of a second. A
third argument names another environment whose packages this one includes.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

RECORD = "made.json"


class Environment:
    """A virtual environment, its lock, and an environment whose packages it includes, if any."""

    def __init__(self, path: str, lock: str, beside: str | None = None):
        self.path, self.lock = Path(path), Path(lock)
        self.beside = Environment(beside, lock) if beside else None

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.path / "bin" / "python"

    @property
    def locked(self) -> str:
        """The text of the lock, after that of the included environment."""
        below = self.beside.record().get("locked", "") if self.beside else ""
        return below + self.lock.read_text("utf-8")

    def record(self) -> dict:
        """Read the record of how it was made; empty if it is missing or unreadable."""
        try:
            return json.loads((self.path / RECORD).read_text("utf-8"))
        except (OSError, ValueError):
            return {}

    def faults(self) -> Iterator[str]:
        """List what has changed since it was made; run this with its own Python."""
        record = self.record()
        if "contents" not in record:
            yield "it is not complete"
            return
        if record["locked"] != self.locked:
            yield "the lock has changed"
        if not (os.path.exists(record["place"]) and self.path.samefile(record["place"])):
            yield f"it was made as {record['place']}"
        if record["python"] != running_python():
            yield f"it was made with Python {record['python']}, and this is {running_python()}"
        if self.beside and record["beside"] != str(self.beside.packages()):
            yield f"{self.beside.path} was made again"
        found = self.contents()
        for name, size in record["contents"].items():
            if name not in found:
                yield f"{name} is missing"
            elif found[name] != size:
                yield f"{name} is not as it was"

    def contents(self) -> dict[str, int | None]:
        """List scripts, packages and the packages' direct contents, with the sizes of files."""
        start = len(str(self.path.resolve())) + 1
        try:
            found = [*entries(self.path.resolve() / "bin", 1), *entries(self.packages(), 2)]
        except OSError:
            return {}
        return {path[start:]: size for path, size in found}

    def packages(self) -> Path:
        """Return the folder of its packages."""
        return self.path.resolve() / "lib" / f"python{running_python()}" / "site-packages"


def running_python() -> str:
    """Return the version of Python that matters for packages, such as 3.11."""
    return "{}.{}".format(*sys.version_info)


def entries(folder: Path, levels: int) -> Iterator[tuple[str, int | None]]:
    """List the contents of a folder to some depth, without bytecode."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                yield entry.path, None
                if levels > 1:
                    yield from entries(entry.path, levels - 1)
        else:
            yield entry.path, entry.stat(follow_symlinks=False).st_size


if __name__ == "__main__":
    sys.exit(next(Environment(*sys.argv[1:]).faults(), None))
