"""The replicas of a training that one result has: all of them, or those of a shard.

If configured, a large training is split into shards, jobs of a few replicas each. The combined
result has the same key as an unsplit training, since it is the same to the bit.
"""

from collections.abc import Mapping
from typing import Any

ONLY = "only"  # a shard's additional setting: its first replica and its last
COUNTS = ("replicates", "folds")  # settings with the number of all replicas


def cut(count: int, size: int | None) -> list[range]:
    """Split replicas 0 to count-1 into shards of a size; none if one job trains them all."""
    if size is None or size >= count:
        return []
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


def settings_of(whole: Mapping[str, Any], numbers: range) -> dict[str, Any]:
    """Return the settings of a shard: only those that its replicas depend on."""
    rest = {key: value for key, value in whole.items() if key != "replicates"}
    return rest | {ONLY: [numbers.start, numbers.stop]}


def numbers_of(settings: Mapping[str, Any]) -> range:
    """Return the numbers of the replicas that a training's settings ask for."""
    if ONLY in settings:
        return range(*settings[ONLY])
    return range(next(settings[count] for count in COUNTS if count in settings))


def name_of(whole: str, numbers: range) -> str:
    """Return the name of a shard: ``mlp_scratch.cpu.0-99``."""
    return f"{whole}.{numbers[0]}-{numbers[-1]}"
