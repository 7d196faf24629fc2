"""The answers to exercises come from results: other results give other answers."""

import re

import numpy as np
import pandas as pd
import pytest

from d2l_lab.book import page as module
from d2l_lab.book.exercises import LANGUAGES, exercises, exercises_file, studies_of
from d2l_lab.book.experiments import Experiments
from d2l_lab.book.finding_tables import TABLES
from d2l_lab.book.page import Page
from d2l_lab.book.page_requests import page_requests, pages
from d2l_lab.book.sentences import fill_in
from d2l_lab.tables import files
from languages import is_chinese, is_english, squeezed

SECTIONS = [
    request.arguments[0]
    for path in pages()
    for request in page_requests(path)
    if request.method == "exercises"
]
NUMBERS = {  # numbers of the second Chinese edition, with the parts of an exercise
    "3.1": "1.1 1.2 2.1 2.2 2.3 2.4 3.1 3.2 3.3",
    "3.2": "1 2 3 4 5 6 7",
    "3.3": "1 2 3",
    "3.4": "1.1 1.2 2.1 2.2 3.1 3.2 3.3 3.4 3.5",
    "3.5": "1 2 3",
    "3.6": "1 2 3 4 5",
    "3.7": "1 2",
    "4.1": "1 2 3 4",
    "4.2": "1 2 3 4 5 6",
    "4.3": "1 2 3",
    "4.4": "1 2.1 2.2 2.3 3 4",
}
EXERCISES = [
    (exercise, language)
    for section in SECTIONS
    for language in LANGUAGES
    for exercise in exercises(section, language)
]
GROUNDS = [(*about, finding) for about in EXERCISES for finding in about[0].findings]
VERDICTS = {"holds": "does not hold", "does not hold": "holds", "not decided": "holds"}
SETTINGS = {"learning_rate", "workers", "features", "weight_decay", "true"}  # not measurements


def named(*about):
    exercise, language, *finding = about
    return "-".join([exercise.section, exercise.number, language, *finding])


@pytest.fixture(scope="module")
def measured(published):
    """The tables of a run."""
    return published.path / "results" / "tables"


@pytest.fixture(scope="module")
def altered(measured, tmp_path_factory):
    """Return a folder of the run's tables, in which those of one finding have other values."""
    folders = {}

    def folder_of(finding):
        if finding not in folders:
            folders[finding] = tmp_path_factory.mktemp(finding)
            for path in measured.glob("*.csv"):
                table = files.read(path)
                changed = alter(table) if path.stem in TABLES[finding] else table
                files.write(changed, folders[finding] / path.name)
        return folders[finding]

    return folder_of


def alter(table):
    """Change every measurement by its own factor, and reverse every verdict."""
    factors = 1.2 + 0.31 * (np.arange(len(table)) % 5)
    for column in {*table.select_dtypes(np.floating).columns} - SETTINGS:
        table[column] = factors * table[column] + 0.013
    for column in {"changed_predictions", "count", "degree"} & {*table.columns}:
        if column != "degree" or "rule" in table:
            table[column] += np.arange(len(table)) + 1
    if "verdict" in table:
        table["verdict"] = table["verdict"].replace(VERDICTS)
    return table


def answer(exercise, folder):
    return "\n".join(fill_in(paragraph, folder) for paragraph in exercise.answer)


@pytest.mark.parametrize(
    ("exercise", "language", "finding"), GROUNDS, ids=[named(*each) for each in GROUNDS]
)
def test_an_answer_changes_with_each_result_it_uses(exercise, language, finding, measured, altered):
    assert answer(exercise, measured) != answer(exercise, altered(finding))


@pytest.mark.parametrize(
    ("exercise", "language"), EXERCISES, ids=[named(*each) for each in EXERCISES]
)
def test_an_answer_is_in_its_language_and_does_not_mention_what_was_not_run(
    exercise, language, measured, tmp_path
):
    text = f"{exercise.asks} {' '.join(exercise.answer)}"
    assert is_chinese(text) if language == "zh" else is_english(text)
    said = answer(exercise, measured)
    assert said.strip()
    spoken = re.sub(r"\$.*?\$|`.*?`", " X ", said)
    assert not re.search(r"\bnan\b|[{}]|\binf\b", spoken)
    if language == "zh":
        assert squeezed(re.sub(r"\$.*?\$|`.*?`", " ", said)) == []
    without = answer(exercise, tmp_path)
    for paragraph in exercise.templates:
        assert fill_in(paragraph, measured) not in without.splitlines()


@pytest.mark.parametrize("section", NUMBERS)
def test_every_exercise_of_a_section_is_answered_alike_in_both_languages(section):
    english, chinese = (exercises(section, language) for language in LANGUAGES)
    assert [each.number for each in english] == NUMBERS[section].split()
    assert [each.number for each in chinese] == NUMBERS[section].split()
    assert [each.findings for each in english] == [each.findings for each in chinese]
    assert SECTIONS.count(section) == 1


def test_every_section_with_exercises_is_on_a_page():
    found = {path.stem for path in exercises_file("", "en").parent.glob("*.md")}
    assert found == {*SECTIONS} == {*NUMBERS}


@pytest.fixture
def shown(monkeypatch):
    """The Markdown that is displayed."""
    found = []
    monkeypatch.setattr(module, "display", lambda thing, **_: found.append(thing.data))
    return found


def test_an_answer_names_and_links_its_results_or_the_study_that_was_not_run(
    measured, shown, tmp_path
):
    Page(measured.parent, "en").exercises("3.1")
    (text,) = shown
    link = '<a href="tables/exercises_linear.html">exercises_linear</a>'
    assert f'<p class="note">Rests on {link}.</p>' in text
    assert text.count("::::{dropdown} Exercise ") == len(NUMBERS["3.1"].split())
    assert ":name: exercise-3.1-2.4\n" in text
    assert "No experiment: this is an argument." in text
    shown.clear()
    Page(tmp_path, "en").exercises("3.1")
    (text,) = shown
    assert "this run does not have <code>closed_form</code>, <code>exercises_linear</code>" in text
    assert "Rests on" not in text


def test_the_study_that_writes_a_table_is_found_in_the_code():
    assert studies_of(["closed_form_distance", "closed_form", "models"]) == [
        "closed_form",
        "models",
    ]


def test_cases_that_differ_in_a_number_are_side_by_side():
    rows = [("1", case, "loss", 0, 1.0) for case in ("size 16", "rate 0.1", "1 epochs", "size 256")]
    table = pd.DataFrame(rows, columns=["exercise", "case", "measure", "replicate", "value"])
    cases = Experiments(table).cases("1", "loss")
    assert cases == ["size 16", "size 256", "rate 0.1", "1 epochs"]


def test_cases_are_compared_replicate_by_replicate():
    rows = [
        ("1", case, "loss", r, base * (1 + r))
        for case, base in [("a", 2.0), ("b", 1.0)]
        for r in range(3)
    ]
    table = pd.DataFrame(rows, columns=["exercise", "case", "measure", "replicate", "value"])
    found = Experiments(table)
    assert found.factor("1", "loss", "a", "b").mean == pytest.approx(2)
    difference = found.difference("1", "loss", "a", "b")
    assert (difference.mean, difference.n, difference.above) == (2.0, 3, False)
    assert (found.most("1", "loss"), found.least("1", "loss")) == ("a", "b")
    with pytest.raises(LookupError, match="1 has no loss of c"):
        found.of("1", "loss", "c")
    alone = found.of("1", "loss", "a")
    assert alone.covers(4.0)
    assert not alone.below
