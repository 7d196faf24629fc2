"""The notebooks for download are parts of the pages, and each runs on its own."""

import gzip
import shutil

import nbformat
import papermill
import pytest

from checkout import ROOT
from d2l_lab.book import section_notebooks
from d2l_lab.book.editions import EDITIONS
from d2l_lab.book.notebooks import in_language
from d2l_lab.book.page_requests import NOTEBOOKS
from d2l_lab.book.words import WORDS

PAGES = ("linear_regression", "softmax_regression", "multilayer_perceptrons", "model_selection")


def of_page(page, language="en"):
    text = (NOTEBOOKS / f"{page}.py").read_text("utf-8")
    return section_notebooks.of_page(in_language(text, language), WORDS[language])


def sources(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def page(*cells):
    new = nbformat.v4
    shown = {"tags": [section_notebooks.SHOWN_CODE]}
    made = [
        new.new_markdown_cell(text)
        if text.startswith("#") or text.istitle()
        else new.new_code_cell(text, metadata={} if text.startswith("page.") else shown)
        for text in cells
    ]
    return section_notebooks.of_page(new.new_notebook(cells=made), WORDS["en"])


def test_every_section_has_a_notebook_in_both_languages_with_the_same_code():
    for language in ("en", "zh"):
        pages = (of_page(name, language) for name in PAGES)
        found = {number: each for page in pages for number, each in page.items()}
        assert [*found] == [*EDITIONS]
        for number, notebook in found.items():
            nbformat.validate(notebook)
            assert f"# {number} " in notebook.cells[0].source
            assert EDITIONS[number][language].address in notebook.cells[0].source
            assert not any("page." in text for text in sources(notebook, "code"))
    assert [sources(each, "code") for each in of_page(PAGES[1]).values()] == [
        sources(each, "code") for each in of_page(PAGES[1], "zh").values()
    ]


def test_a_section_has_its_own_code_and_the_text_that_introduces_it():
    notebook = page("## 3.1 One", "x = 1", "Dropped", "page.figure('f')", "Kept", "y = x")["3.1"]
    assert sources(notebook, "code") == ["x = 1", "y = x"]
    assert "Kept" in sources(notebook, "markdown")
    assert "Dropped" not in sources(notebook, "markdown")


def test_a_section_begins_with_exactly_the_code_it_needs_from_earlier_ones():
    earlier = (
        "import math\nunused = 1\n\ndef twice(x):\n    return 2 * x + shift\n\nshift = math.pi"
    )
    found = page("## 3.1 One", earlier, "## 3.2 Two", "x = 3\nprint(twice(x))")
    needed, own = sources(found["3.2"], "code")
    assert own == "x = 3\nprint(twice(x))"
    assert needed.startswith("import torch\nimport math\n\ntorch.manual_seed(0)\n")
    assert "def twice" in needed
    assert "shift = math.pi" in needed
    assert "unused" not in needed


def test_images_are_loaded_from_a_folder_given_as_a_parameter():
    found = page("## 3.5 Images", f"import torch\nX, y = {section_notebooks.PAGES_IMAGES}")
    parameters, loader, own = found["3.5"].cells[2:4] + found["3.5"].cells[-1:]
    assert parameters.metadata["tags"] == ["parameters"]
    assert loader.source == section_notebooks.DATA
    assert own.source.endswith("X, y = load_images(folder)")


def test_binder_gets_the_requirements_of_the_notebooks(tmp_path):
    versions = {"torch": "2.14.1+cu130", "torchvision": "0.29.1"}
    section_notebooks.write_requirements(tmp_path, versions)
    text = (tmp_path / "binder/requirements.txt").read_text()
    assert text == "torch==2.14.1\ntorchvision==0.29.1\n"


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """The folder of images, in torchvision's layout, as a parameter."""
    folder = tmp_path_factory.mktemp("data")
    raw = folder / "FashionMNIST/raw"
    raw.mkdir(parents=True)
    for path in (ROOT / "tests/data/fashion_mnist").glob("*.gz"):
        with gzip.open(path) as packed, (raw / path.stem).open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    return {"folder": str(folder)}


@pytest.mark.thorough
def test_a_notebook_runs_in_jupyter_on_images_from_a_folder(images, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    source, done = tmp_path / "3.6.ipynb", tmp_path / "done.ipynb"
    nbformat.write(of_page("softmax_regression")["3.6"], source)
    papermill.execute_notebook(
        source, done, images, cwd=tmp_path, progress_bar=False, kernel_name="python3"
    )
    assert any(cell.get("outputs") for cell in nbformat.read(done, 4).cells)


@pytest.mark.thorough
@pytest.mark.parametrize("name", PAGES)
def test_each_notebook_runs_on_its_own(name, images, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for number, notebook in of_page(name).items():
        names = {"__name__": "__main__"}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, number, "exec"), names)  # noqa: S102 -- as Jupyter does
                if "parameters" in cell.metadata.get("tags", ()):
                    names |= images
        assert capsys.readouterr().out, number
