"""Run Python modules in forks of a process that has already imported the slowest libraries.

Importing Snakemake takes a second of a core, and the tests run it several hundred times. A fork has
its own folder, variables and standard streams, like a newly started process. It has loaded no
module of this project, so each checkout runs its own.
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
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from types import MappingProxyType

# Snakemake, and what it and this project's own modules import in each run.
MODULES = (
    *("snakemake.cli", "snakemake.profiles", "snakemake.report.html_reporter", "snakemake.storage"),
    *("argparse_dataclass", "jsonschema", "numpy", "packaging.requirements", "pandas"),
    *("platformdirs", "requests", "safetensors", "smart_open", "yaml", "yte"),
)
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
        timeout: float = 300,
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
def preloaded(number: int = 0) -> Preloaded:
    """Return the process for all tests of this process; it runs one module at a time."""
    return Preloaded()


def next_request(connection: socket.socket) -> tuple[list[str], str, dict[str, str]]:
    """Fork a process for each request; return the request in the fork."""
    while True:
        text, streams, *_ = socket.recv_fds(connection, SIZE, 3)
        if not text:
            sys.exit()  # the tests have ended
        if (pid := os.fork()) == 0:
            for target, descriptor in enumerate(streams):
                os.dup2(descriptor, target)
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            return json.loads(text)
        for descriptor in streams:
            os.close(descriptor)
        connection.send(b"%d" % pid)
        _, status = os.waitpid(pid, 0)
        connection.send(b"%d" % os.waitstatus_to_exitcode(status))


def main() -> None:
    """Load the libraries; then run each requested module in a fork."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests handle Ctrl-C and end this process
    sys.path.pop(0)  # this folder
    for module in MODULES:
        importlib.import_module(module)
    gc.freeze()
    connection = socket.socket(fileno=int(sys.argv[1]))
    connection.send(b"ready")
    command, folder, environment = next_request(connection)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    paths = filter(None, environment.get(PATHS, "").split(os.pathsep))
    sys.path[:0] = [folder, *(os.path.join(folder, path) for path in paths)]
    sys.argv[:] = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
