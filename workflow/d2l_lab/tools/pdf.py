"""Print the book in one language as a PDF, with a Chromium installed on this machine.

Its text can be selected and searched, links work within it, and headings are its bookmarks. It
leaves out the guide, and all browsable tables except that of the claims.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Container, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Error, sync_playwright
from pylopdf_fonts_zh_cn import sans_path

from d2l_lab.book import guide
from d2l_lab.book.addresses import addresses
from d2l_lab.book.references import CLAIMS
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import CONFIG
from d2l_lab.store import view
from d2l_lab.tools import cli, fonts

BOOK = view.RESULTS / "book"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--allow-file-access-from-files",  # to load the font
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)
AS_ROOT = "--no-sandbox"  # Chromium needs it to start as root, for instance in a container
TIMEOUT = 120_000  # milliseconds, to typeset all formulas
LEFT_OUT = (f"{guide.FOLDER}/", "tables/")
CHINESE = "U+2E80-9FFF, U+F900-FAFF, U+FF00-FFEF, U+3000-303F, U+2018-201D, U+2026"
# Each page of the site starts on a new page of paper. Chinese has the same font on every machine;
# that has no bold face, which would be drawn artificially, so colour replaces it.
STYLE = """
@font-face {
  font-family: "Book Chinese"; font-weight: 100 900; src: url("book-chinese.ttf");
  unicode-range: %s;
}
html, html[data-theme="light"] {
  --pst-font-family-base: "Book Chinese", system-ui, sans-serif;
  --pst-font-family-heading: "Book Chinese", system-ui, sans-serif;
  --pst-font-family-monospace: "Book Chinese", ui-monospace, monospace;
  font-size: 62.5%%;
  font-synthesis: none;
}
:lang(zh) strong { color: var(--pst-color-primary); }
.bd-article > section.page { break-before: page; }
.bd-article > section.page:first-child { break-before: auto; }
"""
FOOTER = (
    '<div style="width: 100%; text-align: center; font-size: 8px"><span class="pageNumber"></span>'
    "</div>"
)
TYPESET = """async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode()));
}"""


def main() -> int:
    """Run the command."""
    parser = cli.parser("pdf", __doc__)
    parser.add_argument(
        "--language", help="the book's language (default: the first configured one)"
    )
    parser.add_argument("--output", type=Path, help="the file to write (default: in results)")
    args = parser.parse_args()

    def tell() -> Iterator[str]:
        book = cli.plan(args).config["book"]
        if not book["languages"]:
            raise LabError(f"{CONFIG}: book.languages: [] means no book; name one, and run make")
        language = args.language or book["languages"][0]
        if language not in book["languages"]:
            known = " or ".join(book["languages"])
            raise LabError(f"LANGUAGE={language}: the book is not in this language; give {known}")
        output = args.output or view.RESULTS / f"d2l-lab.{language}.pdf"
        yield print_book(BOOK / language, output, addresses(book).site)

    return cli.reported(tell)


def print_book(book: Path, output: Path, site: str = "") -> str:
    """Print the site in a language.

    Parameters
    ----------
    book : Path
        A folder of the site, such as ``results/book/en``.
    output : Path
    site : str
        The address of the published book, if it is known. Links to pages that are not in the PDF
        lead there; without an address they become text.

    Returns
    -------
    str
        A message about the result.

    Raises
    ------
    LabError
        If there is no book, or no browser, or the file cannot be written.
    """
    if not (book / "index.html").is_file():
        raise LabError(f"{book}: there is no book in this language; run make, then this again")
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="d2l-lab-pdf-") as temporary:
        folder = Path(temporary)
        for path in book.iterdir():  # the files that the page shows, next to it
            (folder / path.name).symlink_to(path.absolute())
        page = folder / "whole-book.html"
        text = whole_book(book, site and f"{site}{book.name}/")
        page.write_text(text, "utf-8")
        fonts.write_truetype(Path(sans_path()), folder / "book-chinese.ttf", text)
        _print(browser, page, folder / "book.pdf")
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "book.pdf", output)
    return f"{output}: written, {output.stat().st_size / 1e6:.1f} MB"


def find_browser() -> str:
    """Find a Chromium; raise `LabError` if there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise LabError(
        f"none of {', '.join(BROWSERS)} is installed, one of which must print the PDF; install "
        "one, such as the Debian package chromium, then run this again"
    )


def whole_book(book: Path, address: str = "") -> str:
    """Join the pages of a site into one, and make links internal where possible.

    Parameters
    ----------
    book : Path
    address : str
        The address of the site in this language, ending with /, if it is known.
    """
    front = _read(book / "index.html")
    names = [*_pages(front), CLAIMS]
    pages = {name: _read(book / f"{name}.html") for name in names if _is_there(book, name)}
    head = {str(part): part for page in pages.values() for part in page.head.find_all(_is_shared)}
    for part in front.head.find_all(_is_shared):
        part.decompose()
    for part in head.values():
        front.head.append(part)
    style = front.new_tag("style")
    style.string = STYLE % CHINESE
    front.head.append(style)
    whole = _article(front)
    parts = [_section(front, name, page, pages.keys(), address) for name, page in pages.items()]
    whole.clear()
    whole.extend(parts)
    front.body.clear()
    front.body.append(whole)
    return f"<!doctype html>\n{front.html}"


def _read(path: Path) -> BeautifulSoup:
    """Read a page of the site; raise `LabError` if it is not one."""
    page = BeautifulSoup(path.read_text("utf-8", "replace"), "html.parser")
    if not (page.head and page.body and _article(page)):
        raise LabError(f"{path}: not a page of the book; delete {path.parent}, then run make")
    return page


def _article(page: BeautifulSoup) -> Tag | None:
    """Find the text of a page."""
    return page.find("article", class_="bd-article")


def _is_there(book: Path, name: str) -> bool:
    return (book / f"{name}.html").is_file()


def _pages(front: BeautifulSoup) -> Iterator[str]:
    """Yield the names of the pages in the order of the contents."""
    yield "index"
    for link in front.select("nav.bd-links a.reference.internal[href$='.html']"):
        if not link["href"].startswith(LEFT_OUT):
            yield link["href"].removesuffix(".html")


def _is_shared(part: Tag) -> bool:
    """Return whether a part of a page's head is a script or style that all pages need."""
    return (
        part.name == "script"
        and (part.get("src", "").startswith(("_static/mathjax", "_static/lab")) or not part.attrs)
    ) or (part.name == "link" and part.get("rel") == ["stylesheet"])


def _section(
    front: BeautifulSoup, name: str, page: BeautifulSoup, known: Container[str], address: str
) -> Tag:
    """Turn a page into a section of the whole book, with labels and links of its own.

    Parameters
    ----------
    front : BeautifulSoup
        Makes the section.
    name : str
        The page's name, such as ``tables/claims``.
    page : BeautifulSoup
    known : container of str
        The names of the pages in the whole book.
    address : str
        See `whole_book`.
    """
    section = front.new_tag("section", id=_place(name), attrs={"class": "page"})
    article = _article(page)
    for hidden in article.select("script, .headerlink, .choose"):
        hidden.decompose()
    for folded in article.select("details:not(.claim details)"):
        folded["open"] = ""
    folder = PurePosixPath(name).parent
    for part in article.find_all(id=True):
        part["id"] = _place(name, part["id"])
    for image in article.find_all("img", src=True):
        if not urlsplit(image["src"]).scheme:
            image["src"] = _joined(folder, image["src"])
        image["loading"] = "eager"
    for link in article.find_all("a", href=True):
        to = urlsplit(link["href"])
        if to.scheme:
            continue
        path = _joined(folder, to.path) if to.path else f"{name}.html"
        target = path.removesuffix(".html")
        if target in known:
            link["href"] = f"#{_place(target, to.fragment)}"
        elif address:
            link["href"] = urljoin(f"{address}{name}.html", link["href"])
        else:
            del link["href"]
    section.extend(list(article.contents))
    return section


def _place(name: str, within: str = "") -> str:
    """Return the label of a page, or of a place in it, in the whole book."""
    return f"page-{name.replace('/', '-')}" + (f"--{within}" if within else "")


def _joined(folder: PurePosixPath, path: str) -> str:
    """Return a path relative to the top of the book."""
    return os.path.normpath(folder / path)


def _print(browser: str, page: Path, output: Path) -> None:
    arguments = [*ARGUMENTS, *([AS_ROOT] if os.geteuid() == 0 else [])]
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=arguments)
            context = chromium.new_context(offline=True, color_scheme="light")
            context.set_default_timeout(TIMEOUT)
            tab = context.new_page()
            tab.goto(page.as_uri())
            tab.evaluate(TYPESET)
            tab.pdf(
                path=output,
                format="A4",
                margin=dict.fromkeys(("top", "bottom", "left", "right"), "18mm"),
                print_background=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=FOOTER,
                tagged=True,
                outline=True,
            )
            chromium.close()
    except Error as error:
        said = error.message.strip().splitlines()[0]
        raise LabError(f"{browser}: could not print the book: {said}") from None


if __name__ == "__main__":
    sys.exit(main())
