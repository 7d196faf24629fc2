"""How far a result that is made again is from the first one, and whether that is near enough.

On one machine, nothing may differ. Another one, with another CPU or system, adds numbers up in
another order: their last digits differ, and training carries that on. Made again with the vector
instructions of older CPUs, little data moved the losses and parameters of linear, softmax and
polynomial regression by 4e-6 at most. The multilayer perceptron with 256 hidden units magnifies it:
after 800 steps at learning rate 0.1, the losses were apart by up to 0.006, the parameters by 0.008,
and no predicted class was another. Another seed moved the perceptron's parameters by 0.8, and took
6 in 100 classes with it.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from d2l_lab.store import layout, provenance

ABSOLUTE, RELATIVE = 0.02, 0.001  # of numbers: the larger one's size counts for the latter
EQUAL_SHARE = 0.98  # of whole numbers, such as predicted classes
TOLERANCE = (
    f"numbers may be apart by {ABSOLUTE:g} + {RELATIVE:g} of their size, {1 - EQUAL_SHARE:.0%} of "
    "the classes may be others; times are not compared, and images only by kind"
)
MEASURED = "seconds"  # what columns of times begin with
TIMES = "timing.csv"  # what the names of tables of times end in
BEGINNINGS = {".png": b"\x89PNG", ".svg": b"<svg"}  # within the first bytes of an image


class Difference(NamedTuple):
    """A file that is not, byte by byte, the same as the first time.

    Parameters
    ----------
    file : str
    size : str
        How large the difference is, in words.
    largest : float
        The largest difference of two numbers; 0 where there are none.
    tolerable : bool
        Whether another machine may make it.
    """

    file: str
    size: str
    largest: float
    tolerable: bool


class Distance(NamedTuple):
    """How far two files are apart that hold the same kind of thing."""

    largest: float
    tolerable: bool


class OtherKindError(Exception):
    """Two files do not hold the same kind of thing; the message says in what."""


def compare(first: Path, again: Path) -> list[Difference]:
    """List the files that differ between two results.

    Parameters
    ----------
    first, again : Path
        The folders of the result as it was, and as it is when it is made again.
    """
    names = {name for folder in (first, again) for name in layout.files_below(folder)} - {
        layout.PROVENANCE
    }
    found = (compare_file(first / name, again / name) for name in sorted(names))
    return [difference for difference in found if difference]


def compare_file(first: Path, again: Path) -> Difference | None:
    """Measure how far two files are apart; None if they are the same byte by byte."""
    name = first.name
    for path, text in ((first, "is new"), (again, "was not made again")):
        if not path.exists():
            return Difference(name, text, 0, tolerable=False)
    if provenance.describe(first) == provenance.describe(again) or same_but_for_times(first, again):
        return None
    bytes_differ = f"{differing_bytes(first, again):.2g} % of the bytes differ"
    if first.suffix not in DISTANCES:
        return Difference(name, bytes_differ, 0, tolerable=False)
    try:
        largest, tolerable = DISTANCES[first.suffix](first, again)
    except OtherKindError as error:
        return Difference(name, f"{error}, {bytes_differ}", 0, tolerable=False)
    except (ValueError, SafetensorError):
        return Difference(name, f"cannot be read, {bytes_differ}", 0, tolerable=False)
    numbers = f"largest difference {largest:.2g}, " if largest else ""
    return Difference(name, numbers + bytes_differ, largest, tolerable)


def same_but_for_times(first: Path, again: Path) -> bool:
    """Tell whether two tables of times differ in nothing else: times are never the same again."""
    return first.name.endswith(TIMES) and without_times(first) == without_times(again)


def without_times(path: Path) -> list[list[str]]:
    """Read the cells of a table but those of its columns of times."""
    header, *rows = read_table(path)
    kept = [place for place, name in enumerate(header) if not name.startswith(MEASURED)]
    return [[row[place] for place in kept] for row in (header, *rows)]


def differing_bytes(first: Path, again: Path) -> float:
    """Give the share of bytes that differ, in percent; those that only one file has do."""
    one, other = (np.frombuffer(path.read_bytes(), np.uint8) for path in (first, again))
    shorter, longer = sorted((len(one), len(other)))
    differing = np.count_nonzero(one[:shorter] != other[:shorter])
    return 100 * float(differing + longer - shorter) / longer


def near(first: np.ndarray, again: np.ndarray) -> bool:
    """Tell whether all numbers are as near to each other as two machines may bring them."""
    size = np.maximum(np.abs(first), np.abs(again))
    return bool(np.all((first == again) | (np.abs(first - again) <= ABSOLUTE + RELATIVE * size)))


def of_tables(first: Path, again: Path) -> Distance:
    """Compare two CSV files, cell by cell."""
    (header, *rows), (other_header, *other_rows) = map(read_table, (first, again))
    if header != other_header or len(rows) != len(other_rows):
        raise OtherKindError("other columns or another number of rows")
    largest, tolerable = 0.0, True
    for row, other_row in zip(rows, other_rows, strict=True):
        for column, cell, other in zip(header, row, other_row, strict=True):
            if cell != other:
                one, two = number(cell), number(other)
                largest = float(np.maximum(largest, abs(one - two)))  # which is NaN if one is
                tolerable &= column.startswith(MEASURED) or near(one, two)
    return Distance(largest, tolerable)


def read_table(path: Path) -> list[list[str]]:
    """Read the cells of a CSV file, of which the first row names the columns."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file)) or [[]]


def number(cell: str) -> np.ndarray:
    """Read a cell that differs, which only a number may."""
    try:
        return np.array(float(cell))
    except ValueError:
        raise OtherKindError(f"another text ({cell!r})") from None


def of_tensors(first: Path, again: Path) -> Distance:
    """Compare two files of tensors: floats by their distance, whole numbers by how many differ."""
    tensors, others = load_file(first), load_file(again)
    if kinds(tensors) != kinds(others):
        raise OtherKindError("other names, types or shapes of tensors")
    largest, tolerable = 0.0, True
    for name, one in tensors.items():
        other = others[name]
        if one.size:
            apart = np.abs(one.astype(np.float64) - other.astype(np.float64))
            largest = float(np.maximum(largest, apart.max()))
        if one.dtype.kind == "f":
            tolerable &= near(one, other)
        else:
            tolerable &= bool(np.count_nonzero(one == other) >= EQUAL_SHARE * one.size)
    return Distance(largest, tolerable)


def kinds(tensors: dict[str, np.ndarray]) -> dict[str, tuple]:
    """Give the type and shape of each tensor."""
    return {name: (tensor.dtype, tensor.shape) for name, tensor in tensors.items()}


def of_images(first: Path, again: Path) -> Distance:
    """Compare two images by no more than their kind: fonts and libraries draw in many ways."""
    for path in (first, again):
        if BEGINNINGS[path.suffix] not in path.read_bytes()[:1024]:
            raise OtherKindError(f"no {path.suffix[1:].upper()}")
    return Distance(0, tolerable=True)


DISTANCES: dict[str, Callable[[Path, Path], Distance]] = {
    ".csv": of_tables,
    ".safetensors": of_tensors,
    ".svg": of_images,
    ".png": of_images,
}
