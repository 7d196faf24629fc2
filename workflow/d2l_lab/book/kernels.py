"""Start the kernels of a page, one for each language, together, since a start takes long.

The run's fork server forks them, if there is one.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.utils import run_sync

from d2l_lab.book import kernel
from d2l_lab.store.code import ROOT

NAME = "python3"
FORKSERVER = (sys.executable, "-m", "d2l_lab.forkserver")
COMMAND = (*FORKSERVER, kernel.__name__, "-f", "{connection_file}")
OPTIONS = ("--HistoryManager.hist_file=:memory:",)
TIMEOUT = 60  # seconds within which a kernel must answer
KILLED = 0.01  # seconds for a killed kernel to end; jupyter_client would wait ten times as long


class PageKernel(KernelSpecManager):
    """Lists only the kernel of a page, whatever kernels a user has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the specification of that kernel, for any name."""
        return KernelSpec(argv=[*COMMAND], display_name=kernel_name)


class Kernel(NamedTuple):
    """A kernel that answers, and its working folder."""

    manager: AsyncKernelManager
    client: AsyncKernelClient
    folder: Path


@contextmanager
def kernels(folders: Mapping[str, Path], sockets: Path) -> Iterator[dict[str, Kernel]]:
    """Start kernels, and end them.

    Parameters
    ----------
    folders : mapping from a name to a folder
        The working folder of each kernel.
    sockets : Path
        A folder for their sockets, which are used because ports may be taken, and for IPython's
        files.

    Yields
    ------
    dict from the names to the kernels
    """
    managers = [
        AsyncKernelManager(
            kernel_name=NAME,
            kernel_spec_manager=PageKernel(),
            transport="ipc",
            ip=str(sockets / f"kernel-{name}"),
            connection_file=str(sockets / f"kernel-{name}.json"),
        )
        for name in folders
    ]
    started: list[Kernel] = []
    try:
        started += run_sync(_start_all)(managers, folders.values())
        yield dict(zip(folders, started, strict=True))
    finally:
        for running in started:
            running.client.stop_channels()
        run_sync(_end_all)(managers)


async def _start_all(
    managers: Iterable[AsyncKernelManager], folders: Iterable[Path]
) -> list[Kernel]:
    return await asyncio.gather(*map(_start, managers, folders))


async def _start(manager: AsyncKernelManager, folder: Path) -> Kernel:
    """Start a kernel, and wait until it answers.

    IPython gets a new folder, so that it finds no user's settings or startup scripts.
    """
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    variables = {
        "IPYTHONDIR": f"{manager.ip}-ipython",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }
    await manager.start_kernel(
        extra_arguments=list(OPTIONS), cwd=folder, env=os.environ | variables
    )
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=TIMEOUT)
    client.allow_stdin = False
    return Kernel(manager, client, folder)


async def _end_all(managers: Iterable[AsyncKernelManager]) -> None:
    """Kill the kernels, which are no longer needed."""
    running = [manager for manager in managers if manager.has_kernel]
    await asyncio.gather(*(manager.signal_kernel(signal.SIGKILL) for manager in running))
    await asyncio.sleep(KILLED)
    await asyncio.gather(*(manager.shutdown_kernel(now=True) for manager in running))
