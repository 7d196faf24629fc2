"""The promises about this project's speed, and what was measured."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from benchmarks.main_job import CHANGED, COLD, EMPTY, NOOP

OURS = ("scratch", "concise")
NOTES, FASTEST = "notes", "notes, fastest"  # with their own number of workers, or the fastest
PEERS = ("scikit-learn", "scikit-learn, tested", "skorch")
WANTED = {
    "mlp": {NOTES: ">= 12", FASTEST: ">= 12", "scikit-learn": ">= 2", "limit": ">= 0.80"},
    "softmax_regression": {NOTES: ">= 40", FASTEST: ">= 40", "scikit-learn": ">= 1.8"},
}
REPLICAS = {"mlp": 5, "softmax_regression": 10}
Tables = Mapping[str, pd.DataFrame]


class Ratio(NamedTuple):
    """One promise.

    Parameters
    ----------
    what, compared_with : str
    unit : str
        The unit of the number: times as fast, times as long, share, seconds.
    measured : float
    wanted : str
        The bound, such as ``>= 12``; empty if the number is only shown.
    replicas, threads, jobs : int or None
        Their numbers, if the comparison has them.
    """

    what: str
    compared_with: str
    unit: str
    measured: float
    wanted: str = ""
    replicas: int | None = None
    threads: int | None = None
    jobs: int | None = None

    @property
    def met(self) -> str:
        """Return whether the number keeps its bound."""
        relation, _, bound = self.wanted.partition(" ")
        if not relation:
            return ""
        kept = self.measured >= float(bound) if relation == ">=" else self.measured <= float(bound)
        return "yes" if kept else "NO"


def ratios(tables: Tables) -> pd.DataFrame:
    """Compare the measurements with the promises, leaving out tables that do not exist.

    Returns
    -------
    DataFrame
        what, compared_with, unit, measured, wanted, replicas, threads, jobs, met.
    """
    parts = {
        ("training",): of_training,
        ("capacity",): of_capacity,
        ("runs", "training"): of_main_job,
        ("runs",): of_runs,
    }
    found = [
        {**ratio._asdict(), "met": ratio.met}
        for needed, of_part in parts.items()
        if tables.keys() >= {*needed}
        for ratio in of_part(tables)
    ]
    found.sort(key=lambda row: not row["wanted"])  # promises first, then the rest
    table = pd.DataFrame(found, columns=[*Ratio._fields, "met"])
    return table.astype(dict.fromkeys(["replicas", "threads", "jobs"], "Int64"))


def of_training(tables: Tables) -> Iterator[Ratio]:
    """Compare ours with the notes' way, with the peers, and with the limit.

    The least time of each counts, because other work on the machine can only add to it. The others
    choose their number of threads, so the fastest of ours counts, whether it uses a job on each
    core, as the workflow does, or threads. The limit is that of one thread.
    """
    training = tables["training"]
    for model, replicas in REPLICAS.items():
        of_model = training[training["model"] == model]
        if of_model.empty:  # as in a quick benchmark
            continue
        alike = of_model[of_model["replicas"] == replicas]
        ours = alike[alike["way"].isin(OURS)]
        best = ours["least"].min()
        others = of_notes(of_model, "least") | of_peers(of_model)
        for (threads, jobs), rows in ours.groupby(["threads", "jobs"]):
            how = {"replicas": replicas, "threads": int(threads), "jobs": int(jobs)}
            mine = rows["least"].min()
            for way, seconds in others.items():
                wanted = WANTED[model].get(way, "") if mine == best else ""
                yield Ratio(model, way, "times as fast", seconds / mine, wanted, **how)
            if jobs == 1:
                limit = alike[(alike["way"] == "limit") & (alike["threads"] == threads)]
                wanted = WANTED[model].get("limit", "") if threads == 1 else ""
                yield Ratio(model, "limit", "share", limit["least"].min() / mine, wanted, **how)


def of_notes(of_model: pd.DataFrame, seconds: str) -> dict[str, float]:
    """Return the time of the notes' way with the most workers (d2l's four), and at its fastest."""
    by_workers = of_model[of_model["way"] == "notes"].set_index("workers")[seconds]
    return {NOTES: by_workers[by_workers.index.max()], FASTEST: by_workers.min()}


def of_peers(of_model: pd.DataFrame) -> dict[str, float]:
    """Return the least time of each peer that was measured."""
    least = of_model.groupby("way")["least"].min()
    return {way: least[way] for way in PEERS if way in least}


def of_capacity(tables: Tables) -> Iterator[Ratio]:
    """Compare the batched study with its fits one by one."""
    seconds = tables["capacity"].set_index("way")["seconds_of_all"]
    measured = seconds["one by one"] / seconds["batched"]
    yield Ratio("capacity study", "one by one", "times as fast", measured, ">= 300")


def of_main_job(tables: Tables) -> Iterator[Ratio]:
    """Compare the cold main job with training its four models of images once, the notes' way.

    Both implementations of a model are assumed to be as fast as the one that was measured.
    """
    models = [rows for _, rows in tables["training"].groupby("model")]
    fits = pd.DataFrame([of_notes(rows, "seconds_per_fit") for rows in models]).sum()
    cold = tables["runs"].set_index("run").loc[COLD, "seconds"]
    for way, seconds in fits.items():
        measured = cold / (2 * seconds)
        yield Ratio("main job, cold", f"{way}: four fits", "times as long", measured, "<= 0.8")


def of_runs(tables: Tables) -> Iterator[Ratio]:
    """Compute the overhead of the main job, and the cost of later runs."""
    runs = tables["runs"].set_index("run")
    cold, changed, noop, empty = (runs.loc[one] for one in (COLD, CHANGED, NOOP, EMPTY))
    overhead = 1 - cold["useful_seconds"] / (cold["seconds"] * cold["cores"])
    yield Ratio("main job, cold: overhead", "seconds x cores", "share", overhead, "<= 0.30")
    beside = changed["seconds"] - changed["training_seconds"]
    yield Ratio("one learning rate changed", "its training", "seconds more", beside, "<= 15")
    measured = noop["seconds"] / empty["seconds"]
    yield Ratio("no-op", "empty workflow's no-op", "times as long", measured, "<= 1.3")
