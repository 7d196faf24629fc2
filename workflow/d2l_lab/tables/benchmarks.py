"""The results of `make bench` in this checkout, which the book shows if there are any."""

import hashlib
from pathlib import Path

FOLDER = Path("results/benchmarks")
TABLES = (
    "ratios",
    "training",
    "limit",
    "capacity",
    "runs",
    "jobs",
    "planning",
    "scale",
    "about",
)
# The table that each figure draws.
FIGURES = {
    "benchmark_training": ("training",),
    "benchmark_jobs": ("jobs",),
    "benchmark_scale": ("scale", "planning"),
}


def shown_as(table: str) -> str:
    """Return the plain name of a table, which is unique among all tables."""
    return f"benchmark_{table}"


def path_of(table: str) -> Path:
    """Return the path where the benchmark writes a table."""
    return FOLDER / f"{table}.csv"


def digests() -> dict[str, str]:
    """Return the digests of the existing tables."""
    there = (table for table in TABLES if path_of(table).is_file())
    return {table: hashlib.sha256(path_of(table).read_bytes()).hexdigest() for table in there}
