"""Run a way as a process: read its settings, warm up, measure, print the answer."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from d2l_lab.store.provenance import peak_mebibytes


def main(measure: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Measure with the settings of the command line, and print the answer as one line of JSON."""
    answer = measure(json.loads(sys.argv[1]))
    print(json.dumps(answer | {"peak_mebibytes": peak_mebibytes()}))


class Clock:
    """Record the time between one call and the next."""

    def __init__(self):
        self.seconds: list[float] = []
        self._last = time.perf_counter()

    def __call__(self, *_: object) -> None:
        """Record the time since the last call, or since the clock was made."""
        now = time.perf_counter()
        self.seconds.append(now - self._last)
        self._last = now
