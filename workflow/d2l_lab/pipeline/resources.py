"""What a job demands of a machine, so that a scheduler finds it a place: measured, with a margin.

`docs/scaling.md` has the measurements. Too small a demand costs an attempt, for each attempt asks
for more; too large a one costs waiting. No result depends on it.
"""

from typing import NamedTuple

from d2l_lab.pipeline.plan import Result
from d2l_lab.stages import shards

BASE = 1600  # MB: Python with torch, and the two Snakemakes around a job on a cluster
STUDY = 2500  # MB: of the hungriest study, on the images of Fashion-MNIST
REPLICA = 0.25  # MB that each replica takes beside its numbers: generators, orders, history
STUDY_TIME = 10  # minutes: of the longest, with the same margin
COPIES = 6  # that a step or an evaluation holds of the rows it works on
EVALUATED = 512  # rows at once
STEP = 5e-4  # seconds of one step, however few numbers are in it
VISIT = 1e-6  # seconds for one example, however small
FEATURE = 3e-9  # seconds for one feature of one example
UNIT = 3e-8  # seconds for one hidden unit of one example
MARGIN = 4  # between this machine and a slower, busier one
START = 3  # minutes granted to every job beside its work
SHORT = 60  # seconds of work below which it does not pay to be a job of its own
FASHION_MNIST = (60000, 784)


class Load(NamedTuple):
    """The size of a training.

    Parameters
    ----------
    replicas, examples, features, units, steps : int
        `units` are those of the hidden layer; `steps` are of each replica.
    epochs : int
    """

    replicas: int
    examples: int
    features: int
    units: int
    steps: int
    epochs: int


def memory(result: Result) -> int:
    """Give the memory that a job needs, in MB."""
    if result.stage == "study":
        return STUDY
    load = load_of(result)
    parameters = load.replicas * load.features * max(load.units, 10)
    if result.shards:
        return round(BASE + REPLICA * load.replicas + 4 * COPIES * parameters / 1e6)
    rows = min(load.examples, EVALUATED) * load.replicas
    numbers = COPIES * (rows * (load.features + load.units) + parameters)
    numbers += load.examples * load.features
    return round(BASE + REPLICA * load.replicas + 4 * numbers / 1e6)


def runtime(result: Result) -> int:
    """Give the time that a job may take, in minutes."""
    if result.stage == "study":
        return STUDY_TIME
    return round(START + MARGIN * seconds(result) / 60)


def seconds(result: Result) -> float:
    """Estimate the seconds that a training takes, which is nothing to put shards together."""
    if result.shards:
        return 0
    load = load_of(result)
    visits = load.replicas * load.epochs * load.examples
    return load.steps * STEP + visits * (VISIT + load.features * FEATURE + load.units * UNIT)


def group_of(result: Result) -> str | None:
    """Name the jobs that a cluster had better run together, a few at a time; None: alone.

    A study of trained models waits for them, so it is not among those that need not wait.
    """
    if result.stage == "study":
        return "late_studies" if "trained" in result.inputs else "studies"
    if result.shards:
        return "wholes"
    return "trainings" if seconds(result) < SHORT else None


def device_of(result: Result) -> str:
    """Name the device that a job runs on; the CPU, unless it trains elsewhere."""
    return result.settings.get("device", "cpu")


def load_of(result: Result) -> Load:
    """Measure a training by its settings."""
    settings = result.settings
    (data,) = result.inputs["train"]
    examples, features = FASHION_MNIST
    if dataset := data.settings.get("dataset"):
        examples = dataset["examples"]
        features = dataset.get("max_degree") or len(dataset["weights"])
    epochs = settings["epochs"]
    return Load(
        replicas=len(shards.numbers_of(settings)),
        examples=examples,
        features=settings["features"] or features,
        units=settings["hyperparameters"].get("hidden_units", 0),
        steps=epochs * -(-examples // settings["batch_size"]),
        epochs=epochs,
    )
