"""What a reader does: search, sort, filter, download, switch, by mouse and by keyboard."""

import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.checks import PHONE, Reader


def search(page: Page, words: str) -> list[str]:
    """Search as a reader does, by the keyboard; give the addresses that are found."""
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")
    page.locator("#search-results .search-summary:not(:empty)").wait_for()
    results = page.locator("#search-results .search > li > a:first-of-type")
    return results.evaluate_all("(links) => links.map((link) => link.href)")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "overfitting"),
        ("zh", "学习率"),
        ("zh", "多层感知机"),
        ("zh", "小批量随机梯度下降"),
        ("zh", "softmax"),
    ],
)
def test_search_finds_a_word(reader: Reader, book: Path, language: str, words: str):
    reader.open(book / language / "index.html")
    found = search(reader.page, words)
    assert found
    reader.page.goto(found[0])
    assert words in reader.page.locator("main").inner_text().lower()
    assert reader.errors == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "xylophone"), ("zh", "鸭嘴兽"), ("zh", "多层感知鸭嘴兽"), ("zh", "xylophone")],
)
def test_search_finds_nothing_that_is_not_there(
    reader: Reader, book: Path, language: str, words: str
):
    reader.open(book / language / "index.html")
    assert search(reader.page, words) == []


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"#table tbody tr td:nth-child({number + 1})").all_inner_texts()


def test_a_table_sorts_by_number(reader: Reader, book: Path, language: str):
    table = pd.read_csv(book.parent / "tables/summary.csv")
    number, values = table.columns.get_loc("mean"), table["mean"].tolist()
    assert sorted(values) != sorted(values, key=str)  # or text would pass for numbers
    reader.open(book / language / "tables/summary.html")
    header = reader.page.locator("#table thead th").nth(number)
    header.click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    shown = [float(text) for text in column(reader.page, number)]
    assert shown == pytest.approx(sorted(values)[: len(shown)], rel=1e-5)
    header.click()
    expect(header).to_have_attribute("aria-sort", "descending")
    shown = [float(text) for text in column(reader.page, number)]
    assert shown == pytest.approx(sorted(values, reverse=True)[: len(shown)], rel=1e-5)


def test_a_table_is_filtered(reader: Reader, book: Path, language: str):
    models = pd.read_csv(book.parent / "tables/summary.csv")["model"]
    wanted = models.unique()[-1]
    reader.open(book / language / "tables/summary.html")
    info = reader.page.locator(".dt-info")
    expect(info).to_contain_text(str(len(models)))
    reader.page.locator(".dt-search input").fill(wanted)
    expect(info).to_contain_text(re.compile(rf"\b{(models == wanted).sum()}\b"))
    assert set(column(reader.page, 0)) == {wanted}
    reader.page.locator(".dt-search input").fill("xylophone")
    expect(reader.page.locator("#table td.dt-empty")).to_be_visible()


def test_a_table_is_downloaded(reader: Reader, book: Path, language: str):
    reader.open(book / language / "tables/models.html")
    with reader.page.expect_download() as download:
        reader.page.locator("a.download").click()
    csv = book.parent / "tables/models.csv"
    assert download.value.suggested_filename == csv.name
    assert download.value.path().read_bytes() == csv.read_bytes()


def test_the_other_language_is_one_click_away_and_so_is_the_way_back(
    reader: Reader, book: Path, language: str
):
    start = book / language / "tables/claims.html"
    (other,) = {"en", "zh"} - {language}
    reader.open(start)
    reader.page.locator("a.language").click()
    expect(reader.page).to_have_url((book / other / "tables/claims.html").as_uri())
    reader.page.locator("a.language").click()
    expect(reader.page).to_have_url(start.as_uri())


@pytest.mark.parametrize(
    ("locale", "language"), [("en-GB", "en"), ("zh-CN", "zh"), ("zh-TW", "zh"), ("de-DE", "en")]
)
def test_the_entrance_leads_to_the_readers_language(
    chromium: Browser, book: Path, locale: str, language: str
):
    with chromium.new_context(locale=locale) as context:
        page = context.new_page()
        page.goto((book / "index.html").as_uri())
        expect(page).to_have_url((book / language / "index.html").as_uri())


def test_the_entrance_needs_no_script(chromium: Browser, book: Path):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((book / "index.html").as_uri())
        page.get_by_role("link", name="中文").click()
        expect(page).to_have_url((book / "zh/index.html").as_uri())


def test_the_report_opens_from_the_book(reader: Reader, book: Path, language: str):
    reader.open(book / language / "provenance.html")
    reader.page.get_by_role("link", name="report.html").click()
    expect(reader.page).to_have_url((book / "report.html").as_uri())
    expect(reader.page.get_by_text("Workflow").first).to_be_visible()
    assert reader.outside == []
    assert reader.errors == []


def test_dark_is_chosen_and_kept(reader: Reader, book: Path, language: str):
    reader.open(book / language / "index.html")
    page = reader.page
    # By the keyboard: icons are still being drawn and the menu placed, and a click might meet
    # what then is gone, or its neighbour.
    page.locator(".theme-switch-button").press("Enter")
    dark = page.locator(".theme-change-button[data-mode=dark]")
    expect(dark).to_be_visible()  # what is hidden takes no focus
    dark.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto((book / language / "kfold.html").as_uri())
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_pages_are_reached_on_a_phone(reader: Reader, book: Path, language: str):
    reader.open(book / language / "index.html")
    page = reader.page
    page.set_viewport_size(PHONE)
    page.locator(".primary-toggle").click()
    page.locator("#pst-primary-sidebar-modal a[href='kfold.html']").click()
    expect(page).to_have_url((book / language / "kfold.html").as_uri())


class Stop(NamedTuple):
    """Where the keyboard's focus is: the element by its place and HTML, and whether it shows."""

    place: int
    html: str
    seen: bool


def stop(page: Page) -> Stop:
    return Stop(*page.evaluate(STOP))


# Of some elements the theme outlines a part.
STOP = """() => {
  const focused = document.activeElement;
  const seen = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  };
  return [
    [...document.querySelectorAll("*")].indexOf(focused),
    focused.outerHTML.slice(0, 120),
    [focused, ...focused.children].some(seen)];
}"""


def stops(page: Page) -> list[Stop]:
    """Go through a page by Tab, once around."""
    found = []
    while True:
        page.keyboard.press("Tab")
        here = stop(page)
        if here in found:
            return found
        found.append(here)


def test_the_keyboard_skips_to_the_text(reader: Reader, book: Path, language: str):
    index = book / language / "index.html"
    reader.open(index)
    reader.page.keyboard.press("Tab")
    link = reader.page.locator("#pst-skip-link a")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_url(f"{index.as_uri()}#main-content")


def test_the_keyboard_opens_and_closes_the_search(reader: Reader, book: Path, language: str):
    reader.open(book / language / "index.html")
    field = reader.page.locator("dialog input[name=q]")
    reader.page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(field).not_to_be_visible()


def test_the_keyboard_reaches_everything_and_is_seen_there(
    reader: Reader, book: Path, language: str
):
    reader.open(book / language / "index.html")
    found = stops(reader.page)
    assert [one.html for one in found if not one.seen] == []
    for what in ("search-button", "language", "theme-switch-button", "kfold.html", "<summary"):
        assert any(what in one.html for one in found), what


def test_the_keyboard_sorts_a_table(reader: Reader, book: Path, language: str):
    reader.open(book / language / "tables/models.html")
    page, header = reader.page, reader.page.locator("#table thead th").first
    assert any("dt-column-order" in one.html and one.seen for one in stops(page))
    header.locator(".dt-column-order").focus()
    page.keyboard.press("Enter")
    expect(header).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Space")
    expect(header).to_have_attribute("aria-sort", "descending")
