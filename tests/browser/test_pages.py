"""Every page of the book is complete in Chromium from the disk, and every check can fail."""

import os
import shutil
from pathlib import Path

import pytest

from browser.checks import SCHEMES, WIDTHS, Reader, colours, faults

KINDS = ("index", "kfold", "search", "tables/claims", "tables/summary")
NAMES = {"chapter3", "multilayer_perceptrons", "provenance", "reproduce", "tables/index", *KINDS}


def names(book: Path, language: str) -> list[str]:
    folder = book / language
    pages = (*folder.glob("*.html"), *folder.glob("tables/*.html"))
    return sorted(str(path.relative_to(folder).with_suffix("")) for path in pages)


def in_all(reader: Reader, book: Path, pages: list[str], **looks) -> dict[str, dict]:
    found = {page: faults(reader, book, book / f"{page}.html", **looks) for page in pages}
    return {page: wrong for page, wrong in found.items() if wrong}


def others(book: Path, language: str) -> list[str]:
    """List the pages that no other test opens, except those of tables."""
    found = (name for name in names(book, language) if "/" not in name and name not in KINDS)
    return [f"{language}/{name}" for name in found]


def test_both_languages_have_every_page(book: Path):
    assert names(book, "en") == names(book, "zh")
    assert set(names(book, "en")) >= NAMES


def test_every_kind_of_page_is_complete(reader: Reader, book: Path):
    assert in_all(reader, book, [f"en/{kind}" for kind in KINDS]) == {}


def test_no_page_cuts_or_hides_anything_on_any_screen(
    reader: Reader, book: Path, pytestconfig: pytest.Config
):
    is_thorough = "not thorough" not in pytestconfig.option.markexpr
    schemes = SCHEMES if is_thorough else ()  # colours and names take most of the time
    assert in_all(reader, book, others(book, "en"), schemes=schemes) == {}


@pytest.mark.thorough
def test_every_chinese_page_is_complete(reader: Reader, book: Path):
    assert in_all(reader, book, [f"zh/{kind}" for kind in KINDS]) == {}
    # The dark colours are those of the English pages.
    assert in_all(reader, book, others(book, "zh"), schemes=("light",)) == {}


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_a_table_is_complete(reader: Reader, book: Path, language: str):
    tables = [name for name in names(book, language) if "/" in name and name not in KINDS]
    pages = [f"{language}/{name}" for name in tables]
    # The tables among KINDS are checked in all colours and on wide screens, too.
    assert in_all(reader, book, pages, schemes=(), widths=WIDTHS[-1:]) == {}


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_the_guide_is_complete(reader: Reader, book: Path, language: str):
    paths = sorted((book / language / "docs").rglob("*.html"))
    pages = [str(path.relative_to(book).with_suffix("")) for path in paths]
    assert f"{language}/docs/reference/config" in pages
    if language == "en":
        assert in_all(reader, book, pages) == {}
    else:  # it shares the colours and the reference with the English guide
        pages = [page for page in pages if "/reference/" not in page or page.endswith("/store")]
        assert in_all(reader, book, pages, schemes=()) == {}


@pytest.fixture
def spoilt(book: Path, tmp_path: Path) -> Path:
    """A copy of the book whose files are links: to be replaced, never written through."""
    return shutil.copytree(book, tmp_path / "book", copy_function=os.symlink)


@pytest.mark.thorough
def test_a_missing_part_is_found(reader: Reader, spoilt: Path):
    reader.patience = 1000
    shutil.rmtree(spoilt / "en/_static/mathjax")
    (spoilt / "en/_static/datatables.js").unlink()
    (spoilt / "zh/kfold.html").unlink()
    found = in_all(reader, spoilt, ["en/kfold", "en/tables/models", "zh/index"])
    assert {page: {*wrong} for page, wrong in found.items()} == {
        "en/kfold": {"formulas", "links", "errors"},
        "en/tables/models": {"table", "errors"},
        "zh/index": {"links"},
    }


# What each check reports for a page with all these faults; the console omits what did not load.
FAULTY = r"""
<span class="math">\(\nosuch\)</span>
<span class="math">\(\frac{1}\)</span>
<p class="mathjax_ignore">\(x^2\)</p>
<img alt="gone" src="gone.svg">
<a href="gone.html">a page that is not there</a>
<a href="index.html#gone">an anchor that is not there</a>
<a href="../../../outside.html">out of the book</a>
<a href="index.html" hreflang="zh">another page</a>
<img alt="far" src="https://book.invalid/far.svg">
<link rel="stylesheet" href="https://book.invalid/far.css">
<script>fetch("http://127.0.0.1:9/")</script>
<script>missing()</script>
<script>console.error("a mistake")</script>
<div style="width: 500px">wide</div>
<div style="overflow: hidden"><table style="width: 110%"><tr><td>cut table</td></tr></table></div>
<div style="overflow: hidden"><div style="width: 110%"><pre>cut code</pre></div></div>
<div class="claim"><p class="judged"><span class="verdict" hidden>lost verdict</span></p></div>
<div class="claim"><dl class="evidence"><dt>it</dt>
<dd style="min-width: 9999px">lost value</dd></dl></div>
<div class="claim" id="overlap"><p class="judged">
<span class="verdict" style="position: relative; left: 8.5rem">holds</span></p>
<p class="assertion">What is beside it</p></div>
<h2>brokenbrokenbrokenbrokenbrokenbrokenbrokenbrokenbrokenbrokenbrokenbrokenbrokenbroken</h2>
<p style="color: #ccc">faint in the light</p>
<p style="color: #444">faint in the dark</p>
<button></button>
"""
CUT = ("pixels wide", "cut table", "cut code", "lost verdict", "lost value", "broken")
FOUND = {
    "formulas": {r"\nosuch", r"\frac", r"\(x^2\)"},
    "images": {"gone.svg", "far.svg"},
    "links": {"gone.html", "index.html#gone", "outside.html"},
    "languages": {"index.html"},
    "outside": {"far.svg", "far.css", "127.0.0.1"},
    "errors": {
        *("gone.svg", "far.svg", "far.css", "127.0.0.1", "net::ERR"),
        *("missing is not defined", "Failed to fetch", "a mistake"),
    },
    "at 360": {"wide", *CUT},
    "at 1400": {"overlap", *CUT},
    "at 1920": {"overlap", *CUT},
    "axe in the light": {"faint in the light", "button"},
    "axe in the dark": {"faint in the dark"},
}


def test_every_fault_is_found(reader: Reader, spoilt: Path):
    page = spoilt / "en/kfold.html"
    text = page.read_text("utf-8")
    assert text.count("</article>") == 1
    page.unlink()
    page.write_text(text.replace("</article>", f"{FAULTY}</article>"), "utf-8")
    found = faults(reader, spoilt, page)
    assert found.keys() == FOUND.keys()
    for check, wrong in found.items():
        assert {part for part in FOUND[check] if any(part in said for said in wrong)} == FOUND[
            check
        ]
        assert [said for said in wrong if not any(part in said for part in FOUND[check])] == []


def test_a_page_that_stays_light_in_the_dark_is_found(reader: Reader, book: Path):
    for said, spoil in {
        "brightness of background 255": "document.body.style.background = 'white'",
        "of text 0": "document.querySelector('main').style.color = 'black'",
        "the theme is 'light'": "document.querySelector('button[data-mode=light]').click()",
    }.items():
        reader.open(book / "en/kfold.html")
        reader.page.evaluate(spoil)
        assert said in str(colours(reader.page, "dark"))
