"""Kernels start together, work in their folders, and do not outlive their process."""

import os
import subprocess
import sys

import psutil
import pytest
from nbclient.util import run_sync

from d2l_lab.book.kernels import kernels
from d2l_lab.forkserver import ADDRESS
from d2l_lab.store.code import ROOT
from waiting import wait_for

WAITS = """
import sys, time
from pathlib import Path
from d2l_lab.book.kernels import kernels
from d2l_lab.forkserver import server
if sys.argv[2] == "forked":
    server.start([])
with kernels({"en": Path(sys.argv[1]), "zh": Path(sys.argv[1])}, Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _no_forkserver(monkeypatch):
    """Search for modules where the jobs of a run do; there is no fork server."""
    monkeypatch.delenv(ADDRESS, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def printed(kernel, code):
    """Run code; return what it prints."""
    said = []
    run_sync(kernel.client.execute_interactive)(
        code, output_hook=lambda message: said.append(message["content"].get("text", ""))
    )
    return "".join(said).strip()


def test_each_kernel_works_in_its_folder_and_ends_even_if_its_use_fails(tmp_path):
    folders = {name: tmp_path / name for name in ("en", "zh")}
    for folder in folders.values():
        folder.mkdir()
    pids = []
    with pytest.raises(ArithmeticError), kernels(folders, tmp_path) as started:  # noqa: PT012
        for name, kernel in started.items():
            pids.append(int(printed(kernel, "import os; print(os.getpid())")))
            assert printed(kernel, "print(os.getcwd())") == str(folders[name])
            assert printed(kernel, "import d2l_lab; print(d2l_lab.__file__)").startswith(str(ROOT))
        raise ArithmeticError
    assert len({*pids, os.getpid()}) == 3
    assert wait_for(lambda: not any(map(psutil.pid_exists, pids)))


def test_a_users_kernels_scripts_and_settings_are_ignored(tmp_path, monkeypatch):
    mine = {
        "kernels/python3/kernel.json": "{ broken",
        "profile_default/startup/mine.py": "print('my script')\n",
        "profile_default/ipython_config.py": "c.InteractiveShellApp.exec_lines = ['mine = 1']\n",
    }
    for name, text in mine.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    for name in ("JUPYTER_PATH", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / "work").mkdir()
    with kernels({"en": tmp_path / "work"}, tmp_path) as started:
        assert printed(started["en"], "print('mine' in globals())") == "False"


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only on Linux is there such a thing")
@pytest.mark.parametrize("way", ["forked", "started"])
def test_kernels_do_not_outlive_a_killed_process(tmp_path, way):
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS, str(tmp_path), way], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    around = psutil.Process(process.pid).children(recursive=True)
    assert sum("d2l_lab.book.kernel" in process.cmdline() for process in around) == 2
    assert len(around) == (5 if way == "forked" else 2)  # the fork server and two forks
    process.kill()
    process.wait()
    process.stdout.close()
    assert wait_for(lambda: not any(each.is_running() for each in around)), around
