"""Handwritten files that a plan needs are looked for before the first job."""

import shutil
import sys
from copy import deepcopy
from types import SimpleNamespace

import pytest
import yaml

from checkout import ROOT, merged
from d2l_lab.config import signatures
from d2l_lab.errors import LabError
from d2l_lab.pipeline import checks, translations
from d2l_lab.pipeline.plan import make_plan
from d2l_lab.pipeline.planners import studies
from d2l_lab.training import metrics

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))
QUICK = merged(CONFIG, yaml.safe_load((ROOT / "tests/config/quick.yaml").read_text("utf-8")))


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Plan the whole configuration after a change to a copy of the book; return the messages."""
    book, words = tmp_path / "book", tmp_path / "book" / "words"
    captions = {"en": tmp_path / "report", "zh": tmp_path / "report" / "zh"}
    shutil.copytree(ROOT / "workflow/book", book)
    shutil.copytree(ROOT / "workflow/report", captions["en"])
    plan = make_plan(QUICK)
    monkeypatch.setattr(checks, "BOOK", book)
    monkeypatch.setattr(checks, "WORDS_FOLDER", words)
    monkeypatch.setattr(checks, "CAPTIONS", captions)

    def told() -> str:
        with pytest.raises(LabError) as error:
            checks.require_sources(plan)
        return str(error.value).replace(f"{tmp_path}/", "")

    checks.require_sources(plan)
    return tmp_path, told


def test_everything_missing_is_reported_with_a_line_each(told):
    folder, lines = told
    (folder / "report/zh/summary.rst").unlink()
    (folder / "report/capacity.rst").unlink()
    (folder / "book/zh/chapter3.md").unlink()
    words = folder / "book/words/zh.yaml"
    text = words.read_text("utf-8")
    words.write_text(text.replace("not run:", "other:", 1), "utf-8")
    found = lines()
    assert "report/zh/summary.rst: no such file; create it with the caption of su" in found
    assert "report/capacity.rst: no such file; create it with the caption of capacity" in found
    assert "book/zh/chapter3.md: no such file; translate book/en/chapter3.md" in found
    assert "book/words/zh.yaml: lacks 'not run', which en.yaml has; add it" in found
    words.write_text("- [", "utf-8")
    assert "book/words/zh.yaml: line 1: is not YAML with keys and words; fix it" in lines()


def test_a_metric_without_a_title_and_a_module_that_cannot_be_imported_are_reported(
    told, monkeypatch
):
    _, lines = told
    of_two = metrics.LOSS._replace(name="other", task="classification", title={"en": "other"})
    monkeypatch.setitem(metrics.METRICS, "other", of_two)
    assert lines().endswith(
        'training/metrics.py: metric other: has no title in zh, a language of the book; add zh="…"'
    )
    monkeypatch.setitem(sys.modules, "d2l_lab.training.metrics", None)
    assert "training/metrics.py: ModuleNotFoundError: import of d2l_lab.tra" in lines()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "TABLES = ('a',)\ndef study(nothing, *, degrees): ...",
            "study takes nothing, which is not a part",
        ),
        ("TABLES = ('a',)\ndef study(*, more): ...", "study takes more, which the schema of"),
        ("TABLES = ('a',)\ndef study(): ...", "study does not take degrees, which the schema"),
        ("TABLES = names()\ndef study(): ...", "line 1: TABLES is computed; write it as plain"),
    ],
)
def test_a_study_that_does_not_fit_its_settings_is_reported(tmp_path, monkeypatch, source, found):
    (tmp_path / "new.py").write_text(source)
    declared = signatures.study.__wrapped__
    monkeypatch.setattr(studies, "study", lambda name: declared(name, tmp_path))

    config = {"seed": 0, "datasets": {}, "studies": {"new": {"degrees": [1]}}}
    with pytest.raises(LabError) as error:
        studies.add_to(SimpleNamespace(config=config, results={}))
    assert found in str(error.value)


def test_a_figure_of_a_table_that_its_study_lacks_is_reported(monkeypatch):
    plan = make_plan(QUICK)
    arguments = signatures.arguments

    def other(module, *given):
        found = deepcopy(arguments(module, *given))  # others share the same tree
        if module == "capacity":
            found.args[0].arg = "capacities"
        return found

    monkeypatch.setattr(checks, "arguments", other)
    with pytest.raises(LabError, match=r"capacity\.py: draw takes capacities, but the tables of c"):
        checks.require_sources(plan)


def test_a_missing_translation_of_a_figure_is_reported_before_the_first_job(told, monkeypatch):
    folder, lines = told
    shutil.copytree(translations.LANGUAGES, folder / "languages")
    monkeypatch.setattr(translations, "LANGUAGES", folder / "languages")
    words = folder / "languages/zh.py"
    words.write_text(words.read_text("utf-8").replace("times picked", "picked"), "utf-8")
    (line,) = lines().splitlines()
    assert line.startswith("languages/zh.py: TEXTS lacks 'times picked', which ")
    assert line.endswith(" shows in capacity; translate it")
