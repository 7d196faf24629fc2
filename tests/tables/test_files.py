"""Tables are read as they were written, and open correctly in a spreadsheet."""

import codecs

import numpy as np
import pandas as pd
import pytest

from d2l_lab.claims.all import CLAIMS
from d2l_lab.claims.claim import judge
from d2l_lab.tables import files

WORDS = ["nan", "null", "NA", "N/A", "None", "1e5", "true", "007", "-", "=1+1", "靴子"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "table.csv"


@pytest.mark.parametrize("words", [WORDS, WORDS[:-1], ["true", "false"], ["0", "1"], ["nan"]])
def test_a_name_is_read_as_text_even_if_it_looks_like_a_value(path, words):
    values = [1.5, np.nan, np.inf, -np.inf, *range(len(words))][: len(words)]
    table = pd.DataFrame({"name": words, "kind": [*words[:-1], "x"], "value": values})
    files.write(table, path)
    found = files.read(path)
    assert [*found["name"]] == words
    np.testing.assert_array_equal(found["value"], np.array(values, dtype=float))
    if len(words) > 2:
        assert [*found["kind"]] == [*words[:-1], "x"]


def test_only_a_table_with_letters_beyond_ascii_has_a_byte_order_mark(path):
    for name, mark in {"boot": b"", "靴子": codecs.BOM_UTF8}.items():
        files.write(pd.DataFrame({"name": [name], "text": ['a\n"b"']}), path)
        assert path.read_bytes() == mark + f'name,text\n{name},"a\n""b"""\n'.encode()
        assert files.read(path).columns[0] == pd.read_csv(path).columns[0] == "name"


def test_no_text_of_a_claim_is_a_formula_to_a_spreadsheet():
    cells = [cell for cell in judge(CLAIMS, {}).to_numpy().flat if isinstance(cell, str)]
    assert len(cells) > 100
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
