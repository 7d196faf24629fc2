"""A process that has loaded the modules, from which jobs are forked, so that they need not.

`server` is that process, one for each run; `client` runs a module in a fork of it, or, where there
is none, in its own process. Nothing else of the project is imported here.
"""

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

ADDRESS = "D2L_LAB_FORKSERVER"  # in the environment of a run's jobs: the socket of the run's server
LENGTH = struct.Struct("!Q")
CODE = struct.Struct("!i")


@contextmanager
def reachable(address: str) -> Iterator[str]:
    """Yield a short name for a socket, because the system limits the length of its path.

    Raises
    ------
    OSError
        If there is no such folder.
    """
    folder, name = os.path.split(address)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)


def receive(connection: socket.socket, size: int) -> bytes:
    """Receive just so many bytes.

    Raises
    ------
    EOFError
        If the other side has closed the connection before.
    """
    received = bytearray()
    while len(received) < size:
        part = connection.recv(size - len(received))
        if not part:
            raise EOFError
        received += part
    return bytes(received)
