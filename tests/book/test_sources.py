"""Every section, claim and study of the notes is on a page, in both languages."""

import re
from collections import Counter

import jupytext
import pytest
import yaml

from checkout import ROOT
from d2l_lab.book.notebooks import in_language
from d2l_lab.book.page_requests import page_requests, pages
from d2l_lab.book.sections import SECTIONS
from d2l_lab.claims.all import CLAIMS
from d2l_lab.config import dataset, kinds, validate
from languages import is_chinese, is_english, squeezed

CONFIG = validate(yaml.safe_load((ROOT / "config.yaml").read_text("utf-8")))
TEXTS = {path.stem: path.read_text("utf-8") for path in pages()}
BY_HAND = ROOT / "workflow" / "book"
HEADING = re.compile(r"^(#+) ([\d.]+) (.*)$", re.MULTILINE)
KEY = re.compile(
    r"`((?:datasets|models|studies|figures|book)(?:\.\w+)+)`|`(seed|folds|replicates)`"
)


def prose(page, language):
    cells = in_language(TEXTS[page], language).cells
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def requested(method):
    requests = (request for path in pages() for request in page_requests(path))
    return [request.arguments for request in requests if request.method == method]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_section_has_its_heading_on_exactly_one_page(language):
    texts = [text for page in TEXTS for text in prose(page, language)]
    texts += [path.read_text("utf-8") for path in (BY_HAND / language).glob("*.md")]
    found = [heading[1:] for heading in HEADING.findall("\n".join(texts))]
    assert Counter(found) == Counter((each.number, getattr(each, language)) for each in SECTIONS)


def test_every_section_with_claims_shows_them_once():
    shown = Counter(section for (section,) in requested("claims"))
    assert shown == Counter({claim.section for claim in CLAIMS})


def test_every_study_and_every_kind_of_figure_is_on_a_page():
    figures = {stem for (stem,) in requested("figure")}
    tables = {name for (name,) in requested("table")}
    assert figures | tables >= {*CONFIG["studies"]}
    assert "test_accuracy" in figures
    shown = {figure for kind in kinds() for figure in dataset(kind).shows} - {"predictions"}
    assert {figure for (figure,) in requested("of_datasets")} == shown
    modules = {model["module"] for model in CONFIG["models"].values()}
    for kind in ("training", "kfold"):
        assert {module for shown, module in requested("curves") if shown == kind} == modules


@pytest.mark.parametrize("page", TEXTS)
def test_a_page_says_the_same_in_both_languages(page):
    english, chinese = (prose(page, language) for language in ("en", "zh"))
    assert len(english) == len(chinese)
    for one, other in zip(english, chinese, strict=True):
        assert is_english(one), one
        assert is_chinese(other), other
        assert squeezed(HEADING.sub("", other)) == []  # the headings are as in the notes
        assert KEY.findall(one) == KEY.findall(other)
        levels = [re.findall("^#+ ", text, re.MULTILINE) for text in (one, other)]
        assert levels[0] == levels[1]


@pytest.mark.parametrize("page", TEXTS)
def test_every_key_named_on_a_page_is_in_the_configuration(page):
    for path, plain in KEY.findall(TEXTS[page]):
        value = CONFIG
        for part in (path or plain).split("."):
            assert part in value, path or plain
            value = value[part]


@pytest.mark.parametrize("page", TEXTS)
def test_a_page_is_a_script_as_jupytext_writes_it(page):
    notebook = jupytext.reads(TEXTS[page], fmt="py:percent")
    again = jupytext.writes(notebook, fmt="py:percent")
    cells = [cell.source for cell in jupytext.reads(again, fmt="py:percent").cells]
    assert cells == [cell.source for cell in notebook.cells]
    languages = {cell.metadata.get("lang") for cell in notebook.cells}
    assert languages == {None, "en", "zh"}


@pytest.mark.parametrize("page", [page for page in TEXTS if page != "index"])
def test_no_measured_number_is_typed_into_a_page(page):
    for language in ("en", "zh"):
        typed = re.findall(r"(?<![\w.(])0\.\d{3,}(?!\d*[\])])", " ".join(prose(page, language)))
        assert not {*typed} - {"0.001", "0.301"}  # a learning rate, a threshold
