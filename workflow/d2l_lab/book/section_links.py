"""Add a line below each section's heading that links to the book and to its notebook."""

import re
from collections.abc import Mapping
from html import escape

from nbformat import NotebookNode

from d2l_lab.book.addresses import Addresses
from d2l_lab.book.editions import EDITIONS

HEADING = re.compile(r"^## (?P<number>\d+\.\d+) .*$", re.MULTILINE)
NAMES = {"en": "english edition", "zh": "chinese edition"}


def add(
    page: NotebookNode,
    language: str,
    words: Mapping[str, str],
    notebooks: Mapping[str, str],
    addresses: Addresses,
) -> None:
    """Add the line below the heading of each section that the book has.

    Parameters
    ----------
    page : NotebookNode
    language : str
        The language of the page; its edition comes first.
    words : mapping
    notebooks : mapping from the numbers of sections to the paths of notebooks, from the page
    addresses : Addresses
        The addresses of the repository, from which services run the notebooks.
    """

    def with_links(heading: re.Match) -> str:
        number = heading["number"]
        if number not in EDITIONS:
            return heading[0]
        lines = [_places(number, language, words)]
        if path := notebooks.get(number):
            links = {words["download"]: path} | addresses.runs(f"{language}/{path}")
            shown = words["links separator"].join(_link(text, to) for text, to in links.items())
            text = words["this notebook"].format(links=shown)
            lines.append(f'<span class="notebook-links">{text}</span>')
        text = "<br>".join(lines)
        return f'{heading[0]}\n\n<p class="section-links">{text}</p>'

    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = HEADING.sub(with_links, cell.source)


def _places(number: str, language: str, words: Mapping[str, str]) -> str:
    """Link to the section in both editions, the reader's language first."""
    editions = sorted(EDITIONS[number].items(), key=lambda edition: edition[0] != language)
    places = words["links separator"].join(
        _link(words[NAMES[edition]].format(number=place.number), place.address)
        for edition, place in editions
    )
    return words["this section"].format(places=places)


def _link(text: str, address: str) -> str:
    return f'<a href="{escape(address)}">{text}</a>'
