"""Fork jobs from a process that has already loaded their modules.

`server` is that process, one for each run; `client` runs a module in a fork of it, or in its own
process if there is no server. This package imports nothing else of the project.
"""

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

ADDRESS = "D2L_LAB_FORKSERVER"  # the environment variable with the server's socket
LENGTH = struct.Struct("!Q")
CODE = struct.Struct("!i")


@contextmanager
def reachable(address: str) -> Iterator[str]:
    """Yield a short name for a socket, since the system limits the length of its path.

    Raises
    ------
    OSError
        If its folder does not exist.
    """
    folder, name = os.path.split(address)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)


def receive(connection: socket.socket, size: int) -> bytes:
    """Receive exactly this many bytes.

    Raises
    ------
    EOFError
        If the other side closes the connection earlier.
    """
    received = bytearray()
    while len(received) < size:
        part = connection.recv(size - len(received))
        if not part:
            raise EOFError
        received += part
    return bytes(received)
