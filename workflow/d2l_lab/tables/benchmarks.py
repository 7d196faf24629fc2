"""What `make bench` has measured in this checkout, as far as it has; the book shows it."""

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
# What each figure draws.
FIGURES = {
    "benchmark_training": ("training",),
    "benchmark_jobs": ("jobs",),
    "benchmark_scale": ("scale", "planning"),
}


def shown_as(table: str) -> str:
    """Return the name under which people find a table among all others."""
    return f"benchmark_{table}"


def path_of(table: str) -> Path:
    """Return the path to which the benchmark writes a table."""
    return FOLDER / f"{table}.csv"


def digests() -> dict[str, str]:
    """Digest the tables that there are."""
    there = (table for table in TABLES if path_of(table).is_file())
    return {table: hashlib.sha256(path_of(table).read_bytes()).hexdigest() for table in there}
