"""Compare a recomputed result with the original one, and judge whether it is close enough.

On the same machine, nothing may differ. A machine with another CPU or system adds numbers in a
different order, so the last digits differ, and training amplifies that. With the vector
instructions of older CPUs, and little data, the losses and parameters of linear, softmax and
polynomial regression differed by 4e-6 at most. The multilayer perceptron with 256 hidden units
amplifies more: after 800 steps at learning rate 0.1, the losses differed by up to 0.006 and the
parameters by 0.008, but all predicted classes were the same. For comparison, with another seed the
perceptron's parameters differ by 0.8, and 6 in 100 predicted classes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from safetensors import SafetensorError
from safetensors.numpy import load_file

from d2l_lab.store import layout

ABSOLUTE, RELATIVE = 0.02, 0.001  # tolerances; the latter is relative to the larger number
EQUAL_SHARE = 0.98  # share of integers, such as predicted classes, that must be equal
TOLERANCE = (
    f"numbers may differ by {ABSOLUTE:g} + {RELATIVE:g} of their size, {1 - EQUAL_SHARE:.0%} of "
    "the classes may differ; times are not compared, and images only by file type"
)
MEASURED = "seconds"  # prefix of columns with times
TIMES = "timing.csv"  # suffix of tables with times
VALUE = "value"  # a column of such a table with times in a unit that another column names
BEGINNINGS = {".png": b"\x89PNG", ".svg": b"<svg"}  # within the first bytes of an image


class Difference(NamedTuple):
    """A file that is not byte for byte the same as the original."""

    file: str
    size: str  # the size of the difference, in words
    largest: float = 0  # difference of two numbers
    tolerable: bool = False  # within the tolerance for other machines


def compare(first: Path, again: Path) -> list[Difference]:
    """List the files that differ between two results.

    Parameters
    ----------
    first, again : Path
        The folders of the original result and of the recomputed one.
    """
    names = {*layout.files_below(first), *layout.files_below(again)} - {layout.PROVENANCE}
    found = (compare_file(first / name, again / name) for name in sorted(names))
    return [difference for difference in found if difference]


def compare_file(first: Path, again: Path) -> Difference | None:
    """Measure how much two files differ; None if they are identical."""
    for path, text in ((first, "is new"), (again, "was not made again")):
        if not path.exists():
            return Difference(first.name, text)
    share = _differing_bytes(first, again)
    if not share:
        return None
    size = f"{share:.2g} % of the bytes differ"
    if first.suffix not in PAIRS:
        return Difference(first.name, size)
    try:
        pairs = [pair for pair in PAIRS[first.suffix](first, again) if pair[1].size]
    except (ValueError, SafetensorError) as error:
        return Difference(first.name, f"{error}, {size}")
    if first.name.endswith(TIMES) and all(is_time for is_time, *_ in pairs):
        return None  # times always differ
    largest = float(np.max([0, *(_apart(*pair).max() for _, *pair in pairs)]))
    if largest:
        size = f"largest difference {largest:.2g}, {size}"
    tolerable = all(is_time or _near(*pair) for is_time, *pair in pairs)
    return Difference(first.name, size, largest, tolerable)


def _differing_bytes(first: Path, again: Path) -> float:
    """Return the percentage of bytes that differ, including bytes that only one file has."""
    bytes_of = [np.frombuffer(path.read_bytes(), np.uint8) for path in (first, again)]
    shorter, longer = sorted(map(len, bytes_of))
    same = np.count_nonzero(bytes_of[0][:shorter] == bytes_of[1][:shorter])
    return 100 * float(longer - same) / max(longer, 1)


def _apart(first: np.ndarray, again: np.ndarray) -> np.ndarray:
    """Return the distances of numbers; 0 between two NaN."""
    apart = np.abs(first.astype(np.float64) - again.astype(np.float64))
    return np.where(_both_unknown(first, again), 0, apart)


def _both_unknown(first: np.ndarray, again: np.ndarray) -> np.ndarray:
    """Mark where both are NaN, because a replica diverged."""
    return np.isnan(first.astype(np.float64)) & np.isnan(again.astype(np.float64))


def _near(first: np.ndarray, again: np.ndarray) -> bool:
    """Return whether numbers are within the tolerance for different machines."""
    if first.dtype.kind != "f":
        return bool(np.count_nonzero(first == again) >= EQUAL_SHARE * first.size)
    size = np.maximum(np.abs(first), np.abs(again))
    same = (first == again) | _both_unknown(first, again)
    return bool(np.all(same | (_apart(first, again) <= ABSOLUTE + RELATIVE * size)))


Pairs = Iterator[tuple[bool, np.ndarray, np.ndarray]]  # are these times? both files' numbers


def _cells(first: Path, again: Path) -> Pairs:
    """Pair the cells of two CSV files column by column; only numbers may differ."""
    table, other = (pd.read_csv(path, dtype=str, keep_default_na=False) for path in (first, again))
    if not table.columns.equals(other.columns) or len(table) != len(other):
        raise ValueError("other columns or another number of rows")
    for name in table.columns:
        differs = table[name] != other[name]
        numbers = (cells[name][differs].astype(float).to_numpy() for cells in (table, other))
        is_time = name.startswith(MEASURED) or (first.name.endswith(TIMES) and name == VALUE)
        yield is_time, *numbers


def _tensors(first: Path, again: Path) -> Pairs:
    """Pair the tensors of two files."""
    found, others = load_file(first), load_file(again)
    kinds = [
        {name: (tensor.dtype, tensor.shape) for name, tensor in each.items()}
        for each in (found, others)
    ]
    if kinds[0] != kinds[1]:
        raise ValueError("other names, types or shapes of tensors")
    yield from ((False, found[name], others[name]) for name in found)


def _images(first: Path, again: Path) -> Pairs:
    """Compare two images by their file type only, since fonts and libraries vary."""
    for path in (first, again):
        if BEGINNINGS[path.suffix] not in path.read_bytes()[:1024]:
            raise ValueError(f"no {path.suffix[1:].upper()}")
    yield from ()


PAIRS = {".csv": _cells, ".safetensors": _tensors, ".svg": _images, ".png": _images}
