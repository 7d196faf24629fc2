"""Measure this project's speed beside that of what people would use instead.

Run it alone on the machine, by `make bench`: some minutes. The tables are written to
results/benchmarks; the next run of the workflow takes them into the book.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from benchmarks import capacity, main_job, training
from benchmarks.bench import Bench
from benchmarks.ratios import ratios
from d2l_lab import run
from d2l_lab.planning import plan_of, read_config
from d2l_lab.tools import cli

OUTPUT = run.RESULTS / "benchmarks"
PARTS: dict[str, Callable[[Bench], dict[str, pd.DataFrame]]] = {
    "training": training.measure,
    "capacity": capacity.measure,
    "main_job": main_job.measure,
}


def main() -> int:
    """Measure the parts that the command line names, and print the ratios of all that is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=[*PARTS],
        metavar="PART",
        help=f"of {', '.join(PARTS)}; default: all",
    )
    parser.add_argument(
        "--configfile",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="files laid over config.yaml, as for snakemake",
    )
    parser.add_argument(
        "--peers",
        metavar="PYTHON",
        help="the interpreter that has scikit-learn and skorch; default: without",
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="measurements of each way; default: 3"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a little of everything, only to see that it runs"
    )
    args = parser.parse_args()
    return cli.reported(lambda: measure(args))


def measure(args: argparse.Namespace) -> int:
    """Measure, write the tables of each part as it ends, and print the ratios."""
    plan = plan_of(read_config(args.configfile))
    bench = Bench(plan, args.configfile, args.peers, args.rounds, args.quick)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for name in args.only:
        started, clock = datetime.now(UTC), time.perf_counter()
        print(f"{name}: measuring since {started:%H:%M:%S} UTC ...", file=sys.stderr, flush=True)
        for table, rows in PARTS[name](bench).items():
            write(rows, table)
        print(f"{name}: {time.perf_counter() - clock:.0f} s", file=sys.stderr, flush=True)
    found = {path.stem: pd.read_csv(path) for path in OUTPUT.glob("*.csv")}
    table = ratios(found)
    write(table, "ratios")
    print(table.to_string(index=False, float_format="{:.2f}".format))
    return 0


def write(table: pd.DataFrame, name: str) -> None:
    """Write a table as CSV, with every digit of its numbers."""
    table.to_csv(OUTPUT / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    sys.exit(main())
