"""What was found out about a source file is found out once, and anew when anything is new."""

import json
import sys

import pytest

from d2l_lab.store.cache import remembered


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("x = 1")
    return path


class Finding:
    """Counts how often something is found out."""

    def __init__(self, answer):
        self.answer, self.times = answer, 0

    def __call__(self):
        self.times += 1
        return self.answer


def kept(source):
    (path,) = (source.parent / "__pycache__").iterdir()
    return path


def test_it_is_found_once_and_given_again(source):
    find = Finding({"answer": [1, "two"]})
    for _ in range(3):
        assert remembered(source, b"x = 1", b"code", find=find) == find.answer
    assert find.times == 1
    assert sys.implementation.cache_tag in kept(source).name


@pytest.mark.parametrize("origins", [(b"x = 2", b"code"), (b"x = 1", b"other"), (b"x = 1",)])
def test_other_origins_have_another_answer(source, origins):
    remembered(source, b"x = 1", b"code", find=Finding("old"))
    assert remembered(source, *origins, find=Finding("new")) == "new"
    assert remembered(source, *origins, find=Finding("never asked")) == "new"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"origins": []}', b"\xff", '{"found": 1}']
)
def test_what_cannot_be_read_is_found_anew_and_mended(source, text):
    remembered(source, b"x = 1", find=Finding("old"))
    content = text if isinstance(text, bytes) else text.encode()
    kept(source).write_bytes(content)
    assert remembered(source, b"x = 1", find=Finding("new")) == "new"
    assert json.loads(kept(source).read_text())["found"] == "new"


def test_what_cannot_be_kept_is_given_all_the_same(source):
    (source.parent / "__pycache__").write_text("a file where the folder should be")
    assert remembered(source, b"x = 1", find=Finding("given")) == "given"


def test_an_error_is_not_kept(source):
    def fail():
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        remembered(source, b"x = 1", find=fail)
    assert remembered(source, b"x = 1", find=Finding("mended")) == "mended"


def test_nothing_half_written_is_left(source):
    remembered(source, b"x = 1", find=Finding("whole"))
    remembered(source, b"x = 2", find=Finding("again"))
    assert kept(source).suffix == ".json"
