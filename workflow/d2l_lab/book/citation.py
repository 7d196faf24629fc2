"""Write the citation of the project in CITATION.cff as BibTeX."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from d2l_lab.errors import LabError
from d2l_lab.store.code import ROOT
from d2l_lab.tables import printed

CITATION = ROOT.parent / "CITATION.cff"
TYPES = {"software": "software", "book": "book"}  # BibTeX's types, by those in a CFF
REQUIRED = ("title", "authors", "version", "date-released", "license")
SPECIAL = re.compile(r"[&%$#_{}]")


def read() -> dict[str, Any]:
    """Read CITATION.cff; raise `LabError` if it is not YAML, or lacks a key that is used."""
    citation = printed.read(CITATION)
    for key in REQUIRED:
        if not (isinstance(citation, dict) and citation.get(key)):
            raise LabError(f"{CITATION}: {key} is missing; add it")
    return citation


def entries(citation: Mapping[str, Any], url: str = "") -> list[str]:
    """Write a BibTeX entry for the project and for each of its references.

    Parameters
    ----------
    citation : mapping
        The content of CITATION.cff.
    url : str
        The project's address, if it is known.
    """
    project = {**citation, "url": citation.get("repository-code", url)}
    return [*map(bibtex, [project, *citation.get("references", [])])]


def bibtex(reference: Mapping[str, Any]) -> str:
    """Write a BibTeX entry for a reference in a CFF."""
    year = str(reference.get("year") or reference["date-released"])[:4]
    publisher = reference.get("publisher", {}).get("name", "")
    fields = {
        "author": " and ".join(map(_author, reference["authors"])),
        "title": f"{{{_plain(reference['title'])}}}",  # braces keep its capitals
        "version": _plain(reference.get("version", "")),
        "year": year,
        "publisher": _plain(publisher),
        "license": _plain(reference.get("license", "")),
        "url": reference.get("url", ""),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    head = f"@{TYPES[reference['type']]}{{{_key(reference['authors'], reference['title'], year)},"
    return "\n".join([head, ",\n".join(lines), "}"])


def name(author: Mapping[str, str]) -> str:
    """Return an author's name as in a sentence."""
    return author.get("name") or f"{author['given-names']} {author['family-names']}"


def agent(author: Mapping[str, str]) -> dict[str, str]:
    """Describe an author in the terms of schema.org."""
    return {"@type": "Organization" if "name" in author else "Person", "name": name(author)}


def _author(author: Mapping[str, str]) -> str:
    if "name" in author:
        return f"{{{_plain(author['name'])}}}"  # a group has no family name
    return f"{_plain(author['family-names'])}, {_plain(author['given-names'])}"


def _key(authors: Sequence[Mapping[str, str]], title: str, year: str) -> str:
    first = authors[0].get("family-names") or title.partition(":")[0]
    return re.sub(r"\W", "_", first.lower()) + year


def _plain(text: object) -> str:
    return SPECIAL.sub(r"\\\g<0>", str(text))
