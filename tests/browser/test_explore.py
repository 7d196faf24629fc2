"""The explorers show the results of the book, and work by keyboard and touch."""

import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.checks import PHONE, SCHEMES, Reader, accessibility
from browser.test_figures import number

NUMBER = r"[−\d.]+(?:\s×\s10[⁻\d⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"

EXPLORED = {  # the explorers that axe checks, by page
    "model_selection": ("polynomials", "playground"),
    "softmax_regression": ("weight_images",),
}


def explorer(page: Page, name: str) -> Locator:
    """Scroll an explorer into view, which starts it."""
    found = page.locator(f".explore[data-name={name}]")
    found.evaluate("(box) => box.scrollIntoView({ block: 'center' })")
    expect(found).to_have_attribute("data-ready", "yes")
    return found


def numbers(found: Locator) -> list[float]:
    """Read the numbers in its text."""
    text = found.locator(".said").inner_text().replace("x₁", "").rstrip("。.")
    return [number(each.rstrip(".")) for each in re.findall(NUMBER, text) if each != "."]


def drag(page: Page, slider: Locator, share: float) -> None:
    box = slider.bounding_box()
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * share, height, steps=4)
    page.mouse.up()


def test_sliders_show_the_fits_of_the_book(reader: Reader, book: Path, language: str):
    losses = pd.read_csv(book.parent / "tables/sample_size_degrees.csv").query("replicate == 0")
    reader.open(book / language / "model_selection.html")
    found = explorer(reader.page, "polynomials")
    degree, size = found.get_by_role("slider").all()
    drag(reader.page, degree, 0.99)
    size.focus()
    reader.page.keyboard.press("Home")
    for end in ("most", "fewest"):
        shown = numbers(found)
        wanted = losses[losses["examples"] == losses["examples"].min()]
        limit = wanted["degree"].max() if end == "most" else 0
        rows = wanted[wanted["degree"] == limit].set_index("split")["loss"]
        assert shown[:2] == [limit, losses["examples"].min()]
        assert shown[2:] == pytest.approx([rows["train"], rows["test"]], rel=1e-3)
        degree.focus()
        reader.page.keyboard.press("Home")
    assert reader.outside == []
    assert reader.errors == []


def test_the_playground_draws_the_same_samples_and_its_bias_falls(reader: Reader, book: Path):
    said = []
    for _ in range(2):
        reader.open(book / "en/model_selection.html")
        found = explorer(reader.page, "playground")
        degree = found.get_by_role("slider").first
        true = numbers(found)
        degree.focus()
        reader.page.keyboard.press("Home")
        lowest = numbers(found)
        said.append(found.locator(".said").inner_text())
        assert lowest[0] == 0
        assert true[0] == 3
        assert lowest[1] > 10 * true[1]  # bias²: large for a constant, small for a cubic
        found.get_by_role("button").click()
        assert found.locator(".said").inner_text() != said[-1]
    assert said[0] == said[1]
    assert reader.errors == []


def test_a_tangent_has_the_slope_of_the_book(reader: Reader, book: Path):
    table = pd.read_csv(book.parent / "tables/activations.csv").query("function == 'sigmoid'")
    reader.open(book / "en" / "multilayer_perceptrons.html")
    found = explorer(reader.page, "activations")
    found.get_by_role("combobox").select_option("sigmoid")
    found.get_by_role("slider").focus()
    reader.page.keyboard.press("End")
    reader.page.keyboard.press("ArrowLeft")
    last = table.iloc[-2]
    expected = [last["x"], last["value"], last["derivative"]]
    assert numbers(found) == pytest.approx(expected, rel=1e-3)


def test_the_descent_ends_where_the_book_says(reader: Reader, book: Path):
    path = pd.read_csv(book.parent / "tables/learning_rate_path.csv")
    reader.open(book / "en" / "linear_regression.html")
    found = explorer(reader.page, "learning_rate")
    rate, steps = found.get_by_role("slider").all()
    rate.focus()
    reader.page.keyboard.press("Home")
    steps.focus()
    reader.page.keyboard.press("Home")
    at, step, loss, first = numbers(found)
    assert (at, step, loss) == (path["learning_rate"].min(), 0, first)
    reader.page.keyboard.press("End")
    assert numbers(found)[1] == path["step"].max()
    assert numbers(found)[2] < first
    rate.focus()
    reader.page.keyboard.press("End")
    rates = pd.read_csv(book.parent / "tables/learning_rate.csv")
    diverges = rates.set_index("learning_rate")["diverged"].groupby(level=0).all().iloc[-1]
    assert (numbers(found)[2] > first) == diverges


def test_the_weights_form_as_measured_in_the_book(reader: Reader, book: Path, language: str):
    tables = book.parent / "tables"
    measured = pd.read_csv(tables / "weight_images.csv").set_index("epoch")
    reader.open(book / language / "softmax_regression.html")
    found = explorer(reader.page, "weight_images")
    images, epochs = found.locator("canvas"), found.get_by_role("slider")
    assert images.count() == 10
    last = images.first.evaluate("(image) => image.toDataURL()")
    epochs.focus()
    for epoch in reversed(measured.index):
        accuracy, loss, *_ = numbers(found)[epoch > 0 :]
        assert accuracy == pytest.approx(measured.loc[epoch, "test_accuracy"], abs=1e-3)
        assert loss == pytest.approx(measured.loc[epoch, "test_loss"], rel=1e-2)
        reader.page.keyboard.press("ArrowLeft")
    drag(reader.page, epochs, 0.99)
    assert images.first.evaluate("(image) => image.toDataURL()") == last
    pixels = pd.read_csv(tables / "weight_images_pixels.csv").iloc[-1]
    reds = images.last.evaluate("""(image) => [...image.getContext("2d").getImageData(
        0, 0, image.width, image.height).data].filter((_, place) => place % 4 === 0)""")
    levels = np.frombuffer(b64decode(pixels["pixels"]), np.int8)
    assert len(reds) == len(levels)
    bluest = [reds[place] for place in np.flatnonzero(levels < -100)]
    assert max(bluest) < 60 < min(reds[place] for place in np.flatnonzero(levels > 0))
    assert reader.outside == []
    assert reader.errors == []


def test_the_network_learns(reader: Reader, book: Path):
    reader.open(book / "en" / "multilayer_perceptrons.html")
    found = explorer(reader.page, "network")
    epoch, before, _ = numbers(found)
    assert epoch == 0
    train = found.get_by_role("button").first
    train.focus()
    for _ in range(4):
        reader.page.keyboard.press("Enter")
    epoch, after, right = numbers(found)
    assert epoch == 100
    assert after < before / 2
    assert right > 0.9
    assert reader.errors == []


def test_a_phone_shows_every_explorer_and_print_or_a_page_without_scripts_shows_none(
    chromium: Browser, book: Path
):
    address = (book / "en/model_selection.html").as_uri()
    with chromium.new_context(viewport=PHONE, has_touch=True, offline=True) as context:
        page = context.new_page()
        page.goto(address)
        found = explorer(page, "playground")
        slider = found.get_by_role("slider").first
        slider.tap(position={"x": 2, "y": 10})
        assert numbers(found)[0] == 0
        for part in found.locator("svg, input, button").all():
            box = part.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
        page.emulate_media(media="print")
        expect(found).to_be_hidden()
        expect(page.locator("figure img").first).to_be_visible()
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        assert page.locator(".explore").first.inner_text() == ""
        expect(page.locator("figure img[src$='sample_size.svg']")).to_be_visible()


@pytest.mark.parametrize("page_name", EXPLORED)
def test_axe_finds_nothing_serious_in_the_explorers(reader: Reader, book: Path, page_name: str):
    reader.open(book / f"en/{page_name}.html")
    page = reader.page
    for name in EXPLORED[page_name]:
        explorer(page, name)
    page.locator(".marks").first.focus()
    page.keyboard.press("ArrowRight")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert accessibility(page, scheme) == []
