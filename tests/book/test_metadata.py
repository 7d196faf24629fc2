"""A page describes itself by its first paragraph."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from d2l_lab.book import metadata

LONG = "A sentence that says what the page is about, in words enough."


def description(*paragraphs):
    document = new_document("page")
    document += list(paragraphs)
    context = {"about_book": "The book."}
    metadata.describe(None, "page", "page.html", context, document)
    return context["description"]


def test_the_first_paragraph_that_is_long_enough_and_has_no_formula_describes_the_page():
    formula = nodes.paragraph("", LONG, nodes.math("", "x"))
    found = description(
        nodes.paragraph("", "Short."), formula, nodes.paragraph("", LONG + "\nEnd.")
    )
    assert found == LONG + " End."


def test_a_page_without_such_a_paragraph_has_the_books_description():
    assert description(nodes.paragraph("", "Short.")) == "The book."
    context = {"about_book": "The book."}
    metadata.describe(None, "search", "search.html", context, None)
    assert context["description"] == "The book."


def test_chinese_lines_are_joined_without_a_space_and_count_twice():
    line = "仍然只有一层但输出变成了每个类别的概率"
    assert description(nodes.paragraph("", f"{line}\n{line}")) == line + line


@pytest.mark.parametrize("text", ["word " * 100, "词" * 300])
def test_a_long_description_is_cut_after_a_whole_word(text):
    short = metadata.shortened(text.strip())
    assert 150 < metadata.width(short) <= metadata.LONGEST
    assert short.endswith(("word…", "词…"))
