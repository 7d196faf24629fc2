"""The kernel of a page: IPython's, as a module that can run in a fork of the warm process."""

import os
import select
import sys
from threading import Thread

from ipykernel.kernelapp import IPKernelApp


def end_with(process: int) -> None:
    """End when a process does, be it killed: IPython asks for its parent, which a fork's is not."""
    descriptor = os.pidfd_open(process)

    def wait() -> None:
        select.select([descriptor], [], [])
        os._exit(1)

    Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    parent = int(os.environ["JPY_PARENT_PID"])
    if hasattr(os, "pidfd_open"):  # Linux; nowhere else are there forks
        end_with(parent)
    sys.modules["debugpy"] = None  # as if it were not installed: it takes half of the start
    IPKernelApp.launch_instance(parent_handle=parent)
