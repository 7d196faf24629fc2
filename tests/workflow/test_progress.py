"""A run shows its progress in a terminal, and ends with its last job."""

import os
import re
import shutil
import subprocess
import sys

import pytest

IN_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"

RUN = """
import threading
from snakemake.cli import main
try:
    main(["--cores", "2"])
except SystemExit as end:
    assert end.code == 0, end.code
print([each for each in threading.enumerate() if isinstance(each, threading.Timer)])
"""


def test_a_run_waits_for_nothing_after_its_last_job(linear_copy):
    shutil.rmtree(linear_copy.path / "results/store/report")
    command = [sys.executable, "-c", RUN]
    options = {"capture_output": True, "text": True, "timeout": 120}
    answer = subprocess.run(command, cwd=linear_copy.path, check=True, **options)
    assert "1 of 2 steps (50%) done" in answer.stderr
    assert answer.stdout == "[]\n"


@pytest.mark.thorough
def test_a_bar_in_a_terminal_shows_how_many_jobs_are_done(copy):
    shutil.rmtree(copy.path / "results/store/tables")
    command = [sys.executable, "-m", "snakemake", "--cores", "2"]
    shown = subprocess.run(
        [sys.executable, "-c", IN_A_TERMINAL, *command],
        cwd=copy.path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"},
        check=True,
        timeout=120,
    ).stdout
    text = re.sub(r"\x1b\[[\d;]*[mKA]", "", shown)  # without colours and movements of the cursor
    assert re.search(r"d2l-lab \S+ +2/2 jobs 0:00:0\d", text)
    assert "gather the tables" in text
    assert text.index("\x1b[?25l") < text.index("\x1b[?25h")  # the cursor, hidden and shown
