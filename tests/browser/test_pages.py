"""Every page of the book is whole, in Chromium, from the disk; and every check can fail."""

import os
import shutil
from pathlib import Path

import pytest

from browser.checks import Reader, faults

KINDS = (
    "index",
    "chapter3",
    "kfold",
    "multilayer_perceptrons",
    "provenance",
    "reproduce",
    "search",
    "tables/index",
    "tables/claims",
    "tables/training",
)


def pages(book: Path, language: str) -> list[Path]:
    folder = book / language
    return [*sorted(folder.glob("*.html")), *sorted(folder.glob("tables/*.html"))]


def test_both_languages_have_every_page(book: Path):
    english, chinese = (
        {path.relative_to(book / language).as_posix() for path in pages(book, language)}
        for language in ("en", "zh")
    )
    assert english == chinese
    assert english >= {f"{kind}.html" for kind in KINDS}


def test_every_page_is_whole(reader: Reader, book: Path, language: str):
    assert list(faults(reader, book, pages(book, language), by_axe=False)) == []


def test_every_kind_of_page_is_accessible(reader: Reader, book: Path, language: str):
    kinds = [book / language / f"{kind}.html" for kind in KINDS]
    assert list(faults(reader, book, kinds, by_axe=True)) == []


@pytest.mark.thorough
def test_every_page_is_accessible(reader: Reader, book: Path, language: str):
    assert list(faults(reader, book, pages(book, language), by_axe=True)) == []


@pytest.fixture
def spoilt(book: Path, tmp_path: Path) -> Path:
    """A copy of the book; its files are links, to be replaced, never written through."""
    return shutil.copytree(book, tmp_path / "book", copy_function=os.symlink)


def found_in(reader: Reader, spoilt: Path, name: str, *, by_axe: bool = False) -> set[str]:
    """Give the checks that find a fault in a page."""
    return {check for _, check, _ in faults(reader, spoilt, [spoilt / name], by_axe=by_axe)}


def test_a_book_without_its_mathjax_is_found(reader: Reader, spoilt: Path):
    shutil.rmtree(spoilt / "en/_static/mathjax")
    assert found_in(reader, spoilt, "en/kfold.html") == {"formulas", "errors"}


def test_a_book_without_its_datatables_is_found(reader: Reader, spoilt: Path):
    (spoilt / "en/_static/datatables.js").unlink()
    assert found_in(reader, spoilt, "en/tables/models.html") == {"table", "errors"}


def test_a_book_without_a_page_is_found(reader: Reader, spoilt: Path):
    (spoilt / "zh/kfold.html").unlink()
    assert found_in(reader, spoilt, "zh/index.html") == {"links"}
    assert found_in(reader, spoilt, "en/kfold.html") == {"links"}


FAULTY = {
    r'<span class="math">\(\nosuch\)</span>': {"formulas"},
    r'<span class="math">\(\frac{1}\)</span>': {"formulas"},
    r'<p class="mathjax_ignore">\(x^2\)</p>': {"formulas"},
    '<img alt="gone" src="gone.svg">': {"images", "errors"},
    '<a href="gone.html">a page that is not there</a>': {"links"},
    '<a href="index.html#gone">an anchor that is not there</a>': {"links"},
    '<a href="../../../outside.html">out of the book</a>': {"links"},
    '<a href="index.html" hreflang="zh">another page</a>': {"languages"},
    '<img alt="far" src="https://book.invalid/far.svg">': {"outside", "images", "errors"},
    '<link rel="stylesheet" href="https://book.invalid/far.css">': {"outside", "errors"},
    '<script>fetch("http://127.0.0.1:9/")</script>': {"outside", "errors"},
    "<script>missing()</script>": {"errors"},
    '<script>console.error("a mistake")</script>': {"errors"},
    '<div style="width: 500px">wide</div>': {"phone"},
    "<style>html[data-theme=dark] body { background: white }</style>": {"dark"},
    "<style>html[data-theme=dark] main { color: black }</style>": {"dark"},
    "<script>document.documentElement.dataset.mode = 'light'</script>": {"dark"},
}


@pytest.mark.parametrize("html", FAULTY)
def test_a_fault_is_found(reader: Reader, spoilt: Path, html: str):
    spoil(spoilt / "en/kfold.html", html)
    assert found_in(reader, spoilt, "en/kfold.html") == FAULTY[html]


@pytest.mark.parametrize(
    ("html", "checks"),
    [
        ('<p style="color: #ccc">faint in the light</p>', {"axe in the light"}),
        ('<p style="color: #444">faint in the dark</p>', {"axe in the dark"}),
        ("<button></button>", {"axe in the light", "axe in the dark"}),
    ],
)
def test_what_is_not_accessible_is_found(reader: Reader, spoilt: Path, html: str, checks: set[str]):
    spoil(spoilt / "en/kfold.html", html)
    assert found_in(reader, spoilt, "en/kfold.html", by_axe=True) == checks


def spoil(page: Path, html: str) -> None:
    text = page.read_text("utf-8")
    assert text.count("</article>") == 1
    page.unlink()
    page.write_text(text.replace("</article>", f"{html}</article>"), "utf-8")
