"""Read the documents: their commands, their links and their recipes."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt

from checkout import ROOT, Checkout, tracked_files

FENCE = r"^(?P<indent> *)```(?P<language>\w+)\n(?P<code>.*?)^ *```$"
NEW = re.compile(r"`(?P<path>(?:workflow|docs)/[^`]+)`:\n\n$")
IN_PLACE = re.compile(
    r"^In `(?P<path>[^`]+)`, in place of the line\s+`(?P<line>[^`]+)`:\n\n$", re.MULTILINE
)
MARKDOWN = MarkdownIt("commonmark").enable("table")
SECTIONS = ("models", "datasets", "sweeps", "studies")  # in config.yaml, where recipes add entries


class Block(NamedTuple):
    """A block of code in a document, and the text before it."""

    language: str
    code: str
    before: str


def documents() -> list[str]:
    """List the documents that people read, by their paths."""
    elsewhere = ("tests/", "workflow/book/")  # the pages of the book are tested in a browser
    return [n for n in tracked_files() if n.endswith(".md") and not n.startswith(elsewhere)]


def read(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def blocks(document: str) -> Iterator[Block]:
    """List the blocks of code in a document."""
    text, start = read(document), 0
    for found in re.finditer(FENCE, text, re.MULTILINE | re.DOTALL):
        code = re.sub(rf"^{found['indent']}", "", found["code"], flags=re.MULTILINE)
        yield Block(found["language"], code, text[start : found.start()])
        start = found.end()


def commands(document: str) -> list[str]:
    """List the commands of a document, line by line."""
    shell = (block.code for block in blocks(document) if block.language == "sh")
    return [line for code in shell for line in code.splitlines()]


def without_code(text: str) -> str:
    """Remove the code from a document, since it has no links or headings."""
    return re.sub(r"`[^`\n]+`", "", re.sub(FENCE, "", text, flags=re.MULTILINE | re.DOTALL))


def links(document: str) -> list[str]:
    """List the targets of a document's links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", without_code(read(document)))


def anchors(document: str) -> set[str]:
    """List the headings of a document as GitHub names them in links."""
    headings = re.findall(r"^#+ (.*)$", re.sub(FENCE, "", read(document), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def in_english(document: str) -> str:
    """Return the English document that a Chinese one translates; others are returned unchanged."""
    return re.sub(r"^docs/zh/", "docs/", document.replace("README.zh.md", "README.md"))


class Outline(NamedTuple):
    """The parts of a document that are the same in every language: structure, code and links."""

    structure: list[tuple[str, str, str]]  # the kind of each part, its level, and code as it is
    code: set[str]  # in the text
    links: set[str]  # within the repository, to the English documents


def outline(document: str) -> Outline:
    """Outline a document."""
    tokens = MARKDOWN.parse(read(document))
    inline = [child for token in tokens for child in token.children or ()]
    return Outline(
        [(each.type, each.tag, "" if each.type == "inline" else each.content) for each in tokens],
        {each.content for each in inline if each.type == "code_inline"},
        {
            leads_to(document, each.attrs["href"])
            for each in inline
            if each.type == "link_open" and "://" not in each.attrs["href"]
        },
    )


def leads_to(document: str, link: str) -> str:
    """Return the file that a link leads to, the English one."""
    return in_english(os.path.normpath(Path(document).parent / link.partition("#")[0]))


def follow(document: str, checkout: Checkout) -> dict:
    """Follow a recipe: write its files, edit lines, and add its entries to config.yaml.

    Returns
    -------
    dict
    The entries that it adds to config.yaml.
    """
    added: dict = {}
    for block in blocks(document):
        if edit := IN_PLACE.search(block.before):
            replace_line(checkout.path / edit["path"], edit["line"], block.code)
        elif new := NEW.search(block.before):
            path = checkout.path / new["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            assert not path.exists(), f"{document}: {path} is there already"
            path.write_text(block.code, "utf-8")
        elif block.language == "yaml":
            for section, entries in yaml.safe_load(block.code).items():
                assert section in SECTIONS, f"{document}: {section}"
                added.setdefault(section, {}).update(entries)
    checkout.configure(added)
    return added


def replace_line(path: Path, line: str, code: str) -> None:
    """Replace the only such line of a file by code, at the line's indentation."""
    text = path.read_text("utf-8")
    (found,) = re.finditer(rf"^( *){re.escape(line)}$", text, re.MULTILINE)
    indented = re.sub(r"^(?=.)", found[1], code.rstrip("\n"), flags=re.MULTILINE)
    path.write_text(text[: found.start()] + indented + text[found.end() :], "utf-8")
