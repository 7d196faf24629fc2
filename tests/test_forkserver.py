"""A module in a fork of the fork server behaves as it would by itself."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from d2l_lab.forkserver import ADDRESS, server
from d2l_lab.store.code import ROOT
from waiting import wait_for

pytestmark = pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="only on Linux are jobs forked"
)
MODULE = """
import json, os, signal, sys, time
print(json.dumps([sys.argv[1:], os.getcwd(), os.environ.get("GIVEN"), "colorsys" in sys.modules]))
print(os.getppid(), file=sys.stderr, flush=True)
if sys.argv[1:] == ["wait"]:
    time.sleep(60)
if sys.argv[1:] == ["die"]:
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1:] == ["hear"]:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(40))
    print("listening", flush=True)
    time.sleep(60)
if sys.argv[1:] == ["read"]:
    print(sys.stdin.read())
sys.exit({"three": 3, "words": "in words", "none": None}.get(sys.argv[1]))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a module, from which modules of the project can be imported too."""
    (tmp_path / "job.py").write_text(MODULE)
    (tmp_path / "broken.py").write_text("1 / 0")
    (tmp_path / "loaded.py").write_text("print(__name__)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("GIVEN", "by the environment")
    monkeypatch.setenv(ADDRESS, "")
    return tmp_path


@pytest.fixture
def forking(folder: Path) -> psutil.Process:
    """The fork server; it ends with the process that started it, which is not this one."""
    groups = [["not_there", "broken"], ["no", "colorsys", "loaded"]]
    starter = f"from d2l_lab.forkserver import server; server.start({groups});"
    starter += "import os; print(os.environ['D2L_LAB_FORKSERVER'], flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", starter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    os.environ[ADDRESS] = process.stdout.readline().strip()
    (server_process,) = psutil.Process(process.pid).children()
    yield server_process
    process.communicate("\n")
    assert wait_for(lambda: not server_process.is_running() or server_process.status() == "zombie")
    assert not Path(os.environ[ADDRESS]).parent.exists()


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "d2l_lab.forkserver", "job", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ran(*arguments, given=None):
    process = start(*arguments)
    said, told = process.communicate(given, timeout=60)
    return process.returncode, said, told


@pytest.mark.parametrize(
    ("argument", "code", "told"), [("three", 3, ""), ("words", 1, "in words\n"), ("none", 0, "")]
)
def test_a_module_has_its_arguments_folder_environment_and_exit_code(
    forking, folder, argument, code, told
):
    answer, said, parent_and_told = ran(argument)
    assert answer == code
    assert said.startswith(f'[["{argument}"], "{folder}", "by the environment", ')
    assert parent_and_told == f"{forking.pid}\n{told}"


def test_a_module_has_the_libraries_that_were_loaded_for_it(forking):
    assert wait_for(lambda: ran("none")[1].endswith(", true]\n"))


def test_a_preloaded_module_runs_like_any_other(forking):
    assert wait_for(lambda: ran("none")[1].endswith(", true]\n"))
    command = [sys.executable, "-m", "d2l_lab.forkserver", "loaded"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (answer.stdout, answer.stderr) == ("__main__\n", "")


def test_a_module_has_the_standard_input(forking):
    _, said, _ = ran("read", given="a line")
    assert said.endswith("a line\n")


def test_a_module_runs_by_itself_without_a_server(folder):
    code, said, told = ran("three")
    assert (code, said) == (3, f'[["three"], "{folder}", "by the environment", false]\n')
    assert told == f"{os.getpid()}\n"


def test_a_module_runs_by_itself_if_the_server_is_gone(forking, folder):
    forking.kill()
    assert wait_for(lambda: not forking.is_running() or forking.status() == "zombie")
    code, said, _ = ran("three")
    assert code == 3
    assert said.endswith("false]\n")
    Path(os.environ[ADDRESS]).unlink()
    Path(os.environ[ADDRESS]).parent.rmdir()


def test_a_signal_is_forwarded_and_the_module_handles_it(forking):
    process = start("hear")
    assert process.stdout.readline()
    assert process.stdout.readline() == "listening\n"
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 40


def test_a_killed_module_is_reported_as_killed(forking):
    code, *_ = ran("die")
    assert code == -signal.SIGKILL


def test_a_fork_ends_when_its_requester_is_killed(forking):
    process = start("wait")
    assert process.stdout.readline()
    (fork,) = forking.children()
    process.kill()
    process.communicate()
    assert wait_for(lambda: not fork.is_running())


def test_a_module_at_work_may_finish_after_the_run_has_ended(folder):
    starter = (
        "import subprocess, sys; from d2l_lab.forkserver import server; server.start([]);"
        "job = subprocess.Popen([sys.executable, '-m', 'd2l_lab.forkserver', 'job', 'hear'],"
        " stdout=subprocess.PIPE, stderr=subprocess.DEVNULL);"
        "job.stdout.readline(); job.stdout.readline(); print(job.pid)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", starter], capture_output=True, text=True, check=True
    )
    job = psutil.Process(int(answer.stdout))
    assert job.is_running()
    job.terminate()
    assert wait_for(lambda: not job.is_running() or job.status() == "zombie")


def test_no_other_user_can_request_a_fork(forking):
    folder = Path(os.environ[ADDRESS]).parent.stat()
    assert (folder.st_uid, stat.S_IMODE(folder.st_mode)) == (os.getuid(), stat.S_IRWXU)


def test_there_is_no_server_except_on_linux(folder, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open")
    server.start([["colorsys"]])
    assert os.environ[ADDRESS] == ""
