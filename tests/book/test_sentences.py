"""Sentences about results come from tables: other tables give other sentences."""

import re
import shutil

import jupytext
import numpy as np
import pandas as pd
import pytest

from d2l_lab.book.finding_tables import TABLES, findings_of, required_tables
from d2l_lab.book.findings import FINDINGS
from d2l_lab.book.page_requests import page_requests, pages
from d2l_lab.book.sentences import (
    fill_in,
    interval,
    interval_points,
    joined,
    number,
    percent,
    tabled,
)
from d2l_lab.claims.all import CLAIMS
from d2l_lab.tables import files
from languages import is_chinese, is_english, squeezed

VERDICTS = {"holds": "does not hold", "does not hold": "holds", "not decided": "holds"}
TEXTS = [
    (path.stem, number, text)
    for path in pages()
    for number, request in enumerate(page_requests(path))
    for text in request.templates
]
CASES = pytest.mark.parametrize(
    "text", [text for *_, text in TEXTS], ids=[f"{page}-{number}" for page, number, _ in TEXTS]
)


@pytest.fixture(scope="module")
def measured(published):
    """The tables of a run."""
    return published.path / "results" / "tables"


@pytest.fixture(scope="module")
def otherwise(measured, tmp_path_factory):
    """The same tables as if all results were different: other verdicts, numbers and order."""
    folder = tmp_path_factory.mktemp("otherwise")
    for path in measured.glob("*.csv"):
        table = files.read(path)
        for column in table.select_dtypes(np.floating).columns:
            if column not in {"learning_rate", "workers", "features"}:
                table[column] = 1.37 * table[column] + 0.01
        for column in {"changed_predictions", "count"} & {*table.columns}:
            table[column] += np.arange(len(table)) + 1
        if path.stem.startswith("checklist"):
            for column in table.select_dtypes(np.integer).columns:
                table[column] += 1
        if path.stem == "claims":
            table["verdict"] = table["verdict"].replace(VERDICTS)
        if path.stem == "capacity_choice":
            table["degree"] += 1
        if path.stem == "learning_rate":
            table["loss"] = table["loss"].iloc[::-1].to_numpy()
        files.write(table, folder / path.name)
    return folder


@CASES
def test_a_sentence_changes_with_the_data_and_vanishes_without_them(
    text, measured, otherwise, tmp_path
):
    said = fill_in(text, measured)
    assert findings_of(text)
    assert said != fill_in(text, otherwise) or said == ""
    assert fill_in(text, tmp_path) == ""


@CASES
def test_a_sentence_is_in_one_language_and_typeset_correctly(text, measured):
    assert is_english(text) or is_chinese(text)
    said = fill_in(text, measured)
    assert "  " not in said
    assert "nan" not in said.split()
    if is_chinese(text):
        assert squeezed(said) == []


def test_every_claim_named_in_a_sentence_exists():
    known = {claim.id for claim in CLAIMS} | {"all", "ours", "holding", "failing", "undecided"}
    named = {
        part.split()[0].split(".")[0].strip("|()[]{},%")
        for *_, text in TEXTS
        for part in text.split("claims.")[1:]
    }
    assert named <= known


def test_every_finding_has_its_tables():
    assert FINDINGS.keys() == TABLES.keys()
    assert required_tables("{{ rates.best }} {% if claims.a.holds %}{% endif %} loop") == [
        "claims",
        "learning_rate",
    ]


def test_claims_that_were_not_judged_are_not_mentioned(tmp_path):
    columns = ["id", "kind", "verdict", "evidence", "ci_low", "ci_high", "threshold", "n"]
    rows = [
        ["a", "estimated", "holds", 0.5, 0.4, 0.6, 0.0, 5],
        ["b", "not refuted", "not refuted", 1.0, 1.0, 1.0, 0.0, 5],
        ["ours", "finding of ours", "does not hold", 1.0, 1.0, 1.0, 0.0, 5],
    ]
    files.write(pd.DataFrame(rows, columns=columns), tmp_path / "claims.csv")
    text = "{% if claims.{0}.holds %}yes{% elif claims.{0}.fails %}no{% endif %}"
    assert [fill_in(text.replace("{0}", name), tmp_path) for name in "abc"] == ["yes", "yes", ""]
    assert fill_in("{{ claims.a | interval }}", tmp_path) == "0.50\u00a0±\u00a00.10"
    shutil.copyfile(tmp_path / "claims.csv", tmp_path / "softmax_overflow.csv")
    counted = "{{ claims.all }}, {{ claims.holding }}, {{ claims.failing }}, {{ claims.ours }}"
    assert fill_in(counted, tmp_path) == "2, 2, 0, 1"  # of the notes, and beside them


def test_names_of_datasets_are_in_the_language_of_the_text(tmp_path):
    text = "最难的是“{{ name_of('Shirt') }}”，其次是“{{ name_of('7') }}”"
    assert fill_in(text, tmp_path, {"Shirt": "衬衫"}) == "最难的是“衬衫”，其次是“7”"
    assert fill_in("{{ 0.0213 | points }} percentage points", tmp_path) == "2.1 percentage points"


def test_numbers_are_written_as_people_read_them():
    written = [number(value).replace("\u00a0", " ") for value in (0, 0.1234, 123456.0, 1.5e-7)]
    assert written == [
        "0",
        "0.123",
        "1.23 × 10⁵",
        "1.50 × 10⁻⁷",
    ]
    assert number(3.14159, 2) == "3.1"
    assert percent(0.1234) == "12.3\u202f%"
    gain = {"mean": 0.8, "low": 0.78, "high": 0.82}
    assert interval(gain) == "0.800\u00a0±\u00a00.020"
    assert interval_points(gain) == "80.0\u00a0±\u00a02.0"


def test_cases_are_written_as_a_table_with_a_column_for_each_part_of_their_names():
    rows = [("1, 0.1", "0.5"), ("2, 0.3", "0.6")]
    assert "<td>1</td><td>0.1</td><td>0.5</td>" in tabled(rows, "layers", "rate", "accuracy")
    assert "<td>2, 0.3</td><td>0.6</td>" in tabled(rows, "setting", "accuracy")


def test_a_paragraph_is_typeset_by_the_rules_of_its_language():
    assert joined(" a\n  b .\n") == "a b."
    assert joined("一\n二 3\n四 ，\n0.1 \u202f%。") == "一二 3 四，0.1 %。"


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_fixed_text_states_no_result(path):
    cells = jupytext.reads(path.read_text("utf-8"), fmt="py:percent").cells
    text = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
    betrays = r"[Ww]ith the settings of the notes|笔记的设置下|按笔记的设置|±|\d %|\d%"
    assert re.findall(betrays, text.replace("95 %", "").replace("95%", "")) == []
