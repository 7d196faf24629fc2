"""Measure the speed of this project and of what people would use instead.

Run it by `make bench`, alone on the machine; it takes a quarter of an hour. It writes tables and a
figure to results/benchmarks; the next run of the workflow adds them to the book.
"""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from benchmarks import capacity, main_job, planning, scale, training
from benchmarks.about import about
from benchmarks.bench import Bench
from benchmarks.ratios import ratios
from d2l_lab.figures import benchmark_training, style
from d2l_lab.pipeline.plan import make_plan, read_config
from d2l_lab.tables import benchmarks
from d2l_lab.tools import cli

PARTS: dict[str, Callable[[Bench], dict[str, pd.DataFrame]]] = {
    "training": training.measure,
    "capacity": capacity.measure,
    "main_job": main_job.measure,
    "planning": planning.measure,
    "scale": scale.measure,
}
BUSY = 0.5  # running processes, on average over the last minute


def main() -> int:
    """Measure the parts named on the command line, and print the ratios of all known tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        metavar="PART",
        help=f"one or more of {', '.join(PARTS)}; default: all, after deleting earlier tables",
    )
    cli.add_configfile(parser)
    parser.add_argument(
        "--peers",
        metavar="PYTHON",
        help="an interpreter with scikit-learn and skorch; default: leave them out",
    )
    parser.add_argument(
        "--rounds", type=int, default=2, help="measurements of each way; default: 2"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a little of everything, only to see that it runs"
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=benchmarks.FOLDER,
        metavar="FOLDER",
        help="where the tables are written; default: %(default)s",
    )
    args = parser.parse_args()
    if args.rounds < 1:
        parser.error(f"--rounds: {args.rounds}; give a whole number from 1")
    return cli.reported(lambda: measure(args))


def measure(args: argparse.Namespace) -> int:
    """Measure, write the tables of each part when it ends, and print the ratios."""
    plan = make_plan(read_config(args.configfile))
    bench = Bench(plan, args.configfile, args.peers, args.rounds, args.quick)
    args.output.mkdir(parents=True, exist_ok=True)
    if not args.only:
        for old in args.output.glob("*.csv"):
            old.unlink()
    for part in args.only or PARTS:
        began, load = datetime.now(UTC), os.getloadavg()[0]
        if load > BUSY and part == (args.only or [*PARTS])[0]:
            print(f"the machine is busy (load {load:.1f}): times will be too long", file=sys.stderr)
        print(f"{part}: measuring since {began:%H:%M:%S} UTC", file=sys.stderr, flush=True)
        for name, table in PARTS[part](bench).items():
            write(args.output, name, table)
        note(args.output, about(part, bench, began) | {"load": load})
    tables = {path.stem: pd.read_csv(path) for path in args.output.glob("*.csv")}
    table = ratios(tables)
    write(args.output, "ratios", table)
    if "training" in tables:
        style.save(benchmark_training.draw(tables["training"]), args.output, "training", dpi=150)
    shown = table.round(2).astype(object).where(table.notna(), "")
    print(shown.to_string(index=False))
    return 0


def note(output: Path, row: dict) -> None:
    """Add the circumstances of a part to the table that lists them for all parts."""
    path = output / "about.csv"
    known = pd.read_csv(path) if path.exists() else pd.DataFrame(columns=[*row])
    others = known[known["part"] != row["part"]].to_dict("records")
    write(output, "about", pd.DataFrame([*others, row]))


def write(output: Path, name: str, table: pd.DataFrame) -> None:
    """Write a table as CSV, in full precision."""
    table.to_csv(output / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    sys.exit(main())
