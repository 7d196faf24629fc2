"""What a page says of itself to search engines and to those who share a link to it."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from d2l_lab.book.sentences import CHINESE_BREAK

SHORTEST, LONGEST = 40, 200  # characters of a description
CHINESE_WIDTH = 2  # a Chinese character says as much as so many letters


def describe(
    app: Sphinx, name: str, template: str, context: dict[str, Any], document: nodes.document | None
) -> None:
    """Give the template a description of the page: its first paragraph, or else the book's."""
    del app, name, template
    context["description"] = context["about_book"]
    for paragraph in document.findall(nodes.paragraph) if document else ():
        text = " ".join(CHINESE_BREAK.sub("", paragraph.astext()).split())
        if width(text) >= SHORTEST and not any(paragraph.findall(nodes.math)):
            context["description"] = shortened(text)
            return


def shortened(text: str) -> str:
    """Cut a text at the end of a word, unless it is short."""
    while width(text) > LONGEST:
        rest = text.rstrip("…").rpartition(" ")[0] if " " in text[-40:] else text.rstrip("…")[:-1]
        text = f"{rest.rstrip(' ,;，；、')}…"
    return text


def width(text: str) -> int:
    """Count characters, Chinese ones twice."""
    return sum(CHINESE_WIDTH if character >= "\u2e80" else 1 for character in text)
