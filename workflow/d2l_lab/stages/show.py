"""Show the present configuration's results under plain names: the view that people read."""

import argparse
import shutil
import sys
from collections import defaultdict
from pathlib import Path

from d2l_lab import store
from d2l_lab.stages import command


def main() -> int:
    """Copy each result's files into a folder named after its stage, then leave the mark."""
    parser = argparse.ArgumentParser(prog="python -m d2l_lab.stages.show", description=__doc__)
    parser.add_argument("--shown", type=Path, nargs="+", required=True, help="marks of results")
    parser.add_argument("--into", type=Path, required=True, help="the folder of plain names")
    parser.add_argument("--mark", type=Path, required=True, help="the file that says it is done")
    parser.add_argument("--log", type=Path, help="where progress is written; default: stderr")
    args = parser.parse_args()
    return command.reported(lambda: show(args), args.into, args.log)


def show(args: argparse.Namespace) -> None:
    """Make the view: at every moment each of its folders is whole, old or new."""
    shutil.rmtree(args.mark.parent, ignore_errors=True)
    stages = defaultdict(list)
    for mark in args.shown:
        stages[mark.parts[-4]].append(mark.parent)
    for stage, folders in stages.items():
        fresh = args.into / f".{stage}.part"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for folder in folders:
            for name in store.read_provenance(folder)["files"]:
                shutil.copyfile(folder / name, fresh / name)
        shutil.rmtree(args.into / stage, ignore_errors=True)
        fresh.rename(args.into / stage)
    args.mark.parent.mkdir(parents=True)
    args.mark.touch()


if __name__ == "__main__":
    sys.exit(main())
