"""Which replicas of a training one result holds: all of them, or the few of a shard.

A large training is cut into shards, jobs of a few replicas each, if the configuration says so.
What they are put together to has the same key as without them: it is the same to the bit.
"""

from collections.abc import Mapping
from typing import Any

ONLY = "only"  # the setting that a shard has more than the whole: from which replica to which
COUNTS = ("replicates", "folds")  # the settings that count the replicas of a whole


def cut(count: int, size: int | None) -> list[range]:
    """Cut replicas 0 to count-1 into shards of a size; none if one job takes them all."""
    if size is None or size >= count:
        return []
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


def settings_of(whole: Mapping[str, Any], numbers: range) -> dict[str, Any]:
    """Return the settings of a shard: no more of the whole's than its replicas depend on."""
    rest = {key: value for key, value in whole.items() if key != "replicates"}
    return rest | {ONLY: [numbers.start, numbers.stop]}


def numbers_of(settings: Mapping[str, Any]) -> range:
    """Return the numbers of the replicas that a training's settings ask for."""
    if ONLY in settings:
        return range(*settings[ONLY])
    return range(next(settings[count] for count in COUNTS if count in settings))


def name_of(whole: str, numbers: range) -> str:
    """Name a shard: ``mlp_scratch.cpu.0-99``."""
    return f"{whole}.{numbers[0]}-{numbers[-1]}"
