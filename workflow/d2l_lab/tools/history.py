"""Tell how every configuration of a model that ever ran came out; the newest first."""

import hashlib
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from d2l_lab.config.messages import count, did_you_mean
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import keys, layout, provenance
from d2l_lab.tables import histories
from d2l_lab.tools import cli
from d2l_lab.tools.inventory import Stored, stored

COUNTS = {"train": "replicates", "kfold": "folds"}  # the stages, and of what each has several
HELD_OUT = {"train": "test", "kfold": "validation"}
UNKNOWN = "–"
DIGESTS = ("code", "data", "test_data")  # columns of digests, of which the beginning is enough
LEGEND = (
    "* as the present configuration asks for it; held-out: the test set (train), the validation",
    "folds (kfold); ± half the 95 % interval's width over n replicates or folds, last epoch",
)


class Row(NamedTuple):
    """One result: how it was made, and how it came out.

    Parameters
    ----------
    stored : Stored
    device : str
    n : int
        Of replicates or folds.
    made_of : dict
        All that may differ from row to row: settings, data, code and libraries, by their columns.
    is_present : bool
        Whether the present configuration asks for it.
    metrics : DataFrame
        Of `final_summary`, one line a metric.
    """

    stored: Stored
    device: str
    n: int
    made_of: dict[str, Any]
    is_present: bool
    metrics: pd.DataFrame


# From the store to rows


def _trainings(models: Sequence[str], plan: Plan) -> list[Stored]:
    """List the results of these models, or of all; a shard's history is part of the whole's."""
    every = [each for stage in COUNTS for each in stored(stage)]
    found = [each for each in every if each.is_result and not each.is_shard]
    there = list(dict.fromkeys(map(model_of, found)))
    for model in models:
        if model in there:
            continue
        if model in plan.config["models"]:
            raise LabError(f"{model}: has no results yet; run `make`, which makes them")
        mend = did_you_mean(model, there) or f"the models there are {', '.join(there) or 'none'}"
        raise LabError(f"{model}: no such model has results in {layout.STORE}; {mend}")
    return [each for each in found if not models or model_of(each) in models]


def model_of(training: Stored) -> str:
    """Give the name of the model of a result."""
    return training.name.partition(".")[0]


def _rows_of(found: Sequence[Stored], plan: Plan) -> list[Row]:
    """Read whole results."""
    if not found:
        return []
    present = {result.reference for result in plan.results.values()}
    read = [(each.reference, "", pd.read_csv(each.folder / "history.csv")) for each in found]
    summary = dict(iter(histories.final_summary(histories.tidy(read)).groupby("model")))
    rows = []
    for each in found:
        ingredients = each.record["ingredients"]
        device, n = (ingredients["settings"][name] for name in ("device", COUNTS[each.stage]))
        metrics = summary[each.reference].drop(columns=["model", "device"])
        is_present = each.reference in present
        rows.append(Row(each, device, n, made_of(ingredients), is_present, metrics))
    return rows


def made_of(ingredients: Mapping[str, Any]) -> dict[str, Any]:
    """Put all that may differ from row to row side by side, under short names."""
    apart = {"device", *COUNTS.values()}
    settings = {key: value for key, value in ingredients["settings"].items() if key not in apart}
    inputs = {
        "data" if role == "train" else f"{role}_data": ",".join(each[-16:] for each in references)
        for role, references in ingredients["inputs"].items()
    }
    code = hashlib.sha256(keys.canonical(ingredients["code"]).encode()).hexdigest()[:16]
    return {**settings, **inputs, "code": code, **ingredients["libraries"]}


# From rows to what people read


def differing(rows: Sequence[Row]) -> list[str]:
    """Name what the rows of one model differ in; stages are compared to themselves alone.

    A training and a cross-validation never rest on the same code.
    """
    names = dict.fromkeys(name for row in rows for name in row.made_of)
    stages = [[row for row in rows if row.stored.stage == stage] for stage in COUNTS]

    def differs(name: str) -> bool:
        is_shared = name != "code" and all(name in row.made_of for row in rows)
        groups = [rows] if is_shared else stages
        return any(len({_text(row, name) for row in group}) > 1 for group in groups)

    found = [name for name in names if differs(name)]
    pairs = {(_text(row, "data"), _text(row, "test_data")) for row in stages[0]}
    if len(pairs) == len({data for data, _ in pairs}):  # then one tells the other
        return [name for name in found if name != "test_data"]
    return found


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Write the results of one model, in their order, as a table."""
    columns = {
        "": ["*" if row.is_present else "" for row in rows],
        "started": [f"{row.stored.date.astimezone():%Y-%m-%d %H:%M}" for row in rows],
        "stage": [row.stored.stage for row in rows],
        "device": [row.device for row in rows],
        "n": [str(row.n) for row in rows],
        **{name: [_text(row, name) for row in rows] for name in differing(rows)},
        "held-out loss": [_held_out(row, "loss") for row in rows],
        "held-out accuracy": [_held_out(row, "accuracy") for row in rows],
        "running loss": [_metric(row, "train_running_loss") for row in rows],
        "key": [row.stored.folder.name[:8] for row in rows],
    }
    known = {name: cells for name, cells in columns.items() if {*cells} != {UNKNOWN}}
    yield from cli.columns(known)


def _text(row: Row, name: str) -> str:
    value = row.made_of.get(name, UNKNOWN)
    if name in DIGESTS:
        return value[:6]
    return value if isinstance(value, str) else keys.canonical(value)


def _held_out(row: Row, metric: str) -> str:
    return _metric(row, f"{HELD_OUT[row.stored.stage]}_{metric}")


def _metric(row: Row, name: str) -> str:
    for found in row.metrics[row.metrics["metric"] == name].to_dict("records"):
        return measured(found["mean"], (found["ci_high"] - found["ci_low"]) / 2)
    return UNKNOWN


def measured(mean: float, half: float) -> str:
    """Write a mean with half the width of its interval: what is sure, but three digits at least.

    Parameters
    ----------
    mean : float
    half : float
        NaN or 0 if it is not known, as of a single replicate.
    """
    if not (half > 0 and math.isfinite(half)):
        return f"{mean:.4g}"
    sure = _exponent(half) - (half < 2 * 10 ** _exponent(half))  # two digits of 1.4, one of 2.5
    decimals = max(-sure, 2 - _exponent(mean), 0)
    if decimals > 5:
        return f"{mean:.3g}±{half:.1g}"
    return f"{mean:.{decimals}f}±{half:.{decimals}f}"


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0


def tidy(rows: Sequence[Row]) -> pd.DataFrame:
    """Put all that is known of each row into one table, a line for each metric."""
    tables = []
    for row in rows:
        about = {
            "model": model_of(row.stored),
            "stage": row.stored.stage,
            "device": row.device,
            "key": row.stored.folder.name,
            "started": row.stored.record["started"],
            "seconds": row.stored.record["seconds"],
            "present": row.is_present,
            "n": row.n,
        }
        settings = {
            name: keys.canonical(value) if isinstance(value, list | dict) else value
            for name, value in row.made_of.items()
        }
        tables.append(row.metrics.drop(columns="n").assign(**about, **settings))
    return pd.concat(tables, ignore_index=True)


# The command


def history(models: Sequence[str], plan: Plan, csv: Path | None = None) -> Iterator[str]:
    """Write one table a model: first those of the present configuration, in its order.

    Parameters
    ----------
    models : sequence of str
        None of them stands for all.
    plan : Plan
        Of the present configuration.
    csv : Path or None
        Where all rows go, with all digits.

    Yields
    ------
    str
        Lines for people to read.
    """
    found = _trainings(models, plan)
    altered = [each for each in found if provenance.modified_files(each.folder)]
    whole = [each for each in found if each not in altered]
    rows = sorted(_rows_of(whole, plan), key=lambda row: row.stored.date, reverse=True)
    names = models or [*plan.config["models"], *sorted(map(model_of, whole))]
    for model in dict.fromkeys(names):
        if of_model := [row for row in rows if model_of(row.stored) == model]:
            yield f"{model}: {count(len(of_model), 'result')}"
            yield from table(of_model)
            yield ""
    yield from LEGEND if rows else [f"{layout.STORE}: no model has results yet; run `make`"]
    for each in altered:
        yield f"left out: {each.folder}: a file is missing or was altered since it was made"
    if csv and rows:
        csv.write_text(tidy(rows).to_csv(index=False, lineterminator="\n"), encoding="utf-8")
        yield f"all digits are in {csv}"


def main() -> int:
    """Be the command."""
    parser = cli.parser("history", __doc__)
    parser.add_argument(
        "--model", action="append", default=[], help="only this one; may be given repeatedly"
    )
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write all rows to this file too, with all digits"
    )
    args = parser.parse_args()

    def tell() -> int:
        for line in history(args.model, cli.plan(args), args.csv):
            print(line)  # not folded: a table is wide
        return 0

    return cli.reported(tell)


if __name__ == "__main__":
    sys.exit(main())
