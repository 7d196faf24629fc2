"""The IPython kernel of a page, as a module that the fork server can run."""

import os
import select
import sys
from threading import Thread
from typing import Any

from ipykernel.kernelapp import IPKernelApp


def end_with(process: int) -> None:
    """End when a process ends, even if killed; IPython only watches its parent, the fork server."""
    descriptor = os.pidfd_open(process)

    def wait() -> None:
        select.select([descriptor], [], [])
        os._exit(1)

    Thread(target=wait, daemon=True).start()


class PageKernelApp(IPKernelApp):
    """IPython's kernel with its default settings, even if the machine has others."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read no configuration files."""


if __name__ == "__main__":
    parent = int(os.environ["JPY_PARENT_PID"])
    if hasattr(os, "pidfd_open"):  # Linux; there are no forks elsewhere
        end_with(parent)
    sys.modules["debugpy"] = None  # as if not installed; loading it is half of the start
    PageKernelApp.launch_instance(parent_handle=parent)
