"""Build a web site in one language from executed notebooks and tables."""

import io
import json
import re
import shutil
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from d2l_lab.book import drawings, guide, section_links, section_notebooks
from d2l_lab.book.addresses import UNKNOWN, Addresses
from d2l_lab.book.claim_blocks import VERDICTS, ClaimBlocks
from d2l_lab.book.page import CAPTION, SAID, read_caption
from d2l_lab.book.page_requests import table_caption
from d2l_lab.book.references import CLAIMS, References, anchor, figure_number
from d2l_lab.book.sections import SECTIONS
from d2l_lab.book.sources import BOOK
from d2l_lab.book.words import WORDS, heads, translated
from d2l_lab.errors import LabError
from d2l_lab.tables import embedded, files

SOCIAL = "social.png"  # the picture in previews of links
LOCALES = {"en": "en", "zh": "zh_CN"}
OPEN_GRAPH = {"en": "en_US", "zh": "zh_CN"}  # Open Graph's locales include a country
# For the templates of pages.
SHOWN_WORDS = ("about", "about book", "origin", "report", "theme", "touch", "unfold")
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
EMPTY_CELL = {
    "cell_type": "code",
    "execution_count": None,
    "metadata": {},
}  # nbformat would validate each new cell
HIDDEN = {"parameters", "injected-parameters", "setup"}  # tags of hidden cells
SHOWN_CODE = "code"  # tag of cells whose code is shown
EMBEDDED = re.compile(
    r'<img data-figure="(?P<name>\w+)" src="data:image/svg\+xml;base64,(?P<svg>[^"]+)"'
)
PAGE_LINK = re.compile(r"\[(?P<text>[^]]+)\]\((?P<page>tables/\w+(?=\.md)|\w+(?=\.ipynb))\.\w+\)")
FRONT_PAGE = "index"
BESIDE, MARKS = "beside", "_figures"  # folders of files next to the pages, and of figures' values
LONGEST, SHOWN = 200, 20  # characters of a text in a table to browse, and of one that is longer
EXPLORED = '```{{raw}} html\n<div class="explore" data-name="{name}"></div>\n```'
# The hand-written pages, which are Jinja templates.
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


def write_pages(
    notebooks: Sequence[Path],
    source: Path,
    language: str,
    tables: Sequence[str],
    addresses: Addresses = UNKNOWN,
) -> References:
    """Turn executed notebooks into pages of Sphinx; links to missing pages become text.

    Parameters
    ----------
    notebooks : sequence of Path
    source : Path
        The folder of the pages.
    language : str
    tables : sequence of str
        The names of the tables with their own page.
    addresses : Addresses

    Returns
    -------
    references : References
        The page of everything shown, to resolve links of further pages.
    """
    (source / "figures").mkdir()
    (source / BESIDE / MARKS).mkdir(parents=True)
    read = {path.stem: nbformat.read(path, as_version=4) for path in notebooks}
    runnable = {
        number: notebook
        for page in read.values()
        for number, notebook in section_notebooks.of_page(page, WORDS[language]).items()
    }
    (source / section_notebooks.FOLDER).mkdir()
    paths = {number: section_notebooks.path(number) for number in runnable}
    for number, notebook in runnable.items():
        nbformat.write(notebook, source / paths[number])
    pages = {name: as_page(page, source) for name, page in read.items()}
    references = References(pages, tables, WORDS[language])
    there = {*pages, *(f"tables/{table}" for table in tables)}
    for name, notebook in pages.items():
        references.resolve(name, notebook)
        section_links.add(notebook, language, WORDS[language], paths, addresses)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = PAGE_LINK.sub(
                    lambda link: link[0] if link["page"] in there else link["text"], cell.source
                )
        if name == FRONT_PAGE:
            contents = TEMPLATES.get_template("contents.md").render(pages=pages)
            if (source / guide.FOLDER).is_dir():
                contents += (BOOK / "guide.md").read_text("utf-8")
            notebook.cells.append(nbformat.v4.new_markdown_cell(contents, id="contents"))
        nbformat.write(notebook, source / f"{name}.ipynb")
    return references


def as_page(notebook: NotebookNode, source: Path) -> NotebookNode:
    """Put each output in its own cell, turning figures into files and sentences into text."""
    cells = []
    for cell in notebook.cells:
        if HIDDEN.intersection(cell.metadata.get("tags", [])):
            continue
        if cell.cell_type != "code":
            cells.append(cell)
            continue
        if SHOWN_CODE in cell.metadata.get("tags", []):
            cells.append(nbformat.v4.new_markdown_cell(f"```python\n{cell.source}\n```"))
        for output in cell.outputs:
            about = output.get("metadata", {})
            if about.get("text/markdown") == CAPTION:
                continue  # shown with the figure above
            if about.get("text/markdown") == SAID:
                cells.append(nbformat.v4.new_markdown_cell(output["data"]["text/markdown"]))
                continue
            if picture := about.get("image/svg+xml"):
                name = picture["name"]
                svg, marks = embedded.split(output.data["image/svg+xml"])
                (source / "figures" / f"{name}.svg").write_text(svg, "utf-8")
                if marks:
                    write_script(source, name, marks)
                shown = as_figure(**picture, has_marks=bool(marks))
                cells.append(nbformat.v4.new_markdown_cell(shown))
                continue
            if explored := about.get("application/json"):
                name, data = explored["explore"], output.data["application/json"]
                values = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
                write_script(source, f"explore_{name}", values)
                cells.append(nbformat.v4.new_markdown_cell(EXPLORED.format(name=name)))
                continue
            if "text/html" in output.get("data", {}):
                html = output.data["text/html"]
                output.data["text/html"] = EMBEDDED.sub(partial(as_file, source), html)
            shown = {**EMPTY_CELL, "source": cell.source, "outputs": [output]}
            cells.append(nbformat.from_dict(shown))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook.cells = cells
    return notebook


def write_script(source: Path, name: str, values: str) -> None:
    """Write values as JSON into a script, since a page from the disk can load only scripts."""
    script = f"addFigure({json.dumps(name)}, {values});\n"
    (source / BESIDE / MARKS / f"{name}.js").write_text(script, "utf-8")


def as_file(source: Path, image: re.Match) -> str:
    """Move a figure that is embedded in a page to a file of the site, and link to it."""
    svg = b64decode(image["svg"])
    (source / "figures" / f"{image['name']}.svg").write_bytes(svg)
    return f'<img loading="lazy" src="_images/{image["name"]}.svg"'


def as_figure(name: str, alt: str, caption: str, *, has_marks: bool) -> str:
    """Write a figure in Markdown: a target for links, the image, its number and caption."""
    place, to_touch = f"figure-{name}", ":figclass: to-touch\n" if has_marks else ""
    return (
        f"{anchor(place)}\n\n"
        f"```{{figure}} figures/{name}.svg\n"
        f":alt: {json.dumps(alt, ensure_ascii=False)}\n{to_touch}\n"
        f"{figure_number(place)} {caption}\n```"
    )


def write_tables(
    tables: Sequence[Path], source: Path, language: str, references: References, files_at: str = ""
) -> list[dict[str, Any]]:
    """Write a page for each table: its caption, a link to the file, and all rows to browse.

    Claims are shown as blocks, not as rows.

    Parameters
    ----------
    files_at : str
        The folder of the files, seen from the pages of the tables: empty, or ending with /.

    Returns
    -------
    list of dict
        name, rows, caption and file of each.
    """
    (source / "tables").mkdir()
    listed = []
    for path in tables:
        table = files.read(path)
        caption = read_caption(table_caption(path.stem), language).replace(" %", "\u00a0%")
        facts = {"name": path.stem, "rows": len(table), "caption": caption}
        facts["file"] = f"{files_at}{path.name}"
        listed.append(facts)
        page = source / "tables" / f"{path.stem}.md"
        if path.stem == "claims":
            fill_in("claims.md", page, **facts, **claims_by_section(table, language, references))
            continue
        data = {
            "columns": heads(table.columns, language),
            "rows": json.loads(
                without_long_texts(translated(table, language)).to_json(
                    orient="values", double_precision=15
                )
            ),
            "language": WORDS[language]["data table"],
        }
        fill_in("table.md", page, **facts, data=packed(data))
    return listed


def without_long_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Cut texts that nobody reads, such as the bytes of an image; the file has them whole."""

    def cut(value: object) -> object:
        is_long = isinstance(value, str) and len(value) > LONGEST
        return f"{value[:SHOWN]}…" if is_long else value

    texts = table.select_dtypes(exclude=["number", "bool"])
    return table.assign(**{name: column.map(cut) for name, column in texts.items()})


def packed(data: Mapping[str, Any]) -> str:
    """Encode data for a script of the page: JSON, compressed, in characters safe in HTML."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode(), level=9)).decode()


def claims_by_section(
    claims: pd.DataFrame, language: str, references: References
) -> dict[str, Any]:
    """Return the values for the template of the page of all claims."""
    blocks = ClaimBlocks(claims, WORDS[language], language)
    sections = [
        {
            "title": f"{section.number} {getattr(section, language)}",
            "link": references.in_html(CLAIMS, blocks.link_to(section.number)),
            "blocks": references.in_html(CLAIMS, blocks.of_section(section.number)),
        }
        for section in SECTIONS
        if section.number in {*claims["section"]}
    ]
    counts = claims["verdict"].value_counts()
    verdicts = {verdict: counts[verdict] for verdict in VERDICTS if verdict in counts}
    return {"sections": sections, "verdicts": verdicts, "words": WORDS[language]}


def write_texts(source: Path, language: str, facts: Mapping[str, Any]) -> None:
    """Write the text pages from their templates, with facts about the run."""
    for template in TEMPLATES.list_templates(
        filter_func=lambda name: name.startswith(f"{language}/")
    ):
        fill_in(template, source / template.removeprefix(f"{language}/"), **facts)


def write_entrance(folder: Path, languages: Sequence[str], site: str = "") -> None:
    """Write the page that redirects to the reader's language, and files for static hosts.

    One of these is the 404 page, whose links lead to the address of the site if it is known.
    """
    fill_in("entrance.html", folder / "index.html", languages=languages, names=LANGUAGE_NAMES)
    fill_in("missing.html", folder / "404.html", languages=languages, words=WORDS, site=site)
    (folder / ".nojekyll").touch()  # otherwise GitHub Pages ignores _static


def build(
    source: Path,
    folder: Path,
    language: str,
    others: Sequence[str],
    site: str = "",
    picture: Path | None = None,
) -> None:
    """Build the site with Sphinx; its warnings are errors.

    Parameters
    ----------
    source : Path
        The folder of pages, with `index`.
    folder : Path
        The folder in which `html` and others are made.
    language : str
    others : sequence of str
        The other languages of the book, in neighbouring folders.
    site : str
        The address at which the book is published, if it is known.
    picture : Path, optional
        A PNG for previews of links to the book.

    Raises
    ------
    LabError
        If a page has errors.
    """
    warnings = io.StringIO()
    overrides = {
        "language": LOCALES[language],
        "html_extra_path": [str(source / BESIDE)],
        "html_title": WORDS[language]["title"],
        "html_theme_options.search_bar_text": WORDS[language]["search"],
        "html_baseurl": site and f"{site}{language}/",
        **{f"html_context.{name.replace(' ', '_')}": WORDS[language][name] for name in SHOWN_WORDS},
        "html_context.book_address": site and f"{site}{language}/",
        "html_context.social": SOCIAL if picture else "",
        "html_context.locale": OPEN_GRAPH[language],
        "html_context.other_locales": [OPEN_GRAPH[other] for other in others],
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
        raise LabError(f"{first.replace(str(source), 'workflow/book')}; fix the page")
    for figure in (source / "figures").glob("*.svg"):  # Sphinx does not know the pictures on cards
        if not (shown := folder / "html" / "_images" / figure.name).exists():
            shown.parent.mkdir(exist_ok=True)
            shutil.copyfile(figure, shown)
    for figure in (folder / "html" / "_images").glob("*.svg"):
        figure.write_text(drawings.compact(figure.read_text("utf-8")), "utf-8")
    if (source / (to_download := section_notebooks.FOLDER)).is_dir():
        shutil.copytree(source / to_download, folder / "html" / to_download)
    if picture:
        shutil.copyfile(picture, folder / "html" / "_static" / SOCIAL)
