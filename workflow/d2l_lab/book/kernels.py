"""The kernels of a page, one for each language: they start and end together, for that takes time.

Each is a fork of the run's warm process, if there is one.
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
from jupyter_client.utils import run_sync

from d2l_lab.book import kernel
from d2l_lab.store.code import ROOT

NAME = "python3"
COMMAND = (
    sys.executable,
    "-m",
    "d2l_lab.forkserver",
    kernel.__name__,
    "-f",
    "{connection_file}",
)
OPTIONS = ("--HistoryManager.hist_file=:memory:",)
PATIENCE = 60  # seconds until a kernel has to answer
SOON = 0.01  # seconds in which one that is killed ends; jupyter_client would wait ten times as long


class Kernel(NamedTuple):
    """A kernel that answers, and the folder in which it works."""

    manager: AsyncKernelManager
    client: AsyncKernelClient
    place: Path


@contextmanager
def kernels(places: Mapping[str, Path], sockets: Path) -> Iterator[dict[str, Kernel]]:
    """Start kernels, and end them.

    Parameters
    ----------
    places : mapping from a name to a folder
        Where each kernel is to work.
    sockets : Path
        A folder for their sockets: what has a port may find it taken.

    Yields
    ------
    dict from the names to the kernels
    """
    managers = {
        name: AsyncKernelManager(
            kernel_name=NAME, transport="ipc", ip=str(sockets / f"kernel-{name}")
        )
        for name in places
    }
    started: list[Kernel] = []
    try:
        started += run_sync(_start)(managers.values(), places.values())
        yield dict(zip(managers, started, strict=True))
    finally:
        for one in started:
            one.client.stop_channels()
        run_sync(_end)(managers.values())


async def _start(managers: Iterable[AsyncKernelManager], places: Iterable[Path]) -> list[Kernel]:
    return await asyncio.gather(*map(_started, managers, places))


async def _started(manager: AsyncKernelManager, place: Path) -> Kernel:
    """Start a kernel, and wait until it answers."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    manager.kernel_spec.argv = list(COMMAND)
    manager.kernel_spec.env = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    await manager.start_kernel(extra_arguments=list(OPTIONS), cwd=place)
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=PATIENCE)
    client.allow_stdin = False
    return Kernel(manager, client, place)


async def _end(managers: Iterable[AsyncKernelManager]) -> None:
    """End kernels at once: what they hold is of no use."""
    left = [one for one in managers if one.has_kernel]
    await asyncio.gather(*(one.signal_kernel(signal.SIGKILL) for one in left))
    await asyncio.sleep(SOON)
    await asyncio.gather(*(one.shutdown_kernel(now=True) for one in left))
