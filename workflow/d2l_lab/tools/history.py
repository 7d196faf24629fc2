"""Tell how every configuration of a model that ever ran came out; the newest first."""

import hashlib
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from d2l_lab.config.messages import count, did_you_mean
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import keys, layout, provenance, results
from d2l_lab.tables import histories
from d2l_lab.tools import cli
from d2l_lab.tools.prune import entries, place_of

COUNTS = {"train": "replicates", "kfold": "folds"}  # the stages, and of what each has several
HELD_OUT = {"train": "test", "kfold": "validation"}
OWN = "hyperparameters."
UNKNOWN = "–"
LEGEND = (
    "* as the present configuration asks for it; held-out: the test set (train), the validation",
    "folds (kfold); ± half the 95 % interval's width over n replicates or folds, last epoch",
)


@dataclass(frozen=True)
class Row:
    """One result: how it was made, and how it came out.

    Parameters
    ----------
    model, stage, device, key : str
    started : datetime
    seconds : float
    n : int
        Of replicates or folds.
    made_of : dict
        All that may differ from row to row: settings, data, code and libraries, by their columns.
    is_present : bool
        Whether the present configuration asks for it.
    metrics : DataFrame
        Of `final_summary`, one line a metric.
    """

    model: str
    stage: str
    device: str
    key: str
    started: datetime
    seconds: float
    n: int
    made_of: dict[str, Any]
    is_present: bool
    metrics: pd.DataFrame


# From the store to rows


def folders(models: Sequence[str], plan: Plan) -> list[Path]:
    """List the folders of the results of these models, of all if none is named.

    Parameters
    ----------
    models : sequence of str
    plan : Plan
        Of the present configuration, whose models may have no results yet.

    Raises
    ------
    LabError
        If a model has none.
    """
    every = [one for one in entries() if _is_result(one) and not _is_shard(one)]
    found = [one for stage in COUNTS for one in every if one.parts[-3] == stage]
    there = list(dict.fromkeys(map(model_of, found)))
    for model in models:
        if model not in there:
            raise LabError(f"{model}: {_none_of(model, there, plan)}")
    return [one for one in found if not models or model_of(one) in models]


def _is_result(folder: Path) -> bool:
    """Tell a result from a leftover, and from what is being made, which has an empty folder."""
    return folder == place_of(folder) and any(folder.iterdir())


def _is_shard(folder: Path) -> bool:
    """Tell a shard from the whole, of whose history its own is a part."""
    name = folder.parent.name
    return name != results.whole_name(name)


def _none_of(model: str, there: Sequence[str], plan: Plan) -> str:
    if model in plan.config["models"]:
        return "has no results yet; run `make`, which makes them"
    mend = did_you_mean(model, there) or f"the models there are {', '.join(there) or 'none'}"
    return f"no such model has results in {layout.STORE}; {mend}"


def model_of(folder: Path) -> str:
    """Give the name of the model of a result."""
    return folder.parent.name.partition(".")[0]


def rows_of(found: Sequence[Path], plan: Plan) -> list[Row]:
    """Read whole results.

    Parameters
    ----------
    found : sequence of Path
        The folders.
    plan : Plan
        Of the present configuration.
    """
    if not found:
        return []
    present = {one.reference for one in plan.results.values()}
    read = [(layout.reference(one), "", pd.read_csv(one / "history.csv")) for one in found]
    summary = dict(iter(histories.final_summary(histories.tidy(read)).groupby("model")))
    return [_row(one, summary[layout.reference(one)], present) for one in found]


def _row(folder: Path, metrics: pd.DataFrame, present: set[str]) -> Row:
    record = provenance.read(folder)
    ingredients = record["ingredients"]
    settings, stage = ingredients["settings"], ingredients["stage"]
    return Row(
        model=model_of(folder),
        stage=stage,
        device=settings["device"],
        key=folder.name,
        started=datetime.fromisoformat(record["started"]),
        seconds=record["seconds"],
        n=settings[COUNTS[stage]],
        made_of=made_of(ingredients),
        is_present=layout.reference(folder) in present,
        metrics=metrics.drop(columns=["model", "device"]),
    )


def made_of(ingredients: Mapping[str, Any]) -> dict[str, Any]:
    """Put all that may differ from row to row side by side, under short names."""
    settings = {**ingredients["settings"]}
    own = {f"{OWN}{key}": value for key, value in settings.pop("hyperparameters", {}).items()}
    rest = {"device", *COUNTS.values()}
    settings = {key: value for key, value in settings.items() if key not in rest}
    settings["module"] = settings["module"].removeprefix("d2l_lab.models.")
    inputs = {
        "data" if role == "train" else f"{role}_data": ",".join(one[-16:] for one in references)
        for role, references in ingredients["inputs"].items()
    }
    code = hashlib.sha256(keys.canonical(ingredients["code"]).encode()).hexdigest()[:16]
    return {**settings, **own, **inputs, "code": code, **ingredients["libraries"]}


# From rows to what people read


def differing(rows: Sequence[Row]) -> list[str]:
    """Name what the rows of one model differ in; stages are compared to themselves alone.

    A training and a cross-validation never rest on the same code.
    """
    names = list(dict.fromkeys(name for row in rows for name in row.made_of))
    shared = [name for name in names if all(name in row.made_of for row in rows)]
    stages = [[row for row in rows if row.stage == stage] for stage in COUNTS]

    def differs(name: str) -> bool:
        if name in shared and name != "code":
            return len({keys.canonical(row.made_of[name]) for row in rows}) > 1
        return any(len({_text(row, name) for row in group}) > 1 for group in stages)

    found = [name for name in names if differs(name)]
    pairs = {(_text(row, "data"), _text(row, "test_data")) for row in rows if row.stage == "train"}
    if len(pairs) == len({data for data, _ in pairs}):  # then one tells the other
        return [name for name in found if name != "test_data"]
    return found


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Write the results of one model as a table.

    Parameters
    ----------
    rows : sequence of Row
        Of one model, in their order.
    """
    columns: dict[str, list[str]] = {
        "": ["*" if row.is_present else "" for row in rows],
        "started": [f"{row.started.astimezone():%Y-%m-%d %H:%M}" for row in rows],
        "stage": [row.stage for row in rows],
        "device": [row.device for row in rows],
        "n": [str(row.n) for row in rows],
    }
    columns |= {name: [_text(row, name) for row in rows] for name in differing(rows)}
    columns |= {
        "held-out loss": [_metric(row, f"{HELD_OUT[row.stage]}_loss") for row in rows],
        "held-out accuracy": [_metric(row, f"{HELD_OUT[row.stage]}_accuracy") for row in rows],
        "running loss": [_metric(row, "train_running_loss") for row in rows],
        "key": [row.key[:8] for row in rows],
    }
    yield from _laid_out({name: cells for name, cells in columns.items() if {*cells} != {UNKNOWN}})


def _laid_out(columns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Set columns side by side, under headers of as many lines as they have words."""
    headers = [name.removeprefix(OWN).replace("_", " ").split() for name in columns]
    height = max(map(len, headers))
    padded = [[""] * (height - len(words)) + words for words in headers]
    filled = [[*words, *cells] for words, cells in zip(padded, columns.values(), strict=True)]
    widths = [max(map(len, cells)) for cells in filled]
    for line in zip(*filled, strict=True):
        cells = (f"{cell:{width}}" for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _text(row: Row, name: str) -> str:
    value = row.made_of.get(name, UNKNOWN)
    if name in ("code", "data") or name.endswith("_data"):
        return value[:6]
    return value if isinstance(value, str) else keys.canonical(value)


def _metric(row: Row, name: str) -> str:
    found = row.metrics[row.metrics["metric"] == name]
    if found.empty:
        return UNKNOWN
    (one,) = found.to_dict("records")
    return measured(one["mean"], (one["ci_high"] - one["ci_low"]) / 2)


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
    return pd.concat(
        [
            row.metrics.drop(columns="n").assign(
                **{
                    "model": row.model,
                    "stage": row.stage,
                    "device": row.device,
                    "key": row.key,
                    "started": row.started.isoformat(),
                    "seconds": row.seconds,
                    "present": row.is_present,
                    "n": row.n,
                }
                | row.made_of
            )
            for row in rows
        ],
        ignore_index=True,
    )


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
    found = folders(models, plan)
    whole = [one for one in found if not provenance.modified_files(one)]
    rows = sorted(rows_of(whole, plan), key=lambda row: row.started, reverse=True)
    names = models or [*plan.config["models"], *sorted(row.model for row in rows)]
    for model in dict.fromkeys(names):
        if ones := [row for row in rows if row.model == model]:
            yield f"{model}: {count(len(ones), 'result')}"
            yield from table(ones)
            yield ""
    yield from LEGEND if rows else [f"{layout.STORE}: no model has results yet; run `make`"]
    for one in sorted({*found} - {*whole}):
        yield f"left out: {one}: a file is missing or was altered since it was made"
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
            print(line)
        return 0

    return cli.reported(tell)


if __name__ == "__main__":
    sys.exit(main())
