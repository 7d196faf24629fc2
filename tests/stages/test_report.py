"""If a command fails silently, the way it ended is reported."""

import pytest

from d2l_lab.stages import report


@pytest.mark.parametrize(
    ("code", "words"), [(2, "exit code 2, without a word"), (-9, "ended by signal 9 (Killed)")]
)
def test_the_way_in_which_a_command_ended_is_reported(code, words):
    assert words in report.ended(code)
