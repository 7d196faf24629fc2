"""The process that loads the modules of a run's jobs once, and forks the jobs."""

import gc
import importlib
import json
import os
import runpy
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NoReturn

from d2l_lab.forkserver import ADDRESS, CODE, LENGTH, reachable, receive


def start(modules: Iterable[Iterable[str]]) -> None:
    """Start the server, which ends with this process; jobs find it through an environment variable.

    Parameters
    ----------
    modules : iterable of iterables of str
        The modules to load, in groups that are needed together, the most urgent group first.
        Modules that cannot be loaded are skipped; the jobs that need them report the error.
    """
    if not hasattr(os, "pidfd_open"):
        return  # on other systems forks may be unsafe, so every job loads its modules
    folder = tempfile.mkdtemp(prefix="d2l-lab-")  # private to this user
    until, _ = os.pipe()  # closed when this process ends
    with socket.socket(socket.AF_UNIX) as listener:
        address = f"{folder}/socket"
        with reachable(address) as short:
            listener.bind(short)
        listener.listen(64)
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                __name__,
                folder,
                str(listener.fileno()),
                *map(",".join, modules),
            ],
            stdin=until,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
            start_new_session=True,  # Ctrl-C goes to the jobs, which forward it
        )
        os.environ[ADDRESS] = address
    os.close(until)


class Server:
    """Load modules one after another, and fork a process for each request.

    Parameters
    ----------
    listener : socket
    modules : iterable of str
        Groups of names joined by commas. A request waits until the group being loaded is complete;
        its fork loads modules of later groups itself.
    """

    def __init__(self, listener: socket.socket, modules: Iterable[str]):
        self.listener = listener
        self.groups = deque(modules)
        self.forks = 0
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ, self.fork)
        self.selector.register(sys.stdin, selectors.EVENT_READ, self.close)

    def run(self) -> None:
        """Answer requests until the run and the last fork have ended."""
        while self.listener.fileno() >= 0 or self.forks:
            for key, _ in self.selector.select(timeout=0 if self.groups else None):
                key.data()
            if self.groups:
                self.load(self.groups.popleft())

    def load(self, group: str) -> None:
        """Load a group of modules for all later forks."""
        for module in group.split(","):
            with suppress(Exception):  # the jobs report it
                importlib.import_module(module)
        gc.freeze()  # otherwise a fork's first collection copies every page

    def close(self) -> None:
        """Refuse further requests, since the run has ended."""
        self.selector.unregister(sys.stdin)
        self.selector.unregister(self.listener)
        self.listener.close()

    def fork(self) -> None:
        """Handle a request in a fork."""
        try:
            client, _ = self.listener.accept()
            size, descriptors, *_ = socket.recv_fds(client, LENGTH.size, 3)
            request = json.loads(receive(client, *LENGTH.unpack(size)))
        except (OSError, EOFError, struct.error):
            return  # the client was killed, or the run has ended
        pid = os.fork()
        if pid == 0:
            become(request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        fork = os.pidfd_open(pid)
        self.forks += 1
        self.selector.register(client, selectors.EVENT_READ, lambda: self.tell(client, fork))
        self.selector.register(fork, selectors.EVENT_READ, lambda: self.end(client, fork, pid))
        with suppress(OSError):
            client.sendall(b"\0")

    def tell(self, client: socket.socket, fork: int) -> None:
        """Forward signals to a fork, and kill it if the process that asked for it is gone."""
        if client.fileno() < 0:
            return  # the fork has just ended
        try:
            signals = client.recv(64)
        except OSError:
            signals = b""
        if not signals:
            self.selector.unregister(client)
        for number in signals or [signal.SIGKILL]:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(fork, number)

    def end(self, client: socket.socket, fork: int, pid: int) -> None:
        """Send a fork's exit code to the process that asked for it."""
        _, status = os.waitpid(pid, 0)
        with suppress(OSError):
            client.sendall(CODE.pack(os.waitstatus_to_exitcode(status)))
        with suppress(KeyError):  # the client may be gone
            self.selector.unregister(client)
        client.close()
        self.selector.unregister(fork)
        os.close(fork)
        self.forks -= 1


def become(request: dict[str, Any], descriptors: list[int]) -> NoReturn:
    """Become the process that a request describes, with that process's standard streams."""
    code = 1
    gc.enable()
    try:
        for target, descriptor in enumerate(descriptors):
            os.dup2(descriptor, target)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.argv = [request["module"], *request["arguments"]]
        importlib.invalidate_caches()
        if not hasattr(sys.modules.get(request["module"]), "__path__"):  # a package's __main__ runs
            sys.modules.pop(request["module"], None)  # otherwise runpy warns that it is loaded
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main(folder: str, listener: str, *modules: str) -> None:
    """Run the server, and clean up at its end."""
    gc.disable()  # collecting garbage would be a quarter of the loading time
    try:
        Server(socket.socket(fileno=int(listener)), modules).run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
