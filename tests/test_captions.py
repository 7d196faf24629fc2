"""Every caption exists in both languages, and reads the same in both markups."""

import re

import pytest
from docutils.core import publish_doctree
from markdown_it import MarkdownIt

from d2l_lab.book.page_requests import CAPTIONS
from languages import is_chinese, is_english, squeezed

OF_THE_REPORT_ALONE = {"workflow"}
MARKS = {"literal": "code_inline", "emphasis": "em_open"}


def names(language):
    return {path.stem for path in CAPTIONS[language].glob("*.rst")} - OF_THE_REPORT_ALONE


def read(language, name):
    return (CAPTIONS[language] / f"{name}.rst").read_text("utf-8")


def by_restructured_text(text):
    """Read one paragraph: its text, and the marked parts."""
    strict = {"halt_level": 2, "report_level": 5}
    (paragraph,) = publish_doctree(text, settings_overrides=strict).children
    marked = [node.tagname for node in paragraph.children if node.tagname != "#text"]
    return paragraph.tagname, paragraph.astext(), [MARKS[mark] for mark in marked]


def by_markdown(text):
    opened, inline, _ = MarkdownIt().parse(text)
    kinds = [token.type for token in inline.children]
    marked = [kind for kind in kinds if kind not in {"text", "em_close"}]
    return opened.tag, "".join(token.content for token in inline.children), marked


def test_every_caption_has_a_chinese_version_and_none_is_left_over():
    assert names("zh") == names("en")


@pytest.mark.parametrize("name", sorted(names("en")))
def test_both_versions_of_a_caption_are_in_their_languages_and_name_the_same(name):
    english, chinese = (read(language, name) for language in ("en", "zh"))
    assert is_english(english)
    assert is_chinese(chinese)
    assert squeezed(chinese) == []
    named = r"``.+?``|\d+(?:\.\d+)+"  # code, and sections of the notes
    assert sorted(re.findall(named, chinese)) == sorted(re.findall(named, english))


@pytest.mark.parametrize("language", CAPTIONS)
@pytest.mark.parametrize("name", sorted(names("en")))
def test_a_caption_is_one_line_that_reads_the_same_in_both_markups(name, language):
    text = read(language, name)
    assert text == f"{text.strip()}\n"
    assert text.count("\n") == 1
    (kind, *said), (tag, *seen) = by_restructured_text(text), by_markdown(text)
    assert (kind, tag) == ("paragraph", "p")
    assert said == seen
