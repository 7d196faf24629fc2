"""Each section links to its place in both editions of the book."""

import re

import nbformat
import pytest

from d2l_lab.book import section_links
from d2l_lab.book.addresses import UNKNOWN, Addresses, addresses
from d2l_lab.book.editions import EDITIONS
from d2l_lab.book.sections import SECTIONS
from d2l_lab.book.words import WORDS

FORMS = {
    "en": r"https://d2l\.ai/chapter_(linear-regression|linear-classification|multilayer-perceptrons)"
    r"/[a-z-]+\.html",
    "zh": r"https://zh\.d2l\.ai/chapter_(linear-networks|multilayer-perceptrons)/[a-z-]+\.html",
}
CHAPTERS = {"linear-regression": "3", "linear-classification": "4", "multilayer-perceptrons": "5"}
LAB = Addresses("https://github.com/owner/lab.git", "", "gh-pages")


def test_every_section_of_the_notes_has_its_place_in_both_editions():
    assert [*EDITIONS] == [each.number for each in SECTIONS if each.number.count(".") == 1]
    for number, editions in EDITIONS.items():
        for language, place in editions.items():
            assert re.fullmatch(FORMS[language], place.address)
        assert editions["zh"].number == number
        chapter = editions["en"].address.split("/")[3].removeprefix("chapter_")
        assert editions["en"].number.startswith(CHAPTERS[chapter])
    assert len({editions["zh"].address for editions in EDITIONS.values()}) == len(EDITIONS)


def line(language, notebooks, lab):
    text = "## 3.6 Scratch\n\nText."
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    section_links.add(page, language, WORDS[language], notebooks, lab)
    heading, shown, rest = page.cells[0].source.split("\n\n")
    assert (heading, rest) == ("## 3.6 Scratch", "Text.")
    return re.findall(r'href="(.*?)">(.*?)<', shown)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["d2l.ai, 4.4", "zh.d2l.ai, 3.6 (Chinese)"]),
        ("zh", ["《动手学深度学习》3.6", "英文版 4.4"]),
    ],
)
def test_the_edition_in_the_readers_language_comes_first(language, names):
    assert [name for _, name in line(language, {}, UNKNOWN)] == names


def test_a_notebook_runs_on_services_only_if_the_code_is_on_github():
    path = "notebooks/3.6-x.ipynb"
    links = dict(link[::-1] for link in line("en", {"3.6": path}, LAB)[2:])
    assert links == {
        "download": path,
        "Colab": f"https://colab.research.google.com/github/owner/lab/blob/gh-pages/en/{path}",
        "Binder": f"https://mybinder.org/v2/gh/owner/lab/gh-pages?labpath=en/{path}",
    }
    for lab in (UNKNOWN, LAB._replace(repository="https://git.example.org/owner/lab")):
        assert [to for to, _ in line("en", {"3.6": path}, lab)[2:]] == [path]


@pytest.mark.parametrize(
    ("repository", "site", "known"),
    [
        (None, None, ""),
        ("https://github.com/Owner/lab", None, "https://owner.github.io/lab/"),
        ("https://github.com/Owner/lab", "https://example.org/b", "https://example.org/b/"),
        ("https://git.example.org/owner/lab", None, ""),
    ],
)
def test_the_address_of_the_site_is_the_configured_one_or_that_of_github_pages(
    repository, site, known
):
    book = {"repository": repository, "site": site, "publish": {"branch": "gh-pages"}}
    branch = "gh-pages" if "github.com" in (repository or "") else ""
    assert addresses(book) == Addresses(repository or "", known, branch)
