"""Describe pages to search engines and in shared links."""

from typing import Any

from sphinx.application import Sphinx

from d2l_lab.book.sentences import CHINESE_BREAK

SHORTEST, LONGEST = 40, 200  # characters of a description
CHINESE_WIDTH = 2  # letters that count as much as one Chinese character


def describe(app: Sphinx, name: str, template: str, context: dict[str, Any], document: Any) -> None:
    """Pass a description of the page to the template: its first paragraph, or else the book's.

    The document is docutils', or None if a page has none.
    """
    del app, name, template
    context["description"] = context["about_book"]
    for paragraph in document.findall(is_paragraph) if document else ():
        text = " ".join(CHINESE_BREAK.sub("", paragraph.astext()).split())
        if width(text) >= SHORTEST and not any(paragraph.findall(is_math)):
            context["description"] = shortened(text)
            return


def is_paragraph(node: Any) -> bool:
    """Return whether a node of a document is a paragraph."""
    return node.tagname == "paragraph"


def is_math(node: Any) -> bool:
    """Return whether a node is an inline formula."""
    return node.tagname == "math"


def shortened(text: str) -> str:
    """Truncate a text at the end of a word, unless it is short."""
    while width(text) > LONGEST:
        rest = text.rstrip("…").rpartition(" ")[0] if " " in text[-40:] else text.rstrip("…")[:-1]
        text = f"{rest.rstrip(' ,;，；、')}…"
    return text


def width(text: str) -> int:
    """Count characters, Chinese ones twice."""
    return sum(CHINESE_WIDTH if character >= "\u2e80" else 1 for character in text)
