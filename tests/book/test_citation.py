"""The book's citation comes from CITATION.cff."""

import pytest

from d2l_lab.book import citation
from d2l_lab.errors import LabError

LAB = {
    "type": "software",
    "title": "lab: 100 % of it",
    "authors": [{"name": "The lab developers"}],
    "version": "1.2",
    "date-released": "2026-11-23",
    "license": "MIT",
}
BOOK = {
    "type": "book",
    "title": "Dive",
    "authors": [
        {"family-names": "Zhang", "given-names": "A."},
        {"family-names": "Li", "given-names": "M."},
    ],
    "year": 2023,
    "publisher": {"name": "Press"},
}


def test_a_citation_becomes_a_bibtex_entry_for_the_project_and_each_reference():
    ours, book = citation.entries({**LAB, "references": [BOOK]}, "https://lab.example")
    assert ours == (
        "@software{lab2026,\n  author = {{The lab developers}},\n"
        "  title = {{lab: 100 \\% of it}},\n  version = {1.2},\n  year = {2026},\n"
        "  license = {MIT},\n  url = {https://lab.example}\n}"
    )
    assert book == (
        "@book{zhang2023,\n  author = {Zhang, A. and Li, M.},\n  title = {{Dive}},\n"
        "  year = {2023},\n  publisher = {Press}\n}"
    )


def test_the_citation_of_this_project_has_every_field_that_an_entry_needs():
    known = citation.read()
    assert len(citation.entries(known)) == 1 + len(known["references"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("license: MIT\n", ""), "license is missing; add it"),
        (("authors:\n", "authors: [\n"), r"line \d+: .*; fix the YAML there"),
    ],
)
def test_a_slip_in_the_citation_is_told_in_one_line(tmp_path, monkeypatch, change, message):
    text = citation.CITATION.read_text("utf-8")
    monkeypatch.setattr(citation, "CITATION", tmp_path / "CITATION.cff")
    citation.CITATION.write_text(text.replace(*change), "utf-8")
    with pytest.raises(LabError, match=rf"CITATION\.cff: {message}$"):
        citation.read()
