"""How much memory a process needed."""

import re
import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")
OF_A_MEBIBYTE = 2**10 if sys.platform == "linux" else 2**20  # in the unit of `getrusage`


def peak_mebibytes() -> float:
    """Give what this process, or the largest of its children, had in memory at the most."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / OF_A_MEBIBYTE
    return max(_own(), child)


def _own() -> float:
    if STATUS.exists():  # where `getrusage` counts in the process that has started this one
        kibibytes = re.search(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text("utf-8"), re.MULTILINE)
        return int(kibibytes[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / OF_A_MEBIBYTE
