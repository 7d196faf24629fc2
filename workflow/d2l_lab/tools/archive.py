"""Put the book, tables, figures, configuration, code and provenance into one file.

It is a Workflow Run RO-Crate, a ZIP file that describes itself to people and programs.
"""

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from d2l_lab.config.messages import count
from d2l_lab.errors import LabError
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.status import Status
from d2l_lab.store import layout, results, view
from d2l_lab.store.lineage import lineage
from d2l_lab.tools import cli
from d2l_lab.tools.crate import VALIDATED, RunCrate, sources, view_folders
from d2l_lab.tools.prune import readable

ARCHIVE = view.RESULTS / "d2l-lab.crate.zip"
METADATA = "ro-crate-metadata.json"
NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest date possible in a ZIP file, for all files


def main() -> int:
    """Run the command."""
    parser = cli.parser("archive", __doc__)
    parser.add_argument(
        "--output", type=Path, default=ARCHIVE, help=f"the file to write (default: {ARCHIVE})"
    )
    args = parser.parse_args()

    def tell() -> list[str]:
        plan = cli.plan(args)
        session.claim_results()
        session.share_store()
        return [archive(plan, args.output)]

    return cli.reported(tell)


def archive(plan: Plan, output: Path) -> str:
    """Write the archive.

    Parameters
    ----------
    plan : Plan
    output : Path

    Returns
    -------
    str
        A message about what was done.

    Raises
    ------
    LabError
        If the results are not the plan's, or the file cannot be written.
    """
    if not Status(plan).is_current:
        raise LabError(
            f"{view.RESULTS}: not up to date with the configuration and code; run make, then try "
            "again"
        )
    records = lineage(result.folder for result in plan.shown)
    stored = (layout.result_folder(reference) / layout.PROVENANCE for reference in records)
    crate = RunCrate(plan, records)
    written = {
        METADATA: crate.metadata(),
        **{path.as_posix(): text for path, text in crate.datasets.items()},
        VALIDATED.as_posix(): f"{json.dumps(plan.config, indent=2)}\n".encode(),
    }
    _pack(output, written, {*_files([*sources(), *view_folders()]), *stored})
    results = count(len(records), "result")
    return f"{output}: the provenance of {results}, {readable(output.stat().st_size)}"


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files, and all files below folders, without caches."""
    for path in paths:
        if path.is_file():
            yield path
        elif path.name != "__pycache__":
            yield from _files(path.iterdir())


def _pack(output: Path, written: Mapping[str, bytes], files: Iterable[Path]) -> None:
    """Write a ZIP file atomically; its bytes depend only on what it contains."""
    entries = {**written, **{path.as_posix(): path for path in files}}
    part = results.beside(output, ".part")
    try:
        with zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED) as file:
            for name in sorted(entries):
                entry = entries[name]
                content = entry if isinstance(entry, bytes) else entry.read_bytes()
                info = zipfile.ZipInfo(name, NO_DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                file.writestr(info, content)
        part.replace(output)
    except OSError as error:
        raise LabError(
            f"{output}: cannot be written: {error.strerror}; free some space, or give another file "
            "with --output"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink()


if __name__ == "__main__":
    sys.exit(main())
