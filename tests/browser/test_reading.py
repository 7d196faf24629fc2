"""Readers can search, sort, filter, download and switch languages, by mouse and by keyboard."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.checks import PHONE, Reader


def search(page: Page, words: str) -> list[str]:
    """Search by the keyboard, as a reader does; return the addresses of the results."""
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")
    page.locator("#search-results .search-summary:not(:empty)").wait_for()
    results = page.locator("#search-results .search > li > a:first-of-type")
    return results.evaluate_all("(links) => links.map((link) => link.href)")


WORDS = {
    "en": (["overfitting"], ["xylophone"]),
    "zh": (
        ["学习率", "多层感知机", "小批量随机梯度下降", "softmax"],
        ["鸭嘴兽", "多层感知鸭嘴兽", "xylophone"],
    ),
}


def test_search_finds_the_words_that_are_there_and_no_others(
    reader: Reader, book: Path, language: str
):
    there, nowhere = WORDS[language]
    for words in there:
        reader.open(book / language / "index.html")
        found = search(reader.page, words)
        assert found, words
        reader.page.goto(found[0])
        assert words in reader.page.locator("main").inner_text().lower()
        assert reader.errors == []
    for words in nowhere:
        reader.open(book / language / "index.html")
        assert search(reader.page, words) == [], words


def test_an_exercise_unfolds_by_the_keyboard_and_links_to_its_results(
    reader: Reader, book: Path, language: str
):
    reader.open(book / language / "linear_regression.html")
    exercise, page = reader.page.locator("#exercise-3-1-1-2"), reader.page
    link = exercise.get_by_role("link", name="exercises_linear")
    expect(link).to_be_hidden()
    exercise.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url((book / language / "tables/exercises_linear.html").as_uri())


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"#table tbody tr td:nth-child({number + 1})").all_inner_texts()


def test_a_table_is_sorted_by_number_and_filtered_and_downloaded(
    reader: Reader, book: Path, language: str
):
    csv = book.parent / "tables/summary.csv"
    table, page = pd.read_csv(csv), reader.page
    number, values = table.columns.get_loc("mean"), table["mean"].tolist()
    assert sorted(values) != sorted(values, key=str)  # a comparison as text would pass otherwise
    reader.open(book / language / "tables/summary.html")
    header = page.locator("#table thead th").nth(number)
    for order in ("ascending", "descending"):
        header.click()
        expect(header).to_have_attribute("aria-sort", order)
        shown = [float(text) for text in column(page, number)]
        values.sort(reverse=order == "descending")
        assert shown == pytest.approx(values[: len(shown)], rel=1e-5)

    wanted, info = table["model"].iloc[-1], page.locator(".dt-info")
    expect(info).to_contain_text(str(len(table)))
    page.locator(".dt-search input").fill(wanted)
    expect(info).to_contain_text(re.compile(rf"\b{(table['model'] == wanted).sum()}\b"))
    assert set(column(page, 0)) == {wanted}
    page.locator(".dt-search input").fill("xylophone")
    expect(page.locator("#table td.dt-empty")).to_be_visible()

    with page.expect_download() as download:
        page.locator("a.download").click()
    assert download.value.suggested_filename == csv.name
    assert download.value.path().read_bytes() == csv.read_bytes()


def test_the_other_language_is_one_click_away_and_so_is_the_way_back(
    reader: Reader, book: Path, language: str
):
    (other,) = {"en", "zh"} - {language}
    reader.open(book / language / "tables/claims.html")
    for there in (other, language):
        reader.page.locator("a.language").click()
        expect(reader.page).to_have_url((book / there / "tables/claims.html").as_uri())


def test_the_entry_page_leads_to_the_readers_language(chromium: Browser, book: Path):
    for locale, language in {"en-GB": "en", "zh-CN": "zh", "zh-TW": "zh", "de-DE": "en"}.items():
        with chromium.new_context(locale=locale) as context:
            page = context.new_page()
            page.goto((book / "index.html").as_uri())
            expect(page).to_have_url((book / language / "index.html").as_uri())


def test_the_entry_page_needs_no_script(chromium: Browser, book: Path):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((book / "index.html").as_uri())
        page.get_by_role("link", name="中文").click()
        expect(page).to_have_url((book / "zh/index.html").as_uri())


@pytest.mark.parametrize(
    ("address", "top"),
    [
        ("https://owner.github.io/lab/en/tables/gone.html", "https://owner.github.io/lab"),
        ("https://owner.github.io/lab/gone", "https://owner.github.io/lab"),
        ("https://book.example/zh/gone.html", "https://book.example"),
        ("https://book.example/a/b/c", "https://book.example"),
    ],
)
def test_the_404_page_leads_to_the_book_from_any_depth(
    chromium: Browser, book: Path, address: str, top: str
):
    with chromium.new_context() as context:
        page = context.new_page()
        page.route("**", lambda route: route.fulfill(path=book / "404.html", status=404))
        page.goto(address)
        links = page.eval_on_selector_all("a", "links => links.map((link) => link.href)")
    assert links == [f"{top}/en/index.html", f"{top}/zh/index.html"]


def test_the_report_opens_from_the_book(reader: Reader, book: Path, language: str):
    reader.open(book / language / "provenance.html")
    reader.page.get_by_role("link", name="report.html").click()
    expect(reader.page).to_have_url((book / "report.html").as_uri())
    expect(reader.page.get_by_text("Workflow").first).to_be_visible()
    assert reader.outside == []
    assert reader.errors == []


def test_the_chosen_dark_theme_is_kept_and_a_phone_reaches_the_pages(
    reader: Reader, book: Path, language: str
):
    reader.open(book / language / "index.html")
    page, html = reader.page, reader.page.locator("html")
    # By the keyboard: while icons are drawn and the menu is placed, a click might miss its target
    # or hit a neighbour.
    page.locator(".theme-switch-button").press("Enter")
    dark = page.locator(".theme-change-button[data-mode=dark]")
    expect(dark).to_be_visible()  # hidden elements take no focus
    dark.press("Enter")
    expect(html).to_have_attribute("data-theme", "dark")
    page.set_viewport_size(PHONE)
    page.locator(".primary-toggle").click()
    page.locator("#pst-primary-sidebar-modal a[href='kfold.html']").click()
    expect(page).to_have_url((book / language / "kfold.html").as_uri())
    expect(html).to_have_attribute("data-theme", "dark")


# The focused element's place and HTML, and whether the focus is visible; for some elements the
# theme outlines only a part.
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


def stops(page: Page) -> list[str]:
    """Go once through a page by Tab; the focus must be visible at every stop."""
    found = []
    while (stop := page.evaluate(STOP)) not in found:
        found.append(stop)
        page.keyboard.press("Tab")
    assert [html for _, html, seen in found[1:] if not seen] == []
    return [html for _, html, _ in found]


def test_the_keyboard_searches_skips_to_the_text_and_reaches_everything(
    reader: Reader, book: Path, language: str
):
    index, page = book / language / "index.html", reader.page
    reader.open(index)
    field = page.locator("dialog input[name=q]")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).not_to_be_visible()

    reader.open(index)
    found = stops(page)
    for what in ("search-button", "language", "theme-switch-button", "kfold.html", "<summary"):
        assert any(what in html for html in found), what

    reader.open(index)
    page.keyboard.press("Tab")
    link = page.locator("#pst-skip-link a")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{index.as_uri()}#main-content")


def test_the_keyboard_sorts_a_table(reader: Reader, book: Path, language: str):
    reader.open(book / language / "tables/models.html")
    page, header = reader.page, reader.page.locator("#table thead th").first
    assert any("dt-column-order" in html for html in stops(page))
    header.locator(".dt-column-order").focus()
    for key, order in (("Enter", "ascending"), ("Space", "descending")):
        page.keyboard.press(key)
        expect(header).to_have_attribute("aria-sort", order)
