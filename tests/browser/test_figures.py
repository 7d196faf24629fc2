"""Figures from the disk respond to pointer, keyboard and touch; without scripts they are static."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.checks import PHONE, Reader


def figure(page: Page, name: str) -> Locator:
    return page.locator(f"figure.to-touch:has(img[src$='{name}.svg'])")


def number(text: str) -> float:
    """Parse a displayed number: −0.5, or 2 × 10⁻⁵."""
    plain = text.replace("−", "-")
    if "10" in plain and any(sign in plain for sign in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"):
        digits, _, power = plain.rpartition("10")
        exponent = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        return float(digits.strip("\xa0×") or 1) * 10 ** int(exponent)
    return float(plain)


def test_the_keyboard_reads_enlarges_and_shrinks(reader: Reader, book: Path, language: str):
    rates = pd.read_csv(book.parent / "tables/learning_rate.csv")
    means = rates[~rates["diverged"]].groupby("learning_rate")["loss"].mean()
    reader.open(book / language / "linear_regression.html")
    page, shown = reader.page, figure(reader.page, "learning_rate")
    drawing, reading = shown.locator(".marks"), shown.locator("[aria-live]")
    drawing.focus()
    page.keyboard.press("ArrowRight")
    expect(drawing).to_have_attribute("data-ready", "yes")
    page.keyboard.press("ArrowRight")  # the first press may have come before the values were loaded
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    for rate, loss in means.items():
        at, value = map(number, re.findall(r": ([^;]+)(?:;|$)", reading.inner_text()))
        assert at == pytest.approx(rate, rel=1e-3)
        assert value == pytest.approx(loss, rel=1e-3)
        expect(shown.locator(".tip .read")).to_be_visible()
        page.keyboard.press("ArrowRight")
    picture = shown.locator("img")
    assert picture.evaluate("(image) => image.style.clipPath") == ""
    page.keyboard.press("+")
    expect(drawing).to_have_class(re.compile("enlarged"))
    assert picture.evaluate("(image) => image.style.clipPath").startswith("polygon")
    page.keyboard.press("0")
    expect(drawing).not_to_have_class(re.compile("enlarged"))
    page.keyboard.press("Escape")
    expect(shown.locator(".tip")).to_be_hidden()
    assert reader.outside == []
    assert reader.errors == []


def test_the_pointer_reads_the_value_at_it_and_draws_a_frame_to_enlarge(reader: Reader, book: Path):
    reader.open(book / "en/linear_regression.html")
    page, shown = reader.page, figure(reader.page, "learning_rate")
    drawing = shown.locator(".marks")
    drawing.scroll_into_view_if_needed()
    drawing.hover()
    expect(drawing).to_have_attribute("data-ready", "yes")
    box = drawing.locator(".hit").bounding_box()
    left, top = box["x"], box["y"]
    page.mouse.move(left + box["width"] * 0.05, top + box["height"] * 0.1)
    expect(shown.locator(".tip")).to_contain_text("learning rate: 0.0")
    seen = drawing.locator("text").all_inner_texts()
    page.mouse.down()
    page.mouse.move(left + box["width"] * 0.5, top + box["height"] * 0.6, steps=3)
    page.mouse.up()
    expect(drawing).to_have_class(re.compile("enlarged"))
    assert drawing.locator("text").all_inner_texts() != seen
    shown.get_by_role("button", name="whole").click()
    expect(drawing).not_to_have_class(re.compile("enlarged"))


ABOVE = """(drawing) => {
  const top = Number(drawing.querySelector(".hit").getAttribute("y"));
  const isAbove = (text) => Number(text.getAttribute("y")) < top;
  return [...drawing.querySelectorAll("text")].filter(isAbove).map((text) => text.textContent);
}"""


def test_an_enlarged_panel_keeps_hatches_text_heights_and_a_second_axis(reader: Reader, book: Path):
    def enlarged(page: str, name: str) -> Locator:
        reader.open(book / f"en/{page}.html")
        drawing = figure(reader.page, name).locator(".marks")
        drawing.focus()
        expect(drawing).to_have_attribute("data-ready", "yes")
        reader.page.keyboard.press("+")
        expect(drawing).to_have_class(re.compile("enlarged"))
        return drawing

    hatched = enlarged("model_selection", "capacity").locator("rect[fill^='url(#']")
    assert hatched.count() > 0
    beside = enlarged("model_selection", "selection_test").locator("[dominant-baseline=central]")
    assert beside.count() > 0
    above = enlarged("linear_regression", "closed_form").evaluate(ABOVE)
    assert len(above) >= 2
    assert [number(each) for each in above] == sorted(map(number, above))


def test_a_finger_reads_on_a_phone(chromium: Browser, book: Path):
    with chromium.new_context(viewport=PHONE, has_touch=True, offline=True) as context:
        page = context.new_page()
        page.goto((book / "en/linear_regression.html").as_uri())
        shown = figure(page, "learning_rate")
        drawing = shown.locator(".marks")
        drawing.scroll_into_view_if_needed()
        drawing.tap()  # loads the values
        expect(drawing).to_have_attribute("data-ready", "yes")
        drawing.locator(".hit").tap(position={"x": 60, "y": 40})
        tip = shown.locator(".tip")
        expect(tip).to_be_visible()
        box = tip.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        shown.get_by_role("button", name="Enlarge").tap()
        expect(drawing).to_have_class(re.compile("enlarged"))


def test_the_plain_picture_is_there_without_scripts_and_in_print(chromium: Browser, book: Path):
    address = (book / "en/linear_regression.html").as_uri()
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        expect(figure(page, "learning_rate").locator("img")).to_be_visible()
        expect(page.locator(".marks, .tools")).to_have_count(0)
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(address)
        shown = figure(page, "learning_rate")
        shown.locator(".marks").focus()
        expect(shown.locator(".marks")).to_have_attribute("data-ready", "yes")
        page.keyboard.press("+")
        page.emulate_media(media="print")
        expect(shown.locator(".marks")).to_be_hidden()
        expect(shown.locator(".tools")).to_be_hidden()
        clip = shown.locator("img").evaluate("(image) => getComputedStyle(image).clipPath")
        assert clip == "none"


@pytest.mark.thorough
def test_every_figure_with_values_becomes_interactive(reader: Reader, book: Path, language: str):
    for path in sorted((book / language).glob("*.html")):
        if "to-touch" not in path.read_text("utf-8"):
            continue
        reader.open(path)
        for drawing in reader.page.locator(".marks").all():
            drawing.focus()
            expect(drawing).to_have_attribute("data-ready", "yes")
            for key in ("ArrowRight", "ArrowDown", "End", "+", "ArrowUp", "-", "0"):
                reader.page.keyboard.press(key)
        assert reader.outside == []
        assert reader.errors == []
