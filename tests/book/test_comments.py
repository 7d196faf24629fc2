"""Code is shown with comments in the reader's language."""

from d2l_lab.book import comments
from d2l_lab.book.page import excerpt
from d2l_lab.book.page_requests import module_file, page_requests, pages
from d2l_lab.book.words import WORDS

SHOW_CODE = ("code", "engine")
SOURCE = '''def sgd(params):  # in place
    """Take a step.

    Of any size.
    """
    text = "# in place"  # noqa: E741 (a name)
    return text'''
TRANSLATIONS = {"in place": "就地", "Take a step.\n\nOf any size.": "走一步。"}


def test_comments_and_docstrings_are_translated_and_nothing_else():
    assert comments.translate(SOURCE, {}) == SOURCE
    assert (
        comments.translate(SOURCE, TRANSLATIONS)
        == '''def sgd(params):  # 就地
    """走一步。"""
    text = "# in place"  # noqa: E741 (a name)
    return text'''
    )


def test_every_shown_comment_has_a_translation_and_every_translation_is_used():
    requests = [request for page in pages() for request in page_requests(page)]
    shown = set()
    for module, *names in (each.arguments for each in requests if each.method in SHOW_CODE):
        source = module_file(module).read_text("utf-8")
        for part in [excerpt(source, name) for name in names] or [source.strip("\n")]:
            shown |= {text for _, text in comments.texts(part)}
    assert {*WORDS["zh"]["code"]} == shown, "correct workflow/book/words/zh.yaml, under code"
