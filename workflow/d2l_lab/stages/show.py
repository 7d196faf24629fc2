"""Show the present configuration's results under plain names: the view that people read."""

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from d2l_lab.errors import LabError
from d2l_lab.store import layout, locks, provenance

MARKS = ".shown"
SHELVES = ("tables", "figures", "notebooks", "book")  # an older view may have them all
FRESH = ".view-"


def main() -> int:
    """Copy what people read of each result into folders of plain names, then leave the mark."""
    parser = argparse.ArgumentParser(prog="python -m d2l_lab.stages.show", description=__doc__)
    parser.add_argument("--shown", type=Path, nargs="+", required=True, help="marks of results")
    parser.add_argument("--into", type=Path, required=True, help="the folder of plain names")
    parser.add_argument("--mark", type=Path, required=True, help="the file that says it is done")
    parser.add_argument("--log", type=Path, help="where progress is written; default: stderr")
    args = parser.parse_args()
    folders = [mark.parent for mark in args.shown]
    return command.reported(lambda: show(folders, args.into, args.mark), args.into, args.log)


def show(shown: Sequence[Path], into: Path, mark: Path) -> None:
    """Make the view beside its place, then replace the old one by it.

    Parameters
    ----------
    shown : sequence of Path
        The folders of the results.
    into : Path
        The folder of plain names.
    mark : Path
        The file that says which view this is, and lists its files with their checksums; it lies in
        a folder of its own, below `into`.

    Raises
    ------
    LabError
        If a result was altered, or the mark belongs elsewhere.
    """
    marks = into / MARKS
    if mark.parent != marks:
        raise LabError(f"{mark}: all in its folder would be deleted; name a file in {marks}")
    with locks.alone(into):  # a killed run may have left one at work
        for old in (marks, *into.glob(f"{FRESH}*")):
            shutil.rmtree(old, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=into, prefix=FRESH) as fresh:
            files = copy(shown, Path(fresh))
            made = {shelf.name: shelf for shelf in Path(fresh).iterdir()}
            for name in {*SHELVES, *made}:
                shutil.rmtree(into / name, ignore_errors=True)
                if name in made:
                    made[name].rename(into / name)
        marks.mkdir()
        mark.write_text(json.dumps(files, indent=2) + "\n", encoding="utf-8")


def copy(shown: Sequence[Path], view: Path) -> dict[str, dict]:
    """Copy what people read of each result onto its stage's shelf; list it with checksums."""
    files = {}
    for folder in shown:
        provenance.require_unmodified(folder)
        stage = layout.reference(folder).partition("/")[0]
        shelf = layout.view_folder(stage)
        for name, file in provenance.read(folder)["files"].items():
            if layout.is_read_by_people(stage, name):
                shown_as = view / shelf / name
                shown_as.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, shown_as)
                files[f"{shelf}/{name}"] = file
    return files


if __name__ == "__main__":
    command.leave(main())
