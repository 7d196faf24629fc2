"""From executed notebooks and tables to a web site in one language."""

import io
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from d2l_lab.book.page import CAPTION, read_caption
from d2l_lab.book.sources import BOOK
from d2l_lab.book.words import WORDS, heads
from d2l_lab.errors import LabError
from d2l_lab.tables import files

LOCALES = {"en": "en", "zh": "zh_CN"}
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
EMPTY_CELL = {"cell_type": "code", "execution_count": None, "metadata": {}}  # new ones are checked
HIDDEN = {"parameters", "injected-parameters", "setup"}  # tags of cells that show nothing
TABLE_LINK = re.compile(r"\[(?P<text>[^]]+)\]\((?P<page>tables/\w+\.md)\)")
# What is written by hand, as templates of Jinja.
TEMPLATES = Environment(
    loader=FileSystemLoader(BOOK),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 -- it is Markdown
)


def fill_in(template: str, path: Path, /, **facts: Any) -> None:
    """Write a file from a template of the book."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEMPLATES.get_template(template).render(facts), "utf-8")


def write_pages(notebooks: Sequence[Path], source: Path) -> None:
    """Turn executed notebooks into pages of Sphinx; links to missing tables become text."""
    for path in notebooks:
        notebook = as_page(nbformat.read(path, as_version=4))
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = TABLE_LINK.sub(
                    lambda link: link[0] if (source / link["page"]).exists() else link["text"],
                    cell.source,
                )
        if path.stem == "index":
            contents = (BOOK / "contents.md").read_text("utf-8")
            notebook.cells.append(nbformat.v4.new_markdown_cell(contents, id="contents"))
        nbformat.write(notebook, source / path.name)


def as_page(notebook: NotebookNode) -> NotebookNode:
    """Give each output a cell of its own, and each figure its caption."""
    cells = []
    for cell in notebook.cells:
        if HIDDEN.intersection(cell.metadata.get("tags", [])):
            continue
        if cell.cell_type != "code":
            cells.append(cell)
            continue
        for output in cell.outputs:
            about = output.get("metadata", {})
            if about.get("text/markdown") == CAPTION:
                continue  # the figure above shows it
            shown = nbformat.from_dict({**EMPTY_CELL, "source": cell.source, "outputs": [output]})
            if picture := about.pop("image/svg+xml", None):
                figure = {"caption": picture["caption"]}
                shown.metadata["mystnb"] = {"image": {"alt": picture["alt"]}, "figure": figure}
            cells.append(shown)
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook.cells = cells
    return notebook


def write_tables(tables: Sequence[Path], source: Path, language: str) -> list[dict[str, Any]]:
    """Write a page for each table: its caption, the file itself, and all rows to browse.

    Returns
    -------
    list of dict
        name, rows and caption of each.
    """
    (source / "tables").mkdir()
    listed = []
    for path in tables:
        table = files.read(path)
        caption = read_caption(path.stem, language)
        listed.append({"name": path.stem, "rows": len(table), "caption": caption})
        shutil.copyfile(path, source / "tables" / path.name)
        data = {
            "columns": heads(table.columns, language),
            "rows": json.loads(table.to_json(orient="values", double_precision=15)),
            "language": WORDS[language]["data table"],
        }
        fill_in(
            "table.md",
            source / "tables" / f"{path.stem}.md",
            name=path.stem,
            caption=caption,
            data=json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
        )
    return listed


def write_texts(source: Path, language: str, facts: Mapping[str, Any]) -> None:
    """Write the pages that are text, with what they say of the run filled in."""
    for template in TEMPLATES.list_templates(
        filter_func=lambda name: name.startswith(f"{language}/")
    ):
        fill_in(template, source / template.removeprefix(f"{language}/"), **facts)


def write_entrance(folder: Path, languages: Sequence[str]) -> None:
    """Write the page that leads to the reader's language, and what a static host needs."""
    fill_in("entrance.html", folder / "index.html", languages=languages, names=LANGUAGE_NAMES)
    (folder / ".nojekyll").touch()  # or GitHub Pages would leave out the folders named _static


def build(source: Path, folder: Path, language: str, others: Sequence[str]) -> None:
    """Build the site with Sphinx; its warnings are errors.

    Parameters
    ----------
    source : Path
        A folder of pages, with `index`.
    folder : Path
        Where `html` is made, among other things.
    language : str
    others : sequence of str
        The other languages of the book, which lie beside this one.

    Raises
    ------
    LabError
        If a page has faults.
    """
    warnings = io.StringIO()
    overrides = {
        "language": LOCALES[language],
        "html_title": WORDS[language]["title"],
        "html_context.origin": WORDS[language]["origin"],
        "html_context.unfold": WORDS[language]["unfold"],
        "html_context.languages": [(other, LANGUAGE_NAMES[other]) for other in others],
    }
    with patch_docutils(BOOK), docutils_namespace():
        app = Sphinx(
            source,
            BOOK,
            folder / "html",
            folder / "doctrees",
            "html",
            confoverrides=overrides,
            status=None,
            warning=warnings,
            freshenv=True,
            warningiserror=True,
        )
        app.build()
    if app.statuscode:
        first, *_ = [line for line in warnings.getvalue().splitlines() if line.strip()]
        raise LabError(f"{first.replace(str(source), 'workflow/book')}; mend the page")
