"""The PDF of the book has its pages, working links, and text that can be searched."""

import re
import zlib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import sans_path

from checkout import Checkout
from d2l_lab.errors import LabError
from d2l_lab.tools import fonts, pdf
from shown import run_tool

NAVIGATION = """<nav class="bd-links"><a class="reference internal" href="one.html">One</a>
<a class="reference internal" href="docs/guide.html">Guide</a></nav>"""
PAGES = {
    "index": '<h1>Front</h1><a href="one.html#place">to it</a><a href="../report.html">report</a>',
    "one": '<h2 id="place">One</h2><a href="#place">here</a><a href="tables/claims.html">all</a>'
    '<details><summary>s</summary></details><a href="https://d2l.ai/x.html">d2l</a>',
    "tables/claims": '<img src="../_images/f.svg"><a href="../one.html">One</a>',
    "docs/guide": "<p>Not in the PDF</p>",
}


@pytest.fixture
def site(tmp_path) -> Path:
    for name, article in PAGES.items():
        page = tmp_path / "en" / f"{name}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        maths = '<script src="_static/mathjax/m.js"></script>' if name == "one" else ""
        page.write_text(
            f'<html><head>{maths}</head><body>{NAVIGATION}<article class="bd-article">{article}'
            "</article></body></html>"
        )
    return tmp_path / "en"


def links(page: str) -> list[str]:
    return re.findall('<a href="(.*?)"', page)


def test_the_pages_become_one_whose_links_are_internal(site):
    page = pdf.whole_book(site)
    assert re.findall('id="(page.*?)"', page) == [
        "page-index",
        "page-one",
        "page-one--place",
        "page-tables-claims",
    ]
    assert links(page) == [
        "#page-one--place",
        "#page-one--place",
        "#page-tables-claims",
        "https://d2l.ai/x.html",
        "#page-one",
    ]
    assert "<a>report</a>" in page
    assert 'src="_images/f.svg"' in page
    assert 'src="_static/mathjax/m.js"' in page
    assert '<details open="">' in page
    assert "Not in the PDF" not in page


def test_links_to_pages_that_are_not_in_the_pdf_lead_to_the_site_if_it_is_known(site):
    assert "https://example.org/report.html" in links(
        pdf.whole_book(site, "https://example.org/en/")
    )


def test_a_missing_browser_is_reported(site, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LabError, match=r"none of chromium.*is installed.*install one"):
        pdf.print_book(site, tmp_path / "book.pdf")


@pytest.mark.parametrize("damage", [b"", b"\xff<html>", b"<html><head></head><body></body></html>"])
def test_a_damaged_page_is_told(site, damage):
    (site / "one.html").write_bytes(damage)
    with pytest.raises(LabError, match=r"one\.html: not a page of the book; delete .*, then"):
        pdf.whole_book(site)


def test_a_missing_book_is_reported(tmp_path):
    with pytest.raises(LabError, match="no book in this language; run make"):
        pdf.print_book(tmp_path / "en", tmp_path / "book.pdf")


def test_the_font_has_only_the_characters_of_the_text_and_its_outlines_are_embedded(tmp_path):
    fonts.write_truetype(Path(sans_path()), tmp_path / "font.ttf", "手动学 a")
    with TTFont(tmp_path / "font.ttf") as font:
        assert set(map(chr, font.getBestCmap())) == set("手动学 a")  # not a radical such as ⼿
        assert font["glyf"]["uni52A8"].numberOfContours > 1
        assert "CFF " not in font


def streams(data: bytes) -> list[bytes]:
    """Unpack the streams of a PDF."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return found


def characters(data: bytes) -> set[str]:
    """Return the characters that a reader gets by selecting the text of a PDF."""
    maps = b"\n".join(stream for stream in streams(data) if b"begincmap" in stream)
    single = re.findall(rb"<[0-9A-F]+> <([0-9A-F]{4})>\n", maps)
    ranges = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]{4})> <([0-9A-F]{4})>", maps)
    return {chr(int(code, 16)) for code in single} | {
        chr(int(start, 16) + offset)
        for first, last, start in ranges
        for offset in range(int(last, 16) - int(first, 16) + 1)
    }


@pytest.mark.thorough
def test_the_pdf_has_searchable_text_and_its_own_fonts(published: Checkout, tmp_path):
    try:
        pdf.find_browser()
    except LabError as error:
        pytest.skip(str(error))
    output = tmp_path / "book.pdf"
    arguments = ["--language", "zh", "--output", str(output)]
    answer = run_tool("pdf", *arguments, at=published.path)
    assert answer.returncode == 0, answer.stderr
    data = output.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type /Page\b", data)) > 50
    assert set("动手学深度学习 Softmax") <= characters(data)
    assert not any("\u2e80" <= character <= "\u2fdf" for character in characters(data))
    assert data.count(b"/FontFile2") >= 2
    assert b"/Outlines" in data
