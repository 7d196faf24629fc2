"""List the outcome of every configuration of the models that ever ran, newest first."""

import hashlib
import math
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from d2l_lab.book.numbers import is_centred
from d2l_lab.config.messages import count, did_you_mean
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.store import keys, layout, provenance
from d2l_lab.tables import divergences, files, histories
from d2l_lab.tools import cli
from d2l_lab.tools.inventory import Stored, stored

COUNTS = {stage: f"{counted}s" for stage, counted in divergences.COUNTED.items()}
HELD_OUT = {"train": "test", "kfold": "validation"}
UNKNOWN = "–"
ALWAYS = {"model", "stage", "device", "n", "key", "started", "seconds", "present", "diverged"}
DIGESTS = ("code", "data", "test_data")  # columns of digests, which are shortened
LEGEND = (
    "* current configuration; held-out: the test set (train) or the validation folds (kfold);",
    "± half the width of the 95 % interval over n replicates or folds, if none diverged; for",
    "losses of folds */ and the factor to either end of the interval",
)


def stored_trainings() -> list[Stored]:
    """List the results of all models, without shards, since the combined results include them."""
    every = [each for stage in COUNTS for each in stored(stage)]
    return [each for each in every if each.is_result and not each.is_shard]


def _trainings(models: Sequence[str], plan: Plan) -> list[Stored]:
    """List the results of these models, or of all models if none is named."""
    found = stored_trainings()
    there = list(dict.fromkeys(map(model_of, found)))
    for model in models:
        if model in there:
            continue
        if model in plan.config["models"]:
            raise LabError(f"{model}: no results yet; run `make`")
        known = f"the models there are {', '.join(there)}" if there else "none has yet; run `make`"
        mend = did_you_mean(model, there) or known
        raise LabError(f"{model}: no such model has results in {layout.STORE}; {mend}")
    return [each for each in found if not models or model_of(each) in models]


def model_of(training: Stored) -> str:
    """Return the name of the model of a result."""
    return training.name.partition(".")[0]


def _read(found: Sequence[Stored], plan: Plan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read complete results, with their ingredients and their metrics after the last epoch."""
    present = {result.reference for result in plan.results.values()}
    references = [each.reference for each in found]
    runs = [_about(each) | {"present": each.reference in present} for each in found]
    read = [(each.reference, "", files.read_history(each.folder / "history.csv")) for each in found]
    metrics = histories.final_summary(histories.tidy(read)).drop(
        columns=["device", "n", "diverged"]
    )
    return pd.DataFrame(runs, references, dtype=object), metrics.set_index("model")


def _about(training: Stored) -> dict[str, Any]:
    """Return everything that may differ between results, under short names."""
    ingredients = training.record["ingredients"]
    settings = {
        name: keys.canonical(value) if isinstance(value, list | dict) else value
        for name, value in ingredients["settings"].items()
    }
    inputs = {
        "data" if role == "train" else f"{role}_data": ",".join(each[-16:] for each in references)
        for role, references in ingredients["inputs"].items()
    }
    code = hashlib.sha256(keys.canonical(ingredients["code"]).encode()).hexdigest()[:16]
    return {
        "model": model_of(training),
        "stage": training.stage,
        "device": settings.pop("device"),
        "n": settings.pop(COUNTS[training.stage]),
        "diverged": len(divergences.read(training.folder)),
        "key": training.folder.name,
        "started": training.record["started"],
        "seconds": training.record["seconds"],
        **settings,
        **inputs,
        "code": code,
        **ingredients["libraries"],
    }


def without_copies(runs: pd.DataFrame) -> pd.DataFrame:
    """Keep one row for each key: that of the current name, if a model was renamed."""
    present_first = runs.sort_values("present", ascending=False, kind="stable")
    kept = present_first.drop_duplicates(["stage", "key"]).index
    return runs[runs.index.isin(kept)]


def differing_within_models(texts: pd.DataFrame) -> list[str]:
    """List the columns in which the results of any one model differ."""
    found = {
        name
        for _, of_model in texts.groupby("model")
        for name in differing(of_model.loc[:, (of_model != UNKNOWN).any()])
    }
    return [name for name in texts.columns if name in found]


def differing(texts: pd.DataFrame) -> list[str]:
    """List the columns in which the results of one model differ.

    Trainings and cross-validations always differ in code and in some settings, so in these each
    stage is compared only with itself.
    """
    names = [name for name in texts.columns if name not in ALWAYS]
    stages = texts.groupby("stage").nunique()

    def differs(name: str) -> bool:
        is_shared = name != "code" and UNKNOWN not in texts[name].array
        return (texts[name].nunique() if is_shared else stages[name].max()) > 1

    found = [name for name in names if differs(name)]
    trainings = texts[texts["stage"] == "train"]
    if "test_data" in found and trainings.groupby("data")["test_data"].nunique().le(1).all():
        found.remove("test_data")  # implied by the other data
    return found


def table(runs: pd.DataFrame, metrics: pd.DataFrame) -> Iterator[str]:
    """Write results, in their order, as a table."""
    texts = runs.map(_text)
    for name in texts.columns.intersection(DIGESTS):
        texts[name] = texts[name].str[:6]
    found = {
        (row.Index, row.metric): with_interval(row.mean, row.ci_low, row.ci_high)
        for row in metrics.dropna(subset="mean").itertuples()
    }

    def metric(name: str) -> list[str]:
        held_out = runs["stage"].map(HELD_OUT)
        wanted = zip(runs.index, held_out, strict=True)
        return [found.get((each, name.format(split)), UNKNOWN) for each, split in wanted]

    measures = dict.fromkeys(
        name.removeprefix(f"{split}_")
        for name in metrics["metric"]
        for split in HELD_OUT.values()
        if name.startswith(f"{split}_")
    )
    times = map(datetime.fromisoformat, runs["started"])
    counts = runs[["diverged", "n"]].itertuples(index=False)
    columns = {
        "": ["*" if present else "" for present in runs["present"]],
        "started": [f"{time.astimezone():%Y-%m-%d %H:%M}" for time in times],
        **{name: texts[name] for name in ("model", "stage", "device", "n")},
        **{name: texts[name] for name in differing_within_models(texts)},
        "diverged": [f"{lost} of {n}" if lost else UNKNOWN for lost, n in counts],
        **{f"held-out {name.replace('_', ' ')}": metric(f"{{}}_{name}") for name in measures},
        "running loss": metric("train_running_loss"),
        "key": runs["key"].str[:8],
    }
    yield from cli.columns({n: [*cells] for n, cells in columns.items() if {*cells} != {UNKNOWN}})


def _text(value: Any) -> str:
    """Format a setting; NaN means that the result has no such setting."""
    if isinstance(value, float) and math.isnan(value):
        return UNKNOWN
    return value if isinstance(value, str) else keys.canonical(value)


def with_interval(mean: float, low: float, high: float) -> str:
    """Format a mean with its interval, as a factor if that is on a logarithmic scale."""
    if 0 < low < high and not is_centred(mean, low, high):
        return f"{mean:.3g}*/{math.sqrt(high / low):.2g}"
    return measured(mean, (high - low) / 2)


def measured(mean: float, half: float) -> str:
    """Format a mean ± half the width of its interval with its certain digits, at least three.

    Parameters
    ----------
    mean : float
    half : float
        Half the width; NaN or 0 if unknown, for instance for a single replicate.
    """
    if not (half > 0 and math.isfinite(half)):
        return f"{mean:.4g}"
    sure = _exponent(half) - (half < 2 * 10 ** _exponent(half))  # two digits for 1.4, one for 2.5
    decimals = max(-sure, 2 - _exponent(mean), 0)
    if decimals > 5:
        return f"{mean:.3g}±{half:.1g}"
    return f"{mean:.{decimals}f}±{half:.{decimals}f}"


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0


def history(models: Sequence[str], plan: Plan, csv: Path | None = None) -> Iterator[str]:
    """Write one table of all results, newest first.

    Parameters
    ----------
    models : sequence of str
        The models to list; if empty, all.
    plan : Plan
        The plan of the current configuration.
    csv : Path or None
        A file for all rows, in full precision.

    Yields
    ------
    str
        Lines for people to read.
    """
    found = sorted(_trainings(models, plan), key=lambda each: each.date, reverse=True)
    altered = [each for each in found if provenance.modified_files(each.folder)]
    if whole := [each for each in found if each not in altered]:
        runs, metrics = _read(whole, plan)
        runs = without_copies(runs)
        of = ", ".join(models) or count(runs["model"].nunique(), "model")
        yield f"{count(len(runs), 'result')} of {of}, newest first"
        yield from table(runs, metrics)
        yield ""
        yield from LEGEND
    else:
        yield f"{layout.STORE}: no model has results yet; run `make`"
    for each in altered:
        yield f"left out: {each.folder}: a file is missing or was modified"
    if csv and whole:
        files.write(runs.join(metrics), csv)
        yield f"full precision is in {csv}"


def main() -> int:
    """Run the command."""
    parser = cli.parser("history", __doc__)
    parser.add_argument(
        "--model", action="append", default=[], help="list only this model; can be repeated"
    )
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="also write all rows and digits to this file"
    )
    args = parser.parse_args()

    def tell() -> int:
        for line in history(args.model, cli.plan(args), args.csv):
            print(line)  # without wrapping, since a table is wide
        return 0

    return cli.reported(tell)


if __name__ == "__main__":
    sys.exit(main())
