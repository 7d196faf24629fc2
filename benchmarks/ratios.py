"""The promises of this project's speed: each as a ratio, beside what is wanted."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

OURS = ("scratch", "concise")
Tables = Mapping[str, pd.DataFrame]


class Ratio(NamedTuple):
    """One promise.

    Parameters
    ----------
    what : str
    wanted : str
        The bound, such as ``>= 12``.
    measured : float
    how : str
        Which measurements it is made of.
    """

    what: str
    wanted: str
    measured: float
    how: str


def ratios(tables: Tables) -> pd.DataFrame:
    """Compare what was measured with what is wanted; of tables that are not there, say nothing."""
    parts = {
        ("training", "limit"): of_training,
        ("capacity",): of_capacity,
        ("runs", "training"): of_main_job,
        ("runs",): of_runs,
    }
    rows = [
        ratio
        for needed, of_part in parts.items()
        if tables.keys() >= {*needed}
        for ratio in of_part(tables)
    ]
    table = pd.DataFrame(rows, columns=Ratio._fields)
    met = [is_met(one.wanted, one.measured) for one in table.itertuples()]
    return table.assign(met=pd.Series(met, dtype=object))


def is_met(wanted: str, measured: float) -> str:
    """Tell whether a number keeps to its bound; of one that has none, nothing."""
    relation, _, bound = wanted.partition(" ")
    if not relation:
        return ""
    kept = measured >= float(bound) if relation == ">=" else measured <= float(bound)
    return "yes" if kept else "NO"


def of_training(tables: Tables) -> Iterator[Ratio]:
    """Compare ours with the notes' fastest way, with scikit-learn, and with the limit.

    The wanted ratios are for one thread, as every job has it; with two threads, they are shown.
    """
    training, limit = tables["training"], tables["limit"]
    wanted = {"mlp": (5, ">= 12", ">= 2"), "softmax_regression": (10, ">= 40", ">= 1.8")}
    for model, (replicas, over_notes, over_peer) in wanted.items():
        of_model = training[training["model"] == model]
        notes = _fastest(of_model, "notes")
        for threads in sorted(limit["threads"].unique()):
            same = (of_model["replicas"] == replicas) & (of_model["threads"] == threads)
            mine = _fastest(of_model[same], *OURS)
            how = f"{mine.way}, {replicas} replicas, threads: {threads}"
            first = threads == 1
            yield Ratio(
                f"{model}: times the notes' way",
                over_notes if first else "",
                notes.seconds_per_epoch / mine.seconds_per_epoch,
                f"{how}; notes with {notes.workers:g} workers, their fastest",
            )
            for way in ("scikit-learn", "scikit-learn, tested", "skorch"):
                if way in {*of_model["way"]}:
                    yield Ratio(
                        f"{model}: times {way}",
                        over_peer if first and way == "scikit-learn" else "",
                        _fastest(of_model, way).seconds_per_epoch / mine.seconds_per_epoch,
                        how,
                    )
            at = limit.query("model == @model and replicas == @replicas and threads == @threads")
            yield Ratio(
                f"{model}: of the limit",
                ">= 0.80" if first and model == "mlp" else "",
                at["seconds_per_epoch"].item() / mine.seconds_per_epoch,
                f"{how}; products, reading, and products of the evaluation",
            )


def of_capacity(tables: Tables) -> Iterator[Ratio]:
    """Compare the batched study with its fits one by one."""
    seconds = tables["capacity"].set_index("way")["seconds_of_all"]
    ratio = seconds["one by one"] / seconds["batched"]
    how = "the whole study with its exact fits and tables; one by one extrapolated from a few fits"
    yield Ratio("capacity study: times one by one", ">= 300", ratio, how)


def of_main_job(tables: Tables) -> Iterator[Ratio]:
    """Compare the cold main job with the notes' way to train its four models on images, once."""
    training = tables["training"]
    notes = training[training["way"] == "notes"].groupby("model")["seconds_per_fit"].min()
    way = "the notes' way to train its four Fashion-MNIST models"
    how = "each as its model by torch.nn, by the fastest number of workers; ten epochs extrapolated"
    cold = tables["runs"].set_index("run").loc["cold"]
    yield Ratio(f"main job, cold: of {way}", "<= 0.8", cold["seconds"] / (2 * notes.sum()), how)


def of_runs(tables: Tables) -> Iterator[Ratio]:
    """Look at what the main job spends beside its work, and what later runs cost."""
    runs = tables["runs"].set_index("run")
    cold, changed = runs.loc["cold"], runs.loc["one learning rate changed"]
    overhead = 1 - cold["useful_seconds"] / (cold["seconds"] * cold["cores"])
    how = "1 - seconds in training and studies / (seconds of the run x cores)"
    yield Ratio("main job, cold: overhead", "<= 0.30", overhead, how)
    beside = changed["seconds"] - changed["training_seconds"]
    how = "seconds, without those from the start to the end of its train and kfold jobs"
    yield Ratio("one learning rate changed: beside the training", "<= 15", beside, how)
    empty = runs.loc["no-op of an empty workflow", "seconds"]
    how = f"of {empty:.2f} s"
    yield Ratio(
        "no-op: of an empty workflow's", "<= 1.3", runs.loc["no-op", "seconds"] / empty, how
    )


def _fastest(table: pd.DataFrame, *ways: str) -> tuple:
    rows = table[table["way"].isin(ways)]
    return next(rows.loc[[rows["seconds_per_epoch"].idxmin()]].itertuples())
