"""Include the guide in each book: the pages of `docs`, which GitHub shows as well.

Every page exists in each language, except the reference, which is generated from schemas and
docstrings in English only, and is in every book.
"""

import os
import re
import shutil
from pathlib import Path

from d2l_lab.book.sources import files_below
from d2l_lab.book.words import WORDS
from d2l_lab.store.code import ROOT

DOCS = ROOT.parent / "docs"
TRANSLATED = {"zh": DOCS / "zh"}  # the pages in languages other than English
REFERENCE = DOCS / "reference"
FOLDER = "docs"  # the folder of its pages in the site
FRONT_PAGE = Path("index.md")
# A block of code, which contains no links; or a link, except one around a picture.
LINK = re.compile(
    r"^```.*?^```$|(?<!!)\[(?P<text>[^]]+)\]\((?P<to>[^)\s]+)\)", re.MULTILINE | re.DOTALL
)
ELSEWHERE = re.compile(r"https?:|#")
TITLE = re.compile(r"^# .*$", re.MULTILINE)


def language_of(path: Path) -> str:
    """Return the language of a file of `docs`."""
    found = (code for code, folder in TRANSLATED.items() if path.is_relative_to(folder))
    return next(found, "en")


def place(path: Path) -> Path:
    """Return the path of a file of `docs` in the guide of its language."""
    return path.relative_to(TRANSLATED.get(language_of(path), DOCS))


def sources(language: str) -> list[Path]:
    """List the files of the guide in a language."""
    return [
        path
        for path in files_below(DOCS)
        if language_of(path) == language or path.is_relative_to(REFERENCE)
    ]


def write(source: Path, language: str) -> None:
    """Write the guide to the source of the site."""
    for path in sources(language):
        in_site = source / FOLDER / place(path)
        in_site.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            in_site.write_text(page(path, language), "utf-8")
        else:
            shutil.copyfile(path, in_site)


def page(path: Path, language: str) -> str:
    """Return the text of a page for the site; a page that is only in English says so."""
    text = LINK.sub(lambda link: link_in_site(link, path), path.read_text("utf-8"))
    if place(path) == FRONT_PAGE:
        return text + contents(text)
    if language_of(path) != language:
        return TITLE.sub(lambda title: f"{title[0]}\n\n{WORDS[language]['in English']}", text, 1)
    return text


def link_in_site(link: re.Match, page: Path) -> str:
    """Return a link as it must be in the site.

    Files outside of the guide are not in the site, and another language has a button, so links to
    these become plain text.
    """
    to = link["to"]
    if to is None or ELSEWHERE.match(to):
        return link[0]
    file, *anchor = to.partition("#")
    target = Path(os.path.normpath(page.parent / file))
    if not target.is_relative_to(DOCS) or (target != page and place(target) == place(page)):
        return link["text"]
    path = Path(os.path.relpath(place(target), place(page).parent))
    return f"[{link['text']}]({path.as_posix()}{''.join(anchor)})"


def contents(text: str) -> str:
    """Return the hidden table of contents of the guide's front page."""
    pages = [
        f"{link['text']} <{link['to'].removesuffix('.md')}>"
        for link in LINK.finditer(text)
        if link["to"] and re.fullmatch(r"[a-z-]+/\S+\.md", link["to"])
    ]
    return "\n".join(["\n```{toctree}", ":hidden:", "", *dict.fromkeys(pages), "```\n"])
