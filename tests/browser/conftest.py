"""A real Chromium, and the book that it opens."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser.checks import Reader
from checkout import Checkout

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",  # the sandbox needs rights that containers and root do not have
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


expect.set_options(timeout=30_000)  # milliseconds, on a busy machine


@pytest.fixture(params=["en", pytest.param("zh", marks=pytest.mark.thorough)])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="package")
def book(published: Checkout) -> Path:
    return published.path / "results" / "book"


# Not one for the session: while Playwright runs, no other test can use asyncio.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(NAMES)} found; install the Debian package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=ARGUMENTS,
            ignore_default_args=["--hide-scrollbars"],  # a test checks that they are visible
        )
        yield browser
        browser.close()


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Reader]:
    with chromium.new_context(offline=True, reduced_motion="reduce") as context:
        yield Reader(context.new_page())
