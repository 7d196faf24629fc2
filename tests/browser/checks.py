"""Checks of a page of the book in Chromium; each lists the faults that it finds."""

import re
from collections.abc import Sequence
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request
from playwright.sync_api import TimeoutError as TooLate

DESK = {"width": 1400, "height": 900}
WIDTHS = (1400, 1920, 360)  # a laptop, a desktop and a phone
PHONE = {"width": 360, "height": 844}
SCHEMES = ("light", "dark")
# axe-core's rules on colours; its other findings are the same in the light and dark themes.
OF_COLOURS = ("color-contrast", "link-in-text-block")
OF_THE_DISK = ("file:", "data:", "blob:")


class Reader:
    """Opens pages, and records their requests and errors."""

    patience = 10_000  # milliseconds for MathJax and DataTables after a page is loaded

    def __init__(self, page: Page):
        self.page = page
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._request)
        page.on("requestfailed", lambda request: self.errors.append(f"not loaded: {request.url}"))
        page.on("pageerror", lambda error: self.errors.append(f"a script failed: {error}"))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))

    def _request(self, request: Request) -> None:
        if not request.url.startswith(OF_THE_DISK):
            self.outside.append(request.url)

    def open(self, path: Path, width: int = DESK["width"]) -> None:
        """Open a page in the light theme, on a wide screen if no width is given."""
        self.page.set_viewport_size(DESK | {"width": width})
        self.page.emulate_media(color_scheme="light")
        self.outside.clear()
        self.errors.clear()
        self.page.goto(path.as_uri())


def faults(
    reader: Reader,
    book: Path,
    path: Path,
    schemes: Sequence[str] = SCHEMES,
    widths: Sequence[int] = WIDTHS,
) -> dict[str, list[str]]:
    """Load a page once and run every check on it; return the faults by check.

    Colours and axe-core's rules are checked in these schemes, and what is cut off on screens of
    these widths.
    """
    page = reader.page
    reader.open(path, *widths[:1])
    found = {
        "formulas": formulas(page, reader.patience),
        "table": table(page, reader.patience),
        "images": images(page),
        "links": links(page, book),
        "languages": languages(page, book),
    }
    for scheme in schemes:
        found[scheme] = colours(page, scheme)
        found[f"axe in the {scheme}"] = accessibility(page, scheme)
    for width in widths:
        found[f"at {width}"] = layout(page, width)
    found |= {"outside": reader.outside, "errors": reader.errors}
    return {check: wrong for check, wrong in found.items() if wrong}


def formulas(page: Page, patience: int) -> list[str]:
    """Find formulas that are not typeset, or only partly."""
    return page.evaluate(FORMULAS, patience)


# MathJax's promise may never resolve if a part of MathJax is missing.
FORMULAS = r"""async (patience) => {
  const late = new Promise((resolve) => setTimeout(resolve, patience));
  const formulas = [...document.querySelectorAll(".math")];
  if (formulas.length) await Promise.race([window.MathJax?.startup?.promise, late]);
  const faulty = (formula) =>
    !formula.querySelector("mjx-container svg") ||
    formula.querySelector("[data-mml-node=merror], [data-mjx-error], mjx-merror, [fill=red]");
  const text = document.querySelector("article, main, body").cloneNode(true);
  text.querySelectorAll("code, pre, script, style").forEach((element) => element.remove());
  return [
    ...formulas.filter(faulty).map((formula) => formula.textContent.trim().slice(0, 80)),
    ...(text.textContent.match(/\\[([].{0,40}|\$\$.{0,40}/g) || []),
  ];
}"""


def table(page: Page, patience: int) -> list[str]:
    """Report a page of a table without its interactive table."""
    if not page.locator("#table").count():
        return []
    try:
        page.locator("#table[data-ready] tbody tr").first.wait_for(timeout=patience)
    except TooLate:
        return ["it has no rows"]
    return []


def images(page: Page) -> list[str]:
    """Find images that do not load or have no size."""
    return page.evaluate(IMAGES)


IMAGES = """async () => {
  const broken = await Promise.all([...document.images].map(async (image) => {
    image.loading = "eager";
    const decoded = await image.decode().then(() => true, () => false);
    return decoded && image.naturalWidth > 0 ? null : image.src;
  }));
  return broken.filter((source) => source !== null);
}"""


def links(page: Page, book: Path) -> list[str]:
    """Find links and downloads that lead nowhere or to a file outside the book."""
    return [link for link in sorted(set(page.evaluate(LINKS))) if not resolves(link, book)]


LINKS = """() => [...document.querySelectorAll("a[href], link[href]")].map(
  (link) => new URL(link.getAttribute("href"), document.baseURI).href)"""


def resolves(link: str, book: Path) -> bool:
    """Return whether a link leads to a file of the book that has its anchor."""
    url = urlsplit(link)
    if url.scheme in ("http", "https"):
        return True  # links to the web are not followed: the tests have no network
    path = Path(unquote(url.path))
    there = url.scheme == "file" and path.is_relative_to(book) and path.is_file()
    return there and (not url.fragment or unquote(url.fragment) in anchors(path))


@cache
def anchors(path: Path) -> set[str]:
    """Read the anchors of a page."""
    names = re.findall(r'\s(?:id|name)="([^"]+)"', path.read_text("utf-8"))
    return {unescape(name) for name in names}


def languages(page: Page, book: Path) -> list[str]:
    """Report a page in the wrong language, or whose link to the other language is wrong."""
    language, *name = Path(unquote(urlsplit(page.url).path)).relative_to(book).parts
    (other,) = {"en", "zh"} - {language}
    written, linked = page.evaluate(LANGUAGES)
    expected = [book.joinpath(other, *name).as_uri()]
    found = [] if written.startswith(language) else [f"the page calls itself {written!r}"]
    return found if linked == expected else [*found, f"the language link leads to {linked}"]


LANGUAGES = """() => [
  document.documentElement.lang,
  [...document.querySelectorAll("a[hreflang]")].map((link) => link.href)]"""


def colours(page: Page, scheme: str) -> list[str]:
    """Report a page that does not follow the system's light or dark scheme."""
    page.emulate_media(color_scheme=scheme)
    theme, behind, text = page.evaluate(COLOURS)
    found = [] if theme == scheme else [f"the theme is {theme!r}"]
    right = behind > 230 and text < 90 if scheme == "light" else behind < 40 and text > 180
    return found if right else [*found, f"brightness of background {behind}, of text {text}"]


# During a transition, colours belong to neither scheme.
COLOURS = r"""async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  const moving = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  moving.forEach((transition) => transition.finish());
  const brightness = (colour) => {
    const [red, green, blue, opaque = 1] = colour.match(/[\d.]+/g).map(Number);
    return opaque ? Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue) : 255;
  };
  const style = getComputedStyle(document.body);
  return [
    document.documentElement.dataset.theme,
    brightness(style.backgroundColor),
    brightness(getComputedStyle(document.querySelector("main")).color)];
}"""


def accessibility(page: Page, scheme: str) -> list[str]:
    """Find faults that axe-core calls serious or critical; in the dark scheme, only of colours."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(ACCESSIBILITY, [scheme == "light", OF_COLOURS])
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in violations
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


# To read style sheets axe would fetch them, which a browser refuses for files. Checking contrast
# takes most of the time, so it is done for the first of several elements that look alike.
ACCESSIBILITY = """async ([isWhole, ofColours]) => {
  const options = { resultTypes: ["violations"], preload: false };
  const seen = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    const hasText = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!hasText || element.closest("svg")) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const parents = [element, element.parentElement, element.parentElement.parentElement];
    const look = [color, fontSize, fontWeight, ...parents.map((each) => each?.className)].join();
    element.toggleAttribute("data-first", !seen.has(look));
    seen.add(look);
  }
  const first = { include: [["[data-first]"]] };
  const rules = Object.fromEntries(ofColours.map((rule) => [rule, { enabled: false }]));
  const found = await axe.run(first, { ...options, runOnly: ofColours });
  const rest = isWhole ? await axe.run(document, { ...options, rules }) : { violations: [] };
  return [...found.violations, ...rest.violations];
}"""


def layout(page: Page, width: int) -> list[str]:
    """Find elements that are cut off, hidden or wider than a screen of some width."""
    page.set_viewport_size(DESK | {"width": width})
    return page.evaluate(LAYOUT)


# A scroll bar is visible if it takes up space; a phone shows its scroll bar only in use.
LAYOUT = r"""async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  const root = document.documentElement;
  const about = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const styles = new Map();
  const style = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const found = [];
  const VISIBLE = {
    contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true };

  const scale = document.querySelector("meta[name=viewport]")?.content ?? "";
  if (!scale.includes("width=device-width")) found.push("the page is not scaled to a phone");
  if (root.scrollWidth > root.clientWidth) {
    const scrolls = (element) => style(element).overflowX !== "visible";
    const inside = (element) => element && (scrolls(element) || inside(element.parentElement));
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) =>
        element.getBoundingClientRect().right > root.clientWidth + 1 &&
        !inside(element.parentElement));
    found.push(`${root.scrollWidth} pixels wide: ${wide.slice(0, 2).map(about).join(", ")}`);
  }

  // A box that cuts what is in it must show a bar to scroll it by.
  const hasBar = (box) => {
    const { overflowX, borderTopWidth, borderBottomWidth } = style(box);
    const borders = parseFloat(borderTopWidth) + parseFloat(borderBottomWidth);
    const bar = box.offsetHeight - box.clientHeight - borders;
    return ["auto", "scroll"].includes(overflowX) && bar >= 4;
  };
  const article = document.querySelector("article");
  for (const part of article?.querySelectorAll("table, img, pre, mjx-container[display]") ?? []) {
    const { width, right } = part.getBoundingClientRect();
    if (!width) continue;
    if (part.scrollWidth > part.clientWidth + 1 && !part.matches("table, img") && !hasBar(part))
      found.push(`cut: ${about(part)}`);
    for (let box = part.parentElement; box && box !== article; box = box.parentElement) {
      const edge = box.getBoundingClientRect();
      if (right <= edge.right + 1) continue;
      if (style(box).overflowX === "visible") continue;
      if (!hasBar(box)) found.push(`cut: ${about(part)} in ${about(box)}`);
      break;
    }
  }

  // What was found of a claim is seen without scrolling and without unfolding.
  const parts = ".judged .verdict, .assertion, .evidence dd";
  for (const part of article?.querySelectorAll(`.claim :is(${parts})`) ?? []) {
    const { left, right, width, height } = part.getBoundingClientRect();
    const claim = part.closest(".claim").getBoundingClientRect();
    const seen =
      part.checkVisibility(VISIBLE) &&
      part.textContent.trim() && width > 0 && height > 0 &&
      left >= claim.left && right <= claim.right + 1 && right <= root.clientWidth &&
      (part.clientWidth === 0 || part.scrollWidth <= part.clientWidth + 1);
    if (!seen) found.push(`hidden: ${about(part)}`);
  }
  for (const claim of article?.querySelectorAll(".claim") ?? []) {
    const [verdict, assertion] = [".judged .verdict", ".assertion"].map(
      (part) => claim.querySelector(part)?.getBoundingClientRect());
    if (assertion && verdict.bottom > assertion.top && verdict.right > assertion.left)
      found.push(`cut: the verdict of ${claim.id} runs into its assertion`);
  }

  // Links to the pages before and after are whole, and so are the words of headings.
  for (const link of document.querySelectorAll(".prev-next-area a"))
    if (link.scrollWidth > link.clientWidth + 1) found.push(`cut: ${about(link)}`);
  for (const heading of article?.querySelectorAll(":is(h1, h2, h3)") ?? []) {
    const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode())
      for (const word of text.data.matchAll(/[\w.]+/g)) {
        if (/[_.]./.test(word[0]) || text.parentElement.closest("code")) continue; // a name
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
        if (lines.size > 1) found.push(`cut: ${word[0]} in ${about(heading)}`);
      }
  }
  return found;
}"""
