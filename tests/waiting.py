"""Wait for other processes."""

import time
from collections.abc import Callable


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait until a condition holds; return whether it did in time."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()
