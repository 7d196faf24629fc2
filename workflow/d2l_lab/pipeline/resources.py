"""Estimate the resources that a job needs, from measurements with a margin, for schedulers.

`docs/explanation/scaling.md` has the measurements. The rules multiply an estimate by the number of
the attempt: too low an estimate costs an attempt, too high a one waiting. No result depends on it.
"""

from typing import NamedTuple

from d2l_lab.config import layers, optimiser_settings
from d2l_lab.pipeline.result import Result
from d2l_lab.stages import shards

BASE = 1600  # MB: Python with torch, and the two Snakemakes around a job on a cluster
STUDY = (2500, 10)  # MB and minutes: the largest and the longest study
ROWS = 512  # evaluated at a time
STEP = 5e-4  # seconds of one step, however small
NUMBER = 3e-9  # seconds for one feature of one example; a hidden unit takes ten of these
OVERHEAD = 300  # the fixed cost of an example, in features
# The layers of nets that train as one batched program, see `training.side_by_side`.
BATCHED = {"Sequential", "Flatten", "Linear", "Identity", "ReLU", "LeakyReLU", "Tanh"}
BATCHED |= {"CrossEntropyLoss", "MSELoss"}
ALONE = 2  # times as long for an example, in a net trained replica by replica
REUSING = ("Conv", "LSTM", "GRU", "RNN", "Transformer", "Multihead")  # use weights repeatedly
REUSED = 1.5e-7  # additional seconds for one feature of one example in such a net
KEPT = 40  # numbers that such a net keeps for one feature of each example in a minibatch
MARGIN = 4  # between this machine and a slower, busier one
START = 3  # minutes granted to every job besides its work
SHORT = 60  # seconds of work below which a separate job is not worthwhile


class Load(NamedTuple):
    """The size of a training; `units` are those of all hidden layers, or of ten outputs.

    A net with any but the plain layers is trained replica by replica. Whether it is (`is_alone`),
    and whether it `reuses` its weights within an example, is guessed from the names in its module.
    """

    replicas: int
    examples: int
    features: int
    units: int
    steps: int
    batch: int
    is_alone: bool
    reuses: bool

    @classmethod
    def of(cls, result: Result) -> "Load":
        """Return the size of a training from its settings."""
        settings, (data,) = result.settings, result.inputs["train"]
        examples, features = data.size
        named = layers(settings["module"])
        return cls(
            replicas=len(shards.numbers_of(settings)),
            examples=examples,
            features=settings["features"] or features,
            units=max(10, sum(_as_list(settings.get("hidden_units", 0)))),
            steps=settings["epochs"] * -(-examples // settings["batch_size"]),
            batch=min(settings["batch_size"], examples),
            is_alone=not named <= BATCHED,
            reuses=any(name.startswith(REUSING) for name in named),
        )


def _as_list(units: int | list[int]) -> list[int]:
    return units if isinstance(units, list) else [units]


def memory(result: Result) -> int:
    """Return a job's memory in MB, from six copies of the numbers in a step or an evaluation."""
    if result.stage == "study":
        return STUDY[0]
    load = Load.of(result)
    rows = 0 if result.shards else min(ROWS, load.examples)
    numbers = load.replicas * (rows + load.units) * (load.features + load.units)
    if load.reuses and not result.shards:
        numbers += load.replicas * load.batch * load.features * KEPT / 6
    return round(BASE + 4e-6 * (6 * numbers + load.examples * load.features))


def runtime(result: Result) -> int:
    """Return the time that a job may take, in minutes."""
    if result.stage == "study":
        return STUDY[1]
    return round(START + MARGIN * seconds(result) / 60)


def seconds(result: Result) -> float:
    """Estimate the seconds that a training takes; putting shards together takes none."""
    if result.shards:
        return 0
    load = Load.of(result)
    steps = load.steps * (load.replicas if load.is_alone else 1)
    visits = load.replicas * load.examples * result.settings["epochs"]
    visit = NUMBER * (OVERHEAD + load.features + 10 * load.units) * (ALONE if load.is_alone else 1)
    return steps * STEP + visits * (visit + load.reuses * REUSED * load.features)


def group(result: Result) -> str | None:
    """Return the group of a job that a cluster should run with others; None to run it alone.

    Studies of trained models wait for them, so they are not grouped with those that need not.
    """
    if result.stage == "study":
        return "late_studies" if "trained" in result.inputs else "studies"
    if result.shards:
        return "wholes"
    return "trainings" if seconds(result) < SHORT else None


def device(result: Result) -> str:
    """Name the device that a job runs on; the CPU, unless it trains elsewhere."""
    return result.settings.get("device", "cpu")


def describe(result: Result) -> str:
    """Say how a training is configured, in a few words."""
    settings = result.settings
    counted = next(count for count in ("replicates", "folds", "only") if count in settings)
    number = settings[counted]
    parts = [f"{number} {counted}"] if counted != "only" else []
    parts += [f"{settings['epochs']} epochs", f"batch size {settings['batch_size']}"]
    parts += [settings["optimizer"], f"learning rate {settings['learning_rate']:g}"]
    own = [key for key in optimiser_settings(settings["optimizer"]) if settings[key]]
    return ", ".join([*parts, *(f"{key.replace('_', ' ')} {settings[key]:g}" for key in own)])
