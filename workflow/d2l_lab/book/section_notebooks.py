"""Make a notebook for download for each section, with the notes' code; each runs on its own.

They are extracted from the pages: the code that a page shows and runs, and the text before it.
Statements of earlier sections that a section needs are added at its beginning, and the data are
downloaded.
"""

import ast
import builtins
import re
import symtable
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from d2l_lab.book.editions import EDITIONS
from d2l_lab.book.examples import COUNT

FOLDER = "notebooks"
SHOWN_CODE = "code"  # tag of cells whose code is shown
SECTION = re.compile(r"^## (?P<number>\d+\.\d+) (?P<title>.+)$", re.MULTILINE)
HEADING = re.compile(r"^#(?=#+ )", re.MULTILINE)
LINK = re.compile(r"\[(?P<text>[^]]+)\]\((?!https?:)[^)]+\)")
PAGES_IMAGES, IMAGES = "map(torch.from_numpy, page.images())", "load_images(folder)"
DATA = f"""\
from torchvision.datasets import FashionMNIST


def load_images(folder, count={COUNT}):
    data = FashionMNIST(folder, train=True, download=True)
    return data.data[:count] / 255, data.targets[:count]"""
PARAMETERS = 'folder = "data"'
SEEDED = ("import torch", "torch.manual_seed(0)")
IMPORT, DEFINITION = ("import ", "from "), ("def ", "class ")
BLANKS = re.compile(r"\n{3,}")
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


class Statement(NamedTuple):
    """A statement of a cell: its text, the names that it needs, and those that it defines."""

    text: str
    needs: frozenset[str]
    defines: frozenset[str]


def of_page(page: NotebookNode, words: Mapping[str, str]) -> dict[str, NotebookNode]:
    """Split a page into notebooks.

    Parameters
    ----------
    page : NotebookNode
        The executed page.
    words : mapping

    Returns
    -------
    dict from the numbers of sections to notebooks
        The notebooks of sections with code.
    """
    found, earlier = {}, list(statements(DATA))
    for number, title, cells in _sections(page):
        kept = list(_kept(cells))
        code = [cell.source for cell in kept if cell.cell_type == "code"]
        own = [statement for text in code for statement in statements(text)]
        if own and number in EDITIONS:
            found[number] = _notebook(number, title, kept, _missing(own, earlier), words)
        earlier += own
    return found


def path(number: str) -> str:
    """Return the path of a notebook: ``notebooks/3.6-softmax-regression-scratch.ipynb``."""
    page = EDITIONS[number]["zh"].address.rpartition("/")[2]
    return f"{FOLDER}/{number}-{page.removesuffix('.html')}.ipynb"


def write_requirements(folder: Path, versions: Mapping[str, str]) -> None:
    """Write the requirements with which Binder runs the notebooks on the book's branch."""
    lines = (f"{name}=={version.partition('+')[0]}\n" for name, version in versions.items())
    (folder / "binder").mkdir()
    (folder / "binder" / "requirements.txt").write_text("".join(lines), "utf-8")


def _sections(page: NotebookNode) -> Iterator[tuple[str, str, list[NotebookNode]]]:
    """Yield number, title and cells of each section of a page."""
    cells: list[NotebookNode] = []
    head = None
    for cell in page.cells:
        start = SECTION.match(cell.source) if cell.cell_type == "markdown" else None
        if start and head:
            yield head["number"], head["title"], cells
        if start:
            head, cells = start, []
        cells.append(cell)
    if head:
        yield head["number"], head["title"], cells


def _kept(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Keep the code that is shown, the text before it, and the section's heading."""
    for number, cell in enumerate(cells):
        after = cells[number + 1] if number + 1 < len(cells) else None
        if cell.cell_type == "markdown" and (number == 0 or _is_shown(after)):
            yield nbformat.v4.new_markdown_cell(LINK.sub(r"\g<text>", cell.source))
        elif _is_shown(cell):
            source = cell.source.replace(PAGES_IMAGES, IMAGES)
            yield nbformat.v4.new_code_cell(source)


def _is_shown(cell: NotebookNode | None) -> bool:
    is_code = cell is not None and cell.cell_type == "code"
    return is_code and SHOWN_CODE in cell.metadata.get("tags", [])


def _notebook(
    number: str,
    title: str,
    cells: list[NotebookNode],
    missing: list[Statement],
    words: Mapping[str, str],
) -> NotebookNode:
    """Assemble a notebook: its introduction, its requirements, and the section."""
    new = nbformat.v4
    places = {language: place.address for language, place in EDITIONS[number].items()}
    intro = words["notebook intro"].format(book=words["title"], number=number, **places)
    first, *rest = (
        cell if cell.cell_type == "code" else new.new_markdown_cell(HEADING.sub("", cell.source))
        for cell in cells
    )
    lines = first.source.split("\n", 1)[1:]
    head = [new.new_markdown_cell(f"# {number} {title}\n\n{intro}")]
    if not DATA_STATEMENTS.isdisjoint(missing):
        parameters = new.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        head += [new.new_markdown_cell(words["notebook data"].format(count=COUNT)), parameters]
        head.append(new.new_code_cell(DATA))
    needed = [statement.text for statement in missing if statement not in DATA_STATEMENTS]
    if needed:
        head.append(new.new_markdown_cell(words["notebook earlier"]))
        head.append(new.new_code_cell(_joined(needed)))
    notebook = new.new_notebook(
        cells=[*head, new.new_markdown_cell("".join(lines).strip()), *rest],
        metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}},
    )
    for index, cell in enumerate(notebook.cells):
        cell.id = f"cell-{index}"
    return notebook


def _joined(texts: Iterable[str]) -> str:
    """Write statements as one cell: imports first, blank lines around definitions."""
    torch, seed = SEEDED
    texts = [*texts]
    imports = dict.fromkeys(text for text in [torch, *texts] if text.startswith(IMPORT))
    rest = [text for text in texts if text not in imports]
    parts = (f"\n\n{text}\n\n" if text.startswith(DEFINITION) else text for text in rest)
    lines = "\n".join([*imports, "", seed, *parts])
    return BLANKS.sub("\n\n\n", lines).strip()


def statements(cell: str) -> Iterator[Statement]:
    """Split a cell into its statements."""
    for node in ast.parse(cell).body:
        text = ast.get_source_segment(cell, node)
        needs, defines = names(text)
        yield Statement(text, frozenset(needs), frozenset(defines))


def names(text: str) -> tuple[set[str], set[str]]:
    """Find the names that a statement needs from earlier ones, and those that it defines."""
    module = symtable.symtable(text, "cell", "exec")
    symbols = module.get_symbols()
    defines = {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}
    needs = {each.get_name() for each in symbols if each.is_referenced()}
    inner = [*module.get_children()]
    while inner:
        table = inner.pop()
        inner += table.get_children()
        needs |= {each.get_name() for each in table.get_symbols() if each.is_global()}
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.AugAssign))
    changed = {
        each.id for node in nodes for each in ast.walk(node.target) if isinstance(each, ast.Name)
    }
    return (needs - defines | changed) - {*dir(builtins)}, defines


def _missing(own: list[Statement], earlier: list[Statement]) -> list[Statement]:
    """Find the earlier statements that a section needs, in order."""
    known: set[str] = set()
    waiting: list[str] = []
    for statement in own:
        waiting += statement.needs - known
        known |= statement.defines
    chosen: set[int] = set()
    while waiting:
        name = waiting.pop()
        for number in reversed(range(len(earlier))):
            if name in earlier[number].defines:
                if number not in chosen:
                    chosen.add(number)
                    waiting += earlier[number].needs
                break
    return [earlier[number] for number in sorted(chosen)]


DATA_STATEMENTS = frozenset(statements(DATA))
