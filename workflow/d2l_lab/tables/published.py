"""Numbers published by others, compared with this run's.

They are in `published.yaml`; see `printed`. A published number comes from a single run. So it is
compared with the interval that contains 95 % of our single runs, not with the narrower one of the
mean; the table has both. The interval must cover what differs between their run and ours: for
Fashion-MNIST initial values and minibatches, for synthetic data the dataset as well.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote as quote_url

import pandas as pd

from d2l_lab.tables.printed import Document, quotation
from d2l_lab.tables.statistics import predict, summarise

WITHIN, BELOW, ABOVE = "within", "below", "above"
DIFFERS, NOT_RUN, IMPOSSIBLE = "settings differ", "not run", "impossible"
JUDGED = (WITHIN, BELOW, ABOVE)
CHANCE = "initial values and shuffles"
DATASETS = "datasets, initial values and shuffles"
TRUTH = "true - "  # prefix of the amount by which a parameter is below the true value
WHOLE = "features"  # a model that sees all columns has no number in the table of models
COLUMNS = (
    *("source", "section", "module", "quantity", "epoch", "published", "verdict", "reason"),
    *("model", "device", "mean", "ci_low", "ci_high", "low", "high", "in_interval_of_mean"),
    *("n", "covers", "factor", "quote", "link"),
)


class Found(NamedTuple):
    """Our values to compare a published number with.

    Parameters
    ----------
    values : Series
        One for each replicate; empty if this run has none.
    covers : str
        What differs between the replicates.
    model, device : str
    differing : tuple of str
        Settings that differ from the published run's.
    """

    values: pd.Series
    covers: str = ""
    model: str = ""
    device: str = ""
    differing: tuple[str, ...] = ()


NOTHING = Found(pd.Series(dtype=float))


def sources(document: Document) -> pd.DataFrame:
    """List the sources, with the number of values from each."""
    counts = pd.Series(0, index=document["sources"].keys())
    for run in document["runs"]:
        counts[run["source"]] += len(run["numbers"])
    rows = [
        {"source": name, "quote": "", **about, "numbers": counts[name]}
        for name, about in document["sources"].items()
    ]
    return pd.DataFrame(rows)[["source", "author", "work", "kind", "url", "numbers", "quote"]]


def compare(
    document: Document,
    models: pd.DataFrame,
    training: pd.DataFrame,
    redrawn: pd.DataFrame | None,
    datasets: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Compare every published number with ours.

    Parameters
    ----------
    document : mapping
        Valid; see `printed`.
    models, training : DataFrame
        The tables with these names.
    redrawn : DataFrame, optional
        The study's table, if it was run.
    datasets : mapping from the names of datasets to their settings

    Returns
    -------
    DataFrame
        A row for each number, with `COLUMNS`.
    """
    rows = []
    for run in document["runs"]:
        data = document["data"][run["data"]]
        for printed in run["numbers"]:
            known = [name for name, own in datasets.items() if holds(own, data["settings"])]
            if "train_examples" in data:
                found = of_models(run, printed, models[models["dataset"].isin(known)], training)
            else:
                found = of_study(run, printed, redrawn if known else None, data["settings"])
            link = f"{document['sources'][run['source']]['url']}/blob/{run['commit']}/"
            about = {key: run[key] for key in ("source", "section", "module")}
            about |= {"epoch": run["settings"]["epochs"], "link": link + quote_url(run["file"])}
            about |= {"quantity": printed["quantity"], "published": printed["value"]}
            about |= {
                "quote": quotation(run, printed["value"]),
                "factor": factor(run, printed, data),
            }
            rows.append(about | judge(run, printed, data, found))
    return pd.DataFrame(rows, columns=COLUMNS)


def holds(own: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Return whether settings have all wanted values."""
    return all(key in own and own[key] == value for key, value in wanted.items())


def of_models(
    run: Document, printed: Document, models: pd.DataFrame, training: pd.DataFrame
) -> Found:
    """Find the values of the model whose settings are closest to those of a published run.

    A model trained for more epochs is compared after the same number of epochs as theirs.
    """
    models = models[models["module"] == run["module"]]
    if models.empty:
        return NOTHING
    wanted = {key: value for key, value in run["settings"].items() if key != "epochs"}
    plain = {"optimizer": "sgd", "momentum": 0, "weight_decay": 0} | wanted
    candidates = []
    for row in models.to_dict("records"):
        differing = [key for key, value in plain.items() if row.get(key, value) != value]
        differing += ["epochs"] * (row["epochs"] < run["settings"]["epochs"])
        candidates.append((len(differing), tuple(differing), row))
    _, differing, row = min(candidates, key=lambda candidate: candidate[0])
    split, _, metric = printed["quantity"].rpartition("_")
    is_wanted = (training["model"] == row["model"]) & (training["device"] == row["device"])
    is_wanted &= (training["split"] == split) & (training["metric"] == metric)
    is_wanted &= training["epoch"] == run["settings"]["epochs"]
    return Found(training.loc[is_wanted, "value"], CHANCE, row["model"], row["device"], differing)


def of_study(
    run: Document, printed: Document, redrawn: pd.DataFrame | None, data: Mapping[str, Any]
) -> Found:
    """Find the values of the study that draws a dataset for each replicate."""
    if redrawn is None:
        return NOTHING
    rows = redrawn[redrawn["module"] == run["module"]]
    if WHOLE in run["settings"]:
        rows = rows[rows[WHOLE] == run["settings"][WHOLE]]
    if rows.empty:
        return NOTHING
    settings = run["settings"].items()
    differing = tuple(key for key, value in settings if (rows[key] != value).any())
    name = printed["quantity"].removeprefix(TRUTH)
    values = rows.loc[rows["quantity"] == name, "value"]
    if printed["quantity"] != name:
        values = true_value(name, data) - values
    return Found(values, DATASETS, "", "", differing)


def true_value(parameter: str, data: Mapping[str, Any]) -> float:
    """Return the true value of a parameter, such as ``w[0]``."""
    return data["bias"] if parameter == "b" else data["weights"][int(parameter[2:-1])]


def judge(
    run: Document, printed: Document, data: Mapping[str, Any], found: Found
) -> dict[str, Any]:
    """Say whether a published number is in the interval that contains 95 % of our single runs."""
    row: dict[str, Any] = {"model": found.model, "device": found.device, "n": len(found.values)}
    row |= {"covers": found.covers, "reason": "", "in_interval_of_mean": ""}
    reasons = [*printed.get("differs", []), *found.differing]
    other = impossible(printed, data)
    if other:
        return row | {"verdict": IMPOSSIBLE, "reason": other} | measures(run, printed, data, found)
    if reasons:
        return row | {"verdict": DIFFERS, "reason": "; ".join(reasons)}
    if found.values.empty or found.values.isna().any() or len(found.values) < 2:
        return row | {"verdict": NOT_RUN}
    row |= measures(run, printed, data, found)
    value, half = float(printed["value"]), rounding(printed["value"])
    low, high = row["low"] - half, row["high"] + half
    row["verdict"] = BELOW if value < low else ABOVE if value > high else WITHIN
    row["in_interval_of_mean"] = row["ci_low"] - half <= value <= row["ci_high"] + half
    return row


def measures(
    run: Document, printed: Document, data: Mapping[str, Any], found: Found
) -> dict[str, float]:
    """Summarise our values: their mean, its interval, and the interval of a single run."""
    if len(found.values) < 2 or found.values.isna().any():
        return {}
    values = found.values * factor(run, printed, data)
    positive = printed["quantity"].endswith("loss")  # losses may differ by orders of magnitude
    about = summarise(values, positive=positive)
    low, high = predict(values, positive=positive)
    return {name: about[name] for name in ("mean", "ci_low", "ci_high")} | {
        "low": low,
        "high": high,
    }


def factor(run: Document, printed: Document, data: Mapping[str, Any]) -> float:
    """Return the factor that makes our loss an average like the source's."""
    if "averaged" not in printed:
        return 1.0
    n = data["train_examples"]
    return math.ceil(n / run["settings"]["batch_size"]) / n


def impossible(printed: Document, data: Mapping[str, Any]) -> str:
    """Say which number of test examples a printed accuracy fits, if not the real one."""
    if printed["quantity"] != "test_accuracy" or "test_examples" not in data:
        return ""
    if is_share(printed["value"], data["test_examples"]):
        return ""
    training = is_share(printed["value"], data["train_examples"])
    return "training examples" if training else "other examples"


def is_share(value: str, examples: int) -> bool:
    """Return whether a printed share is possible with a number of examples, given its rounding."""
    count = round(float(value) * examples)
    return abs(count / examples - float(value)) <= rounding(value) * (1 + 1e-9)


def rounding(value: str) -> float:
    """Return the rounding error of a printed number, half a unit of its last digit."""
    return 10.0 ** Decimal(value).as_tuple().exponent / 2
