"""Tables as files: CSV that comes back as it was written, and opens in a spreadsheet as it is."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

ABOUT = ("replicate", "fold", "epoch", "split")  # of a history: all other columns are metrics
# Columns of names and the like, which may look like numbers or truth values.
TEXTS = dict.fromkeys(
    (
        "sweep",
        "model",
        "dataset",
        "name",
        "true",
        "predicted",
        "first",
        "second",
        "section",
        "python",
    ),
    str,
)


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table with every digit of its numbers.

    A spreadsheet takes a file for one of the machine's old encoding, unless a byte-order mark at
    its beginning says that it is UTF-8. To plain ASCII that makes no difference, so it has none.
    """
    text = table.to_csv(index=False, lineterminator="\n")
    path.write_text(text, encoding="utf-8" if text.isascii() else "utf-8-sig", newline="")


def read(path: Path) -> pd.DataFrame:
    """Read what `write` has written: only an empty cell is a missing value, no word is."""
    return pd.read_csv(path, dtype=TEXTS, keep_default_na=False, na_values=[""])


def read_history(path: Path) -> pd.DataFrame:
    """Read a history; a metric that the model does not have is left out.

    What is NaN was not measured any more: the replicate or fold has diverged.
    """
    names = pd.read_csv(path, nrows=0).columns
    metrics = metrics_in(names)
    history = pd.read_csv(path, keep_default_na=False, na_values=dict.fromkeys(metrics, "nan"))
    return history.drop(columns=[name for name in metrics if (history[name] == "").any()])


def metrics_in(columns: Iterable[str]) -> list[str]:
    """Name the metrics among the columns of a history."""
    return [name for name in columns if name not in ABOUT]
