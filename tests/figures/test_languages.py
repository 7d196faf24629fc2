"""Every figure is drawn in every language of the book, and no text is left in English."""

import importlib
import re
from html import unescape
from pathlib import Path

import pytest

from d2l_lab.errors import LabError
from d2l_lab.figures import style
from d2l_lab.figures.languages import zh
from d2l_lab.figures.words import ENGLISH
from d2l_lab.pipeline import translations
from figures.examples import LABELS, arguments
from figures.test_every_figure import HINTING, MODULES

WORD = re.compile("[A-Za-z]{2,}")
CHINESE = re.compile("[\u4e00-\u9fff\uff00-\uffef]")
# Text that is the same in every language: names of data and code, and formulas.
SAME = {
    "ReLU",
    "sigmoid",
    "tanh",
    "scikit-learn",
    "skorch",
    "DataLoader,",
    "a model",
    "mlp.scratch",
    "mlp.concise",
    "x[0]",
    "softmax",
}
SAME |= {*LABELS}


@pytest.mark.parametrize("name", MODULES)
def test_a_figure_in_chinese_has_no_english_text_and_nothing_is_cut_off(name, tmp_path):
    draw = importlib.import_module(f"d2l_lab.figures.{name}").draw
    figure, path = draw(**arguments(name), words=zh.WORDS), tmp_path / "figure.svg"
    style.save_as_shapes(figure, path, zh.WORDS.font)
    said = map(unescape, re.findall(r"<!-- (.*?) -->", path.read_text("utf-8"), re.DOTALL))
    assert "<text" not in path.read_text("utf-8")
    words = [text for text in said if not text.startswith("$")]  # the beginning of a formula
    english = {text for text in words if WORD.search(text) and not CHINESE.search(text)}
    assert english <= SAME
    assert name == "image_grid" or any(map(CHINESE.search, words))
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert min(box.x0, box.y0, width - box.x1, height - box.y1) >= -HINTING


def test_a_figure_drawn_again_in_chinese_has_the_same_bytes(tmp_path):
    paths = [tmp_path / "first.svg", tmp_path / "again.svg"]
    for path in paths:
        draw = importlib.import_module("d2l_lab.figures.capacity").draw
        style.save_as_shapes(draw(**arguments("capacity"), words=zh.WORDS), path, zh.WORDS.font)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_every_translation_is_used_by_a_figure():
    asked = {(text.table, text.text) for name in MODULES for text in translations.texts(name)}
    for table in ("TEXTS", "COUNTS"):
        assert {*getattr(zh, table)} == {text for kind, text in asked if kind == table}


def test_names_are_translated_word_by_word_and_unknown_ones_stay_unchanged():
    names = ["mlp_scratch", "softmax_regression_concise", "my_model", "my_mlp"]
    assert [*map(zh.WORDS.name, names)] == [
        "多层感知机从零实现",
        "softmax 回归简洁实现",
        "my model",
        "my 多层感知机",
    ]
    assert [ENGLISH.name(name) for name in names[:3:2]] == ["MLP scratch", "my model"]
    assert (zh.WORDS.count(1, "fold"), ENGLISH.count(1, "fold")) == ("1 折", "1 fold")
    with pytest.raises(
        LabError, match=r"^figures/languages/zh\.py: lacks 'an apple'; translate it"
    ):
        zh.WORDS("an apple")


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write the module of a figure; return the translations that a language lacks for it."""

    def missing(source):
        path = Path(tmp_path, "mine.py")
        path.write_text(f"def draw(table, *, words):\n    {source}\n", "utf-8")
        code = type("Code", (), {"modules": {"d2l_lab.figures.mine": "a digest"}})
        monkeypatch.setattr(translations, "science_code", lambda *_: code)
        monkeypatch.setattr(translations, "source_of", lambda *_: path)
        monkeypatch.setattr(translations, "FIGURES", tmp_path)
        found = [*translations.missing("mine", "zh")]
        return [line.replace(str(tmp_path), "figures") for line in found]

    return missing


def test_a_figure_that_does_not_take_words_is_reported(monkeypatch, tmp_path):
    monkeypatch.setattr(translations, "FIGURES", tmp_path)
    (tmp_path / "capacity.py").write_text("def draw(capacity):\n    pass\n")
    (line,) = translations.missing("capacity", "zh")
    assert "capacity.py: draw takes no words, so the figure would be English in the" in line


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('words("epoch"), words(NAMES["x"]), style.Look("", "red")', None),
        (
            'words("an apple")',
            "TEXTS lacks 'an apple', which figures/mine.py: line 2 sho",
        ),
        ('style.Look("an apple", "red")', "TEXTS lacks 'an apple', which figures/mine.py: line 2"),
        ('words.count(3, "apple")', "COUNTS lacks 'apple', which figures/mine.py: line 2 shows"),
        (
            'words(f"{n} apples")',
            "figures/mine.py: line 2: words is not called with plain text, so",
        ),
        ('words("epoch", lost=1), words("{lost} of {all}")', None),
    ],
)
def test_a_text_without_translation_is_reported_with_its_figure(module, source, said):
    found = module(source)
    assert len(found) == (said is not None)
    assert said is None or said in found[0]


def test_a_translation_with_other_placeholders_is_reported(module, monkeypatch):
    tables = {"TEXTS": {"{n} of {all}": "{all} 中的 {m}"}, "COUNTS": {}}
    monkeypatch.setattr(translations, "constant", lambda language, folder, name: tables[name])
    (line,) = module('words("{n} of {all}")')
    assert "the translation of '{n} of {all}' has the braces all, m, not all, n; fix it" in line
