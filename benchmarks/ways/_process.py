"""What every way does as a process: read its settings, do a little first, time the rest, answer."""

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


def main(measure: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Measure by the settings of the command line, and print the answer as one line of JSON."""
    answer = measure(json.loads(sys.argv[1]))
    print(json.dumps(answer | {"peak_mebibytes": peak_mebibytes()}))


def peak_mebibytes() -> float:
    """Give what this process had in memory at the most."""
    if STATUS.exists():  # where `getrusage` counts in what had started this process
        return int(re.search(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text(), re.MULTILINE)[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


class Clock:
    """Note the time between one call and the next."""

    def __init__(self):
        self.seconds: list[float] = []
        self._last = time.perf_counter()

    def __call__(self, *_: object) -> None:
        """Note how long it is since the last call, or since the clock was made."""
        now = time.perf_counter()
        self.seconds.append(now - self._last)
        self._last = now
