"""Number figures and tables, as in 3.2.1, and resolve links to them and to claims.

An executed page labels its contents: a figure ``figure-capacity``, a table ``table-closed_form``,
a claim ``claim-…``, the claims of a section ``claims-3.1``. The page of a whole table is ``csv-…``.
Only the whole book determines on which page each of them is, and its number.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape

from nbformat import NotebookNode

HEADING = re.compile(r"^#{1,5} +(?:(?P<number>\d+(?:\.\d+)*) )?", re.MULTILINE)
NAMED = re.compile(r'\bid="(?P<name>(?:figure|table|claims?)-[^"]+)"')
CAPTIONED = re.compile(r'(?P<start><figure [^>]*\bid="(?P<name>[^"]+)"[^>]*>\s*<figcaption>)')
LINK = re.compile(r'<a href="#(?P<name>(?:figure|table|claims?|csv)-[^"]+)">(?P<text>.*?)</a>')
MARKDOWN_LINK = re.compile(r"\[(?P<text>[^]]+)\]\(#(?P<name>(?:figure|table|claims?)-[^)]+)\)")
FIGURE = re.compile(r"^\{\{ number of (?P<name>[^ ]+) \}\}", re.MULTILINE)
CLAIMS = "tables/claims"  # the page of all claims


def figure_number(name: str) -> str:
    """Return the placeholder of a figure's number until all are numbered."""
    return f"{{{{ number of {name} }}}}"


class References:
    """The page and number of everything that the book shows.

    Parameters
    ----------
    pages : mapping from a name to a notebook
        The executed notebooks, in the order of the book.
    tables : iterable of str
        The tables with their own page.
    words : mapping
        Templates ``figure`` and ``table`` for a number.
    """

    def __init__(
        self, pages: Mapping[str, NotebookNode], tables: Iterable[str], words: Mapping[str, str]
    ):
        self.tables = set(tables)
        self.places: dict[str, str] = {}
        self.numbers: dict[tuple[str, str], str] = {}
        numbered = {}
        for page, notebook in pages.items():
            numbers = dict(_numbered(notebook))
            numbered |= {(page, name): number for name, number in numbers.items()}
            for name in _named(notebook):
                # A figure that is on two pages gets its number from a section of the notes.
                if name not in self.places or "." in numbers.get(name, ""):
                    self.places[name] = page
        self.numbers = {
            (page, name): words[name.partition("-")[0]].format(number=number)
            for (page, name), number in numbered.items()
        }

    def resolve(self, page: str, notebook: NotebookNode) -> None:
        """Fill in the numbers of a page's figures and tables, and resolve its links."""
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = self._in_markdown(page, cell.source)
            for output in cell.get("outputs", []):
                if "text/html" in output.get("data", {}):
                    output.data["text/html"] = self.in_html(page, output.data["text/html"])

    def in_html(self, page: str, html: str) -> str:
        """Do the same in a piece of HTML."""
        html = CAPTIONED.sub(
            lambda found: f"{found['start']}<strong>{self._number(page, found['name'])}</strong> ",
            html,
        )
        return LINK.sub(lambda link: self._link(page, link["name"], link["text"]), html)

    def _in_markdown(self, page: str, text: str) -> str:
        text = FIGURE.sub(lambda found: f"**{self._number(page, found['name'])}**", text)
        return MARKDOWN_LINK.sub(lambda link: self._link(page, link["name"], link["text"]), text)

    def _number(self, page: str, name: str) -> str:
        return self.numbers.get((page, name), "")

    def _link(self, page: str, name: str, text: str) -> str:
        """Write a link to the place that shows something, or only its text if there is none."""
        kind, _, called = name.partition("-")
        place = page if (page, name) in self.numbers else self.places.get(name)
        if kind == "claim" and page == CLAIMS:
            place = page
        text = self.numbers.get((place, name), text).rstrip(".。")
        if kind == "csv" and called in self.tables:
            place, name = f"tables/{called}", ""
        if place is None:
            return text
        folder = "../" * page.count("/")
        address = "" if place == page else f"{folder}{place}.html"
        return f'<a href="{address}{f"#{name}" if name else ""}">{text}</a>'


def _named(notebook: NotebookNode) -> list[str]:
    """List what a page shows with a label."""
    return [found["name"] for text in _texts(notebook) for found in NAMED.finditer(text)]


def _numbered(notebook: NotebookNode) -> Iterable[tuple[str, str]]:
    """Assign numbers to figures and captioned tables within their sections of the notes."""
    section, counts = "", {}
    for cell in notebook.cells:
        for text in _texts_of(cell):
            for found in HEADING.finditer(text) if cell.cell_type == "markdown" else ():
                if found["number"]:
                    section, counts = f"{found['number']}.", {}
            shown = [*FIGURE.finditer(text), *CAPTIONED.finditer(text)]
            for found in sorted(shown, key=lambda found: found.start()):
                kind = found["name"].partition("-")[0]
                counts[kind] = counts.get(kind, 0) + 1
                yield found["name"], f"{section}{counts[kind]}"


def _texts(notebook: NotebookNode) -> Iterable[str]:
    for cell in notebook.cells:
        yield from _texts_of(cell)


def _texts_of(cell: NotebookNode) -> Iterable[str]:
    """Yield a cell's text, or its HTML output."""
    if cell.cell_type == "markdown":
        yield cell.source
    for output in cell.get("outputs", []):
        yield output.get("data", {}).get("text/html", "")


def anchor(name: str) -> str:
    """Write a target for links."""
    return f'<span class="anchor" id="{escape(name)}"></span>'
