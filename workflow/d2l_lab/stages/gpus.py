"""Run one job at a time on each GPU of a machine."""

import logging
import os
import tempfile
import time
from pathlib import Path

import torch

from d2l_lab.store import locks
from d2l_lab.training.devices import ANY_GPU, require

log = logging.getLogger(__name__)


def claim(device: str) -> None:
    """Reserve a GPU for this process until it ends, and make it torch's current device.

    This holds across runs, checkouts and users. For cuda:N, wait for that GPU; for cuda, take the
    first free one. Other devices are shared.

    Raises
    ------
    LabError
        If the device does not exist.
    """
    require(device)
    if not device.startswith(ANY_GPU):
        return
    numbers = range(torch.cuda.device_count())
    wanted = numbers if device == ANY_GPU else [torch.device(device).index]
    while (taken := next(filter(_take, wanted), None)) is None:
        log.info("another process has device %s; waiting for it", device)
        time.sleep(1)
    torch.cuda.set_device(taken)


def _take(number: int) -> bool:
    """Take the lock of a GPU, named by its machine-wide identifier, if it is free."""
    identity = torch.cuda.get_device_properties(number).uuid
    path = Path(tempfile.gettempdir(), f"d2l-lab-gpu-{identity}.lock")
    if not path.exists():
        os.close(os.open(path, os.O_CREAT, 0o666))
    return locks.take(path) is not None
