"""Read and write tables as CSV that round-trips exactly and opens correctly in spreadsheets."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

ABOUT = ("replicate", "fold", "epoch", "split")  # all other columns of a history are metrics
# Columns of text that may look like numbers or truth values.
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
    """Write a table in full precision.

    Spreadsheets assume the machine's old encoding unless a file begins with a byte-order mark,
    which marks it as UTF-8. Plain ASCII is the same in both, so it has no such mark.
    """
    text = table.to_csv(index=False, lineterminator="\n")
    path.write_text(text, encoding="utf-8" if text.isascii() else "utf-8-sig", newline="")


def read(path: Path) -> pd.DataFrame:
    """Read a file that `write` has written; only empty cells, not words, are missing values."""
    return pd.read_csv(path, dtype=TEXTS, keep_default_na=False, na_values=[""])


def read_history(path: Path) -> pd.DataFrame:
    """Read a history; a metric that the model does not have is left out.

    NaN means that the replicate or fold had diverged.
    """
    names = pd.read_csv(path, nrows=0).columns
    metrics = metrics_in(names)
    history = pd.read_csv(path, keep_default_na=False, na_values=dict.fromkeys(metrics, "nan"))
    return history.drop(columns=[name for name in metrics if (history[name] == "").any()])


def metrics_in(columns: Iterable[str]) -> list[str]:
    """List the metrics among the columns of a history."""
    return [name for name in columns if name not in ABOUT]
