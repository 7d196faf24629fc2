"""What a run shows of its progress in a terminal."""

import os
import pty
import re
import subprocess
import sys
import threading

import pytest


@pytest.mark.thorough
def test_in_a_terminal_a_bar_shows_how_many_jobs_are_done(copy):
    (copy.path / "results/tables/summary.csv").unlink()
    terminal, stream = pty.openpty()
    shown = bytearray()

    def read():
        while piece := os.read(terminal, 4096):
            shown.extend(piece)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    command = [sys.executable, "-m", "snakemake", "--cores", "2"]
    subprocess.run(
        command,
        cwd=copy.path,
        stdin=stream,
        stdout=stream,
        stderr=stream,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"},
        check=True,
        timeout=120,
    )
    os.write(stream, b"\nend\n")
    while b"end" not in shown[-10:]:
        reader.join(0.01)
    text = re.sub(r"\x1b\[[\d;]*[mKA]", "", shown.decode())  # without colours and moves
    assert re.search(r"d2l-lab \S+ +2/2 jobs 0:00:0\d", text)
    assert "show the results in results/" in text
    assert text.index("\x1b[?25l") < text.index("\x1b[?25h")  # the cursor is hidden, then back
