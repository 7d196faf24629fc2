"""The guide: the pages of `docs`, which GitHub shows as they are, as a part of the English book."""

import os
import re
import shutil
from pathlib import Path

from d2l_lab.book.sources import files_below
from d2l_lab.store.code import ROOT

GUIDE = ROOT.parent / "docs"
LANGUAGE = "en"  # it is written in English alone
FOLDER = "docs"  # of its pages in the site
# A block of code, in which nothing is a link; or a link, but not the one around a picture.
LINK = re.compile(
    r"^```.*?^```$|(?<!!)\[(?P<text>[^]]+)\]\((?P<to>[^)\s]+)\)", re.MULTILINE | re.DOTALL
)
ELSEWHERE = re.compile(r"https?:|#")


def sources() -> list[Path]:
    """List the files of the guide."""
    return files_below(GUIDE)


def write(source: Path) -> None:
    """Copy the guide into the source of the site, and let its front page lead to its pages.

    What lies outside of it is not in the site: a link to such a file becomes its text.
    """
    shutil.copytree(GUIDE, source / FOLDER)
    for path in sources():
        if path.suffix != ".md":
            continue
        text = LINK.sub(lambda link, page=path: in_site(link, page), path.read_text("utf-8"))
        (source / FOLDER / path.relative_to(GUIDE)).write_text(text + contents(path), "utf-8")


def in_site(link: re.Match, page: Path) -> str:
    """Return a link as the site has it."""
    to = link["to"]
    if to is None or ELSEWHERE.match(to):
        return link[0]
    target = Path(os.path.normpath(page.parent / to.partition("#")[0]))
    return link[0] if target.is_relative_to(GUIDE) else link["text"]


def contents(page: Path) -> str:
    """Return the table of contents that the front page of the guide has in the site, hidden."""
    if page != GUIDE / "index.md":
        return ""
    links = (link["to"] for link in LINK.finditer(page.read_text("utf-8")))
    pages = [to.removesuffix(".md") for to in links if to and re.fullmatch(r"[a-z-]+/\S+\.md", to)]
    return "\n".join(["\n```{toctree}", ":hidden:", "", *dict.fromkeys(pages), "```\n"])
