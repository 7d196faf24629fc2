"""The book depends only on results, is reproducible, and is made again only if they change."""

import json
import re
import subprocess
import sys
import zlib
from base64 import b64decode
from html import unescape

import nbformat
import pytest

from checkout import Checkout
from d2l_lab.book.editions import EDITIONS
from d2l_lab.book.notebooks import merged
from d2l_lab.book.page_requests import pages

EMPTY = {"benchmarks", "sweeps"}  # pages without any results in this configuration
PAGES = {path.stem for path in pages()} - EMPTY
BOOKS = {"book/en", "book/zh"}
REPORT = {"report/all"}
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z_]{2,}")
DRY = ("--dry-run",)
OF_ALL_TABLES = {"record/all", *(f"notebook/{page}" for page in PAGES)}
ON_TRAINED = ("confusion", "uncertainty", "agreement")


@pytest.fixture
def copy(published: Checkout, tmp_path) -> Checkout:
    """A copy of the checkout with the book, which tests may edit."""
    return published.copy(tmp_path / "copy")


def test_a_run_leaves_the_notebooks_and_the_book_in_both_languages(published):
    for language in ("en", "zh"):
        book = published.path / "results/book" / language
        found = {path.stem for path in book.glob("*.html")}
        assert found >= PAGES
        assert not found & EMPTY
        notebooks = (published.path / "results/notebooks" / language).glob("*.ipynb")
        assert {path.stem for path in notebooks} == PAGES
        for table in (published.path / "results/tables").glob("*.csv"):
            page = book / "tables" / f"{table.stem}.html"
            (link,) = re.findall(r'class="download" href="(.*?)"', page.read_text("utf-8"))
            assert (page.parent / link).read_bytes() == table.read_bytes()
    report = (published.path / "results/book/report.html").read_text("utf-8")
    for language in ("en", "zh"):
        assert f"{language}/index.html" in report


def test_every_page_describes_itself_and_every_file_is_loaded_by_one(published):
    book = published.path / "results/book"
    for page in book.glob("??/**/*.html"):
        text = page.read_text("utf-8")
        for start in ('name="description"', 'property="og:title"', 'property="og:description"'):
            (said,) = re.findall(f'<meta {start} content="(.*?)">', text)
            assert said.strip(), page
        locale = {"en": "en_US", "zh": "zh_CN"}[page.relative_to(book).parts[0]]
        assert f'<meta property="og:locale" content="{locale}">' in text
        assert "searchindex.js" not in text or page.name == "search.html"
        assert "og:image" not in text  # this needs the address of the site
    assert not [*book.rglob("*.map")]
    for language in ("en", "zh"):
        assert len([*book.glob(f"{language}/notebooks/*.ipynb")]) == len(EDITIONS)
        about = (book / language / "about.html").read_text("utf-8")
        assert "@software{d2l_lab" in unescape(re.sub("<.*?>", "", about))
    assert (book / "404.html").is_file()


def test_every_figure_of_the_chinese_book_has_chinese_and_no_table_an_english_head(
    published,
):
    book = published.path / "results/book/zh"
    pictures = [path for path in book.rglob("*.svg") if "_static" not in path.parts]
    assert pictures
    for path in pictures:
        said = re.findall("<!-- (.*?) -->", path.read_text("utf-8"), re.DOTALL)
        assert any(CHINESE.search(text) for text in said), path
    tables = [*published.path.glob("results/tables/*.csv")]
    for path in (book / "tables" / f"{table.stem}.html" for table in tables):
        for data in re.findall(r'id="rows">(.*?)</script>', path.read_text("utf-8")):
            columns = json.loads(zlib.decompress(b64decode(data)))["columns"]
            assert [*filter(ENGLISH.fullmatch, columns)] == []
    names = {*published.config()["models"]}
    for path in book.glob("*.html"):
        text = path.read_text("utf-8").replace("<wbr>", "")
        heads = re.findall(r'<th scope="col">(.*?)</th>', text)
        english = {head for head in heads if not CHINESE.search(head) and len(head) > 1}
        assert {re.split("[ ,]", head)[0] for head in english} <= names


def test_no_notebook_contains_an_error_or_a_path_of_this_machine(published):
    for path in (published.path / "results/notebooks").glob("*/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        assert outputs
        kinds = {(output.output_type, output.get("name")) for output in outputs}
        assert kinds <= {("display_data", None), ("stream", "stdout")}  # printed output
        text = path.read_text("utf-8")
        assert str(published.path) not in text


@pytest.mark.thorough
def test_a_notebook_runs_on_its_own_in_its_folder(copy, tmp_path):
    place = copy.path / "results/notebooks/zh"
    output = tmp_path / "again.ipynb"
    command = [sys.executable, "-m", "papermill", "model_selection.ipynb", str(output)]
    answer = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    first, again = (
        [merged(cell.get("outputs", [])) for cell in nbformat.read(path, as_version=4).cells]
        for path in (place / "model_selection.ipynb", output)
    )
    assert [*filter(None, again)] == [*filter(None, first)]


def test_a_failing_cell_ends_the_run_with_a_line_and_its_notebook_is_kept(copy):
    page = copy.path / "workflow/notebooks/kfold.py"
    page.write_text(page.read_text("utf-8") + '\n# %%\nraise ValueError("this is why")\n', "utf-8")
    answer = copy.run()
    assert answer.returncode != 0
    assert 'raise ValueError("this is why")) failed: ValueError: this is why' in answer.stdout
    kept = copy.path / "results/logs/notebook/kfold.en.ipynb"
    assert f"is {kept.relative_to(copy.path)}: fix the page" in answer.stdout
    cells = nbformat.read(kept, as_version=4).cells
    assert any(output.output_type == "error" for output in cells[-1].outputs)
    assert sum(bool(cell.get("outputs")) for cell in cells) > 1


MLP_PAGE = {"notebook/multilayer_perceptrons", *BOOKS, *REPORT}
TEXTS = [
    ("workflow/notebooks/kfold.py", "No test data", "None", {"notebook/kfold", *BOOKS, *REPORT}),
    ("workflow/book/en/reproduce.md", "You need", "It needs", {*BOOKS, *REPORT}),
    ("workflow/report/zh/timing.rst", "。", "！", {"notebook/devices", *BOOKS, *REPORT}),
    ("workflow/d2l_lab/models/mlp/scratch.py", "def relu", "# so\ndef relu", MLP_PAGE),
    ("workflow/d2l_lab/datasets/sources.py", '"""', '"""So: ', set()),
]


def test_a_change_makes_only_what_shows_it(copy):
    for name, before, after, expected in TEXTS:
        path = copy.path / name
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")
        assert copy.ran(*DRY) == expected, name
        path.write_text(text, "utf-8")

    copy.configure({"models": {"mlp_scratch": {"learning_rate": 0.2}}})
    tables = {f"figures/{kind}_mlp_scratch" for kind in ("training", "kfold", "predictions")}
    tables |= {"tables/all", "figures/test_accuracy", "comparison/all", "published/all"}
    tables.add("checklist/all")
    studied = {f"{stage}/{name}" for stage in ("study", "figures") for name in ON_TRAINED}
    claims = {"claims/all", "figures/claims"}
    trained = {"train/mlp_scratch.cpu", "kfold/mlp_scratch.cpu"}
    changed = trained | tables | studied | claims
    assert copy.ran(*DRY) == changed | OF_ALL_TABLES | BOOKS | REPORT


def test_a_changed_chinese_word_of_figures_draws_them_again(copy):
    path = copy.path / "workflow/d2l_lab/figures/languages/zh.py"
    path.write_text(path.read_text("utf-8").replace('"迭代周期"', '"周期"', 1), "utf-8")
    figures = {name for name in copy.ran(*DRY) if name.startswith("figures/")}
    drawn = (copy.path / "results/figures/zh").glob("*.svg")
    assert figures == {f"figures/{figure.stem}" for figure in drawn}


@pytest.mark.thorough
def test_an_almost_empty_configuration_has_a_book_too(linear_book):
    results = linear_book.path / "results"
    assert not (results / "store/book/en").exists()
    assert (results / "book/index.html").exists()
    text = (results / "book/zh/model_selection.html").read_text("utf-8")
    assert text.count("这次运行没有") > 5
    assert not (results / "book/en").exists()


@pytest.mark.thorough
def test_without_languages_there_is_no_book_and_no_trace_of_an_older_one(built):
    results = built.path / "results"  # of a run without languages, after one with both
    assert not (results / "notebooks").exists()
    assert [path.name for path in (results / "book").iterdir()] == ["report.html"]
