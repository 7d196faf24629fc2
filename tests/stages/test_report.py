"""Snakemake's report: a silent failure is described, and figures become smaller."""

from base64 import b64decode, b64encode
from pathlib import Path
from xml.etree import ElementTree

import pytest

from d2l_lab.figures import style
from d2l_lab.stages import report
from figures.examples import draw


def in_base64(path: Path) -> str:
    return b64encode(path.read_bytes()).decode()


@pytest.mark.parametrize(
    ("code", "words"), [(2, "exit code 2, without a word"), (-9, "ended by signal 9 (Killed)")]
)
def test_the_way_in_which_a_command_ended_is_reported(code, words):
    assert words in report.ended(code)


def test_figures_of_a_report_are_complete_without_the_data_that_only_the_book_reads(tmp_path):
    path, _ = style.save(draw("training_curves"), tmp_path, "curves", dpi=40)
    address = f"data:image/svg+xml;charset=utf8;filename=a.svg;base64,{in_base64(path)}"
    other = f"data:text/csv;charset=utf8;filename=a.csv;base64,{in_base64(path)}"
    shown, table = report.DRAWING.sub(report.compact, f"{address} {other}").split()
    head, _, drawing = shown.rpartition(",")
    assert address.startswith(head)
    svg = b64decode(drawing).decode()
    assert len(svg) < 0.7 * path.stat().st_size
    assert 'id="marks"' not in svg
    assert ElementTree.fromstring(svg).tag.endswith("svg")  # noqa: S314, it is our own
    assert table == other
