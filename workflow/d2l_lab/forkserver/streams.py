"""Open the three standard streams if a process was started without them."""

import os
import sys

NAMES = ("stdin", "stdout", "stderr")


def open_missing() -> None:
    """Open each closed standard stream to the null device, for this process and its children.

    Otherwise the next opened file would get the stream's number, and a child would write its
    messages into that file.
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
