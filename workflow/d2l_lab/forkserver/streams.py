"""Open the three standard streams if a process was started without them."""

import os
import sys

NAMES = ("stdin", "stdout", "stderr")


def open_missing() -> None:
    """Open each standard stream that is closed, to nowhere, for this process and its children.

    Otherwise Python has None for it, and the next file that is opened takes its place: a child
    would write its messages there.
    """
    for number, name in enumerate(NAMES):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
