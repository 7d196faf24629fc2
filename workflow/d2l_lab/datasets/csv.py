"""A table in a text file, one example per row, with numbers or class names."""

import csv
import difflib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from d2l_lab.datasets.files import content
from d2l_lab.datasets.half import MISSING, Half
from d2l_lab.datasets.survey import Survey
from d2l_lab.errors import LabError

WORKBOOK = b"PK\x03\x04"  # the first bytes of .xlsx, which is an archive
SEPARATORS = ",;\t|"
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
DECIMAL_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+([eE][-+]?[0-9]+)?")
THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+")
NOT_FINITE = {"inf", "infinity"}
SMALL_FILE = 5_000_000  # bytes; up to this size the plan checks every value, not only the format


def read(
    split: str,
    rng: np.random.Generator,
    *,
    file: Path,
    target: str,
    features: list[str] | None = None,
    test_file: Path | None = None,
    test_fraction: float = 0.2,
    standardise: bool = True,
    task: str | None = None,
) -> Half:
    """Read the training or the test set: the features X (n, d), float32, and the target.

    Classes are sorted by number if their names are numbers, otherwise alphabetically.

    Raises
    ------
    LabError
        If a file is not such a table, or a value is missing or invalid.
    """
    known = Table.read(file, target, features)
    X, y, classes = known.examples(task)
    if test_file is None:
        rows, kept = rng.permutation(len(y)), count_test_rows(known, test_fraction)
        train, test = np.sort(rows[kept:]), np.sort(rows[:kept])
        halves = {"train": (X[train], y[train]), "test": (X[test], y[test])}
    else:
        other = Table.read(test_file, target, known.features)
        X_test, y_test, _ = other.examples(known.task(task), classes)
        halves = {"train": (X, y), "test": (X_test, y_test)}
    if classes:
        require_known(known, halves["train"][1], halves["test"][1], classes)
    return Half(*halves[split], classes, standardise)


def survey(file: Path, test_file: Path | None = None, **settings: Any) -> Survey:
    """Check a table before anything is computed; if it is small, check every value."""
    known = Table.read(file, settings["target"], settings["features"])
    task, kept, tables = known.task(settings["task"]), 0, [known]
    if test_file is None:
        kept = count_test_rows(known, settings["test_fraction"])
    else:
        tables.append(Table.read(test_file, settings["target"], known.features))
    if file.stat().st_size <= SMALL_FILE:
        classes: tuple[str, ...] = ()
        for table in tables:
            _, _, classes = table.examples(task, classes)
    return Survey(task, len(known.rows) - kept, len(known.features))


class Table(NamedTuple):
    """The rows of a file, as text.

    Parameters
    ----------
    path : Path
    columns : dict
        The position of each column, by its name.
    rows : list of lists of str
    lines : list of int
        The line of the file where each row ends.
    separator : str
    target_name : str
    features : list of str
    """

    path: Path
    columns: dict[str, int]
    rows: list[list[str]]
    lines: list[int]
    separator: str
    target_name: str
    features: list[str]

    @classmethod
    def read(cls, path: Path, target: str, features: Sequence[str] | None) -> "Table":
        """Read a file with these columns; without `features`, use all other columns."""
        text = decode(path)
        separator, header = find_header(path, text, target)
        rows, lines = read_rows(path, text, separator, len(header))
        for place in reversed([place for place, name in enumerate(header) if not name]):
            if not any(row[place] for row in rows):  # spreadsheets leave such columns at the right
                del header[place]
                for row in rows:
                    del row[place]
        columns = {name: place for place, name in enumerate(header)}
        for name in header:
            if header.count(name) > 1 and name:
                raise LabError(f"{path}: line 1: two columns are called {name!r}; rename one")
        for name in [target, *(features or ())]:
            if name not in columns:
                raise LabError(f"{path}: line 1: no column {name!r}; {suggest(name, columns)}")
        if "" in columns and features is None:
            raise LabError(
                f"{path}: line 1: column {columns[''] + 1} has no name; give it one, or list the "
                "columns for models as features"
            )
        if features is not None and target in features:
            raise LabError(
                f"{path}: {target!r} is both target and feature; leave it out of features"
            )
        chosen = list(features or (name for name in header if name != target))
        if not chosen:
            raise LabError(f"{path}: line 1: {target!r} is the only column; add features")
        if not rows:
            raise LabError(f"{path}: no rows below the header; add some")
        return cls(path, columns, rows, lines, separator, target, chosen)

    def fault(self, row: int | None, what: str, name: str | None = None) -> LabError:
        """Return the error for the file, a row or a value."""
        where = "" if row is None else f" line {self.lines[row]}"
        where += f", column {name}" if name else ""
        return LabError(f"{self.path}:{where}{':' if where else ''} {what}")

    def cells(self, name: str) -> list[str]:
        """Return a column as text."""
        place = self.columns[name]
        return [row[place] for row in self.rows]

    def has_decimal_comma(self) -> bool:
        """Return whether the numbers have a decimal comma, as in 3,14."""
        if self.separator == ",":
            return False
        cells = [
            (row, name, cell)
            for name in (self.target_name, *self.features)
            for row, cell in enumerate(self.cells(name))
        ]
        commas = [(row, name, cell) for row, name, cell in cells if DECIMAL_COMMA.fullmatch(cell)]
        if not commas:
            return False
        row, name, cell = commas[0]
        if all(THOUSANDS.fullmatch(found) for _, _, found in commas):
            what = f"{cell!r} may be {cell.replace(',', '.')} or {cell.replace(',', '')}"
            raise self.fault(row, f"{what}; write all numbers without separators", name)
        for other, place, found in cells:
            if "." in found and NUMBER.fullmatch(found):
                what = f"{found!r} has a point, but line {self.lines[row]} a comma: {cell!r}"
                raise self.fault(other, f"{what}; write all numbers the same way", place)
        return True

    def numbers(self, names: Sequence[str]) -> np.ndarray:
        """Return some columns as numbers: (n, d), float32."""
        comma = self.has_decimal_comma()
        found = np.empty((len(self.rows), len(names)), np.float32)
        for place, name in enumerate(names):
            cells = self.cells(name)
            if comma:
                cells = [cell.replace(",", ".") for cell in cells]
            for row, cell in enumerate(cells):
                if not NUMBER.fullmatch(cell):
                    raise self._no_number(row, name)
            with np.errstate(over="ignore"):
                found[:, place] = np.array(cells, dtype=np.float64)
            infinite = np.flatnonzero(~np.isfinite(found[:, place]))
            if len(infinite):
                cell = self.cells(name)[infinite[0]]
                what = f"{cell!r} is too large for a 32-bit number; choose another unit"
                raise self.fault(infinite[0], what, name)
        return found

    def _no_number(self, row: int, name: str) -> LabError:
        cell = self.rows[row][self.columns[name]]
        if cell.lower() in MISSING:
            return self.fault(row, "the value is missing; fill it in, or delete the row", name)
        if cell.lower().lstrip("+-") in NOT_FINITE:
            return self.fault(row, f"{cell!r} is not finite; correct it, or delete the row", name)
        mend = "name only columns of numbers in features" if name in self.features else "set task"
        return self.fault(row, f"{cell!r} is not a number; correct it, or {mend}", name)

    def task(self, wanted: str | None) -> str:
        """Return the configured task, or infer it from the target's first value."""
        first = self.cells(self.target_name)[0].replace(",", "." if self.separator != "," else ",")
        is_number = NUMBER.fullmatch(first) or first.lower() in MISSING
        return wanted or ("regression" if is_number else "classification")

    def examples(
        self, task: str | None, known: tuple[str, ...] = ()
    ) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
        """Return X, y and the names of the classes, if there are any."""
        y, classes = self.target(task, known)
        if len(classes) == 1:
            what = f"every row has the class {classes[0]!r}; use data with at least two classes"
            raise self.fault(None, f"column {self.target_name}: {what}")
        return self.numbers(self.features), y, classes

    def target(
        self, task: str | None, known: tuple[str, ...] = ()
    ) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return the target and the names of its classes, starting from those already known."""
        name = self.target_name
        if self.task(task) == "regression":
            return self.numbers([name]), ()
        cells = self.cells(name)
        for row, cell in enumerate(cells):
            if not cell:
                raise self.fault(row, "the class is missing; fill it in, or delete the row", name)
            if cell.lower() in MISSING:
                what = f"the class {cell!r} looks like a missing value; rename it"
                raise self.fault(row, f"{what}, or delete the row", name)
        classes = known or in_order({*cells})
        numbers = {name: number for number, name in enumerate(classes)}
        for row, cell in enumerate(cells):
            if cell not in numbers:
                what = f"the class {cell!r} has no training examples"
                raise self.fault(row, f"{what}; add some, or delete the row", name)
        return np.array([numbers[cell] for cell in cells]), classes


def decode(path: Path) -> str:
    """Read a file as text: UTF-8, or UTF-16 with a byte-order mark."""
    data = content(path)
    if data.startswith(WORKBOOK):
        raise LabError(f"{path}: an Excel workbook, not CSV; save it as 'CSV UTF-8' in Excel")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LabError(
            f"{path}: line {line}: not UTF-8 ({error.reason}); save the file as UTF-8"
        ) from None


def find_header(path: Path, text: str, target: str) -> tuple[str, list[str]]:
    """Find the separator with which the header contains the target, and all columns' names."""
    headers = {}
    for separator in SEPARATORS:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            headers[separator] = [name.strip() for name in next(lines, [])]
        except csv.Error as error:
            raise LabError(f"{path}: line 1: {error}; fix the header") from None
    fitting = [separator for separator, header in headers.items() if target in header]
    best = max(fitting or SEPARATORS, key=lambda separator: len(headers[separator]))
    if not any(headers[best]):
        raise LabError(f"{path}: line 1 is empty; begin with the names of the columns")
    return best, headers[best]


def read_rows(
    path: Path, text: str, separator: str, width: int
) -> tuple[list[list[str]], list[int]]:
    """Read the rows below the header, except empty lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, lines, ended = [], [], 0
    try:
        next(reader)
        ended = reader.line_num
        for row in reader:
            ended = reader.line_num
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append(cells)
                lines.append(reader.line_num)
            if any(cells) and len(cells) != width:
                found = f"{len(cells)} values for {width} columns"
                raise LabError(
                    f"{path}: line {reader.line_num}: {found}; write one value for each column, "
                    "and quote text that contains a separator"
                )
    except csv.Error as error:
        where = f"{path}: line {ended + 1}"
        raise LabError(f"{where}: {error}; fix the quotes and characters there") from None
    return rows, lines


def count_test_rows(table: Table, fraction: float) -> int:
    """Return how many rows are kept for the test."""
    n = len(table.rows)
    kept = round(n * fraction)
    if not 1 <= kept <= n - 2:
        raise LabError(
            f"{table.path}: of {n} rows, test_fraction {fraction:g} leaves {n - kept} to train on "
            f"and {kept} to test on; add rows, or choose another fraction"
        )
    return kept


def require_known(
    table: Table, y: np.ndarray, y_test: np.ndarray, classes: tuple[str, ...]
) -> None:
    """Make sure that every class in the test set is also in the training set."""
    unknown = np.setdiff1d(y_test, y)
    if len(unknown):
        what = f"the class {classes[unknown[0]]!r} has so few rows that all are in the test set"
        raise table.fault(None, f"column {table.target_name}: {what}; add rows, or set test_file")


def in_order(names: set[str]) -> tuple[str, ...]:
    """Sort the names of classes, numbers by size and text alphabetically."""
    if all(NUMBER.fullmatch(name) for name in names):
        return tuple(sorted(names, key=lambda name: (float(name), name)))
    return tuple(sorted(names))


def suggest(name: str, columns: Sequence[str]) -> str:
    """Suggest the column closest to a name, or list all of them."""
    near = difflib.get_close_matches(name, columns, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(columns)}"
