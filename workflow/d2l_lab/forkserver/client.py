"""Run a module as `python -m` does: in a fork of the run's fork server, if there is one."""

import json
import os
import runpy
import signal
import socket
import sys
from contextlib import suppress

from d2l_lab.forkserver import ADDRESS, CODE, LENGTH, reachable, receive
from d2l_lab.forkserver.streams import open_missing

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_module(module: str, arguments: list[str], *, forked: bool = True) -> int:
    """Run the module; return its exit code.

    Parameters
    ----------
    module : str
        Its dotted name.
    arguments : list of str
    forked : bool
        Whether to ask the fork server; otherwise this process runs the module.
    """
    open_missing()
    address = os.environ.get(ADDRESS) if forked else None
    signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)  # until the fork can receive them
    if address and (server := begin(address, module, arguments)):
        return follow(server)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def begin(address: str, module: str, arguments: list[str]) -> socket.socket | None:
    """Ask the server for a fork that runs the module; None if there is no server."""
    server = socket.socket(socket.AF_UNIX)
    request = {
        "module": module,
        "arguments": arguments,
        "folder": os.getcwd(),
        "environment": dict(os.environ),
    }
    text = json.dumps(request).encode()
    try:
        with reachable(address) as short:
            server.connect(short)
        socket.send_fds(server, [LENGTH.pack(len(text))], [0, 1, 2])
        server.sendall(text)
        receive(server, 1)  # the fork has started
    except (OSError, EOFError):
        server.close()
        return None
    return server


def follow(server: socket.socket) -> int:
    """Forward signals to the fork until it ends; return its exit code."""

    def forward(number: int, _: object) -> None:
        with suppress(OSError):
            server.send(bytes([number]))

    for number in FORWARDED:
        signal.signal(number, forward)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    try:
        (code,) = CODE.unpack(receive(server, CODE.size))
    except (OSError, EOFError):
        print(f"{sys.argv[1:2]}: the process it ran in was lost; run again", file=sys.stderr)
        return 1
    finally:  # the exit code is known; ignore signals, which could still kill this process
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
    if code < 0:  # a signal ended it
        with suppress(OSError):  # SIGKILL has no handler
            signal.signal(-code, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [-code])
        os.kill(os.getpid(), -code)
    return code
