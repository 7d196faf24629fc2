"""Run Python modules in forks of a process that has already imported the slowest libraries.

Importing Snakemake takes a second of a core, and the tests run it several hundred times. A fork has
its own folder, variables and standard streams, like a newly started process. It has loaded no
module of this project, so each checkout runs its own.

A run starts a fork server for its jobs, which loads torch and other libraries for two or three
seconds more. It is forked, too: from a process that keeps the libraries of all earlier runs.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from types import MappingProxyType
from typing import IO, Any, NoReturn

# Snakemake, and what it and this project's own modules import in each run.
MODULES = (
    *("snakemake.cli", "snakemake.profiles", "snakemake.report.html_reporter", "snakemake.storage"),
    *("argparse_dataclass", "jsonschema", "numpy", "packaging.requirements", "pandas"),
    *("platformdirs", "requests", "safetensors", "smart_open", "yaml", "yte"),
)
FORK_SERVER = "d2l_lab.forkserver.server"
PATHS = "PYTHONPATH"
SIZE = 2**18  # bytes of a request, at most


class Preloaded:
    """The process that has imported the libraries; it ends with the tests."""

    def __init__(self):
        self.connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                env={name: value for name, value in os.environ.items() if name != PATHS},
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self.end)
        self.connection.recv(SIZE)  # it has the modules

    def end(self) -> None:
        self.connection.close()
        self.process.wait()

    def run(
        self,
        *command: str,
        at: Path,
        env: Mapping[str, str] = MappingProxyType({}),
        stderr: int = subprocess.PIPE,
        timeout: float = 900,
    ) -> CompletedProcess:
        """Run `python -m` with a module and its arguments, as `subprocess.run` would.

        The variables are added to those of this process. Those that Python reads as it starts, but
        for PYTHONPATH, have no effect.
        """
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as other:
            errors = output if stderr == subprocess.STDOUT else other
            streams = [0, output.fileno(), errors.fileno()]
            request = json.dumps([command, str(at), {**os.environ, **env}])
            socket.send_fds(self.connection, [request.encode()], streams)
            pid = int(self.connection.recv(SIZE))
            self.connection.settimeout(timeout)
            try:
                code = int(self.connection.recv(SIZE))
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise TimeoutExpired(command, timeout) from None
            finally:
                self.connection.settimeout(None)
            output.seek(0)
            other.seek(0)
            return CompletedProcess(command, code, output.read().decode(), other.read().decode())


@cache
def preloaded(number: int) -> Preloaded:
    """Return the process for all tests of this process; it runs one module at a time."""
    return Preloaded()


class Popen(subprocess.Popen):
    """Start a process; but a run's fork server is forked from the process with the libraries.

    That process starts with the first fork server, in the same environment. Fork servers with
    another environment are started as usual.
    """

    connection: socket.socket  # to the process with the libraries
    its_end: socket.socket
    environment: IO[str]  # of that process; empty if it has not started

    def __init__(self, args: Any, *others: Any, **options: Any):
        is_server = isinstance(args, list) and args[1:3] == ["-m", FORK_SERVER]
        if is_server and self.is_ready():
            folder, listener, *groups = args[3:]
            mask = os.umask(0)
            os.umask(mask)
            request = json.dumps([os.getcwd(), {**os.environ}, mask, folder, groups])
            descriptors = [options["stdin"], int(listener)]
            socket.send_fds(self.connection, [request.encode()], descriptors)
        else:
            super().__init__(args, *others, **options)

    def is_ready(self) -> bool:
        """Tell whether that process has this environment; start it if there is none yet."""
        others = ("PYTEST_", PATHS)
        ours = {name: text for name, text in os.environ.items() if not name.startswith(others)}
        self.environment.seek(0)
        if not (text := self.environment.read()):
            subprocess.Popen(
                [sys.executable, __file__, str(self.its_end.fileno()), "libraries"],
                cwd="/",
                env=ours,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[self.its_end.fileno()],
                start_new_session=True,
            )
            self.environment.write(text := json.dumps(ours))
            self.environment.flush()
        return json.loads(text) == ours

    @classmethod
    def prepare(cls) -> None:
        """Prepare the connection that all runs share."""
        cls.connection, cls.its_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        cls.environment = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- open until the end


def next_request(connection: socket.socket) -> tuple[list[str], str, dict[str, str]]:
    """Fork a process for each request; return the request in the fork."""
    while True:
        text, streams, *_ = socket.recv_fds(connection, SIZE, 3)
        if not text:
            sys.exit()  # the tests have ended
        if (pid := os.fork()) == 0:
            connection.close()
            take_streams(streams)
            return json.loads(text)
        for descriptor in streams:
            os.close(descriptor)
        connection.send(b"%d" % pid)
        _, status = os.waitpid(pid, 0)
        connection.send(b"%d" % os.waitstatus_to_exitcode(status))


def fork_servers(connection: socket.socket) -> NoReturn:
    """Load the libraries of each request and fork its server, until the tests end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while text := (received := socket.recv_fds(connection, SIZE, 2))[0]:
        until, listener = received[1]
        at, environment, mask, folder, groups = json.loads(text)
        for module in ",".join(groups).split(","):
            if not module.startswith("d2l_lab"):
                with suppress(Exception):  # the jobs report it
                    importlib.import_module(module)
        gc.freeze()
        if os.fork() == 0:
            connection.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.setsid()
            os.umask(mask)
            nothing = os.open(os.devnull, os.O_RDWR)
            take_streams([until, nothing, nothing])
            become([FORK_SERVER, folder, str(listener), *groups], at, environment)
        for descriptor in (until, listener):
            os.close(descriptor)
    sys.exit()


def take_streams(descriptors: list[int]) -> None:
    """Use descriptors as the standard streams of this process."""
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
    for descriptor in {*descriptors}:
        os.close(descriptor)


def become(command: list[str], folder: str, environment: Mapping[str, str]) -> NoReturn:
    """Run a module with its arguments in a folder, as `python -m` does."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    paths = filter(None, environment.get(PATHS, "").split(os.pathsep))
    sys.path[:0] = [folder, *(os.path.join(folder, path) for path in paths)]
    sys.argv[:] = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    sys.exit()


def main() -> None:
    """Load the libraries; then run each requested module in a fork."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests handle Ctrl-C and end this process
    sys.path.pop(0)  # this folder
    connection = socket.socket(fileno=int(sys.argv[1]))
    for module in MODULES:  # the job that makes the report also needs Snakemake
        importlib.import_module(module)
    gc.freeze()
    if sys.argv[2:] == ["libraries"]:
        fork_servers(connection)
    Popen.prepare()
    connection.send(b"ready")
    request = next_request(connection)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    subprocess.Popen = Popen
    become(*request)


if __name__ == "__main__":
    main()
