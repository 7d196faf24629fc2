"""Every part of the notes is covered."""

import re

import pytest

from checkout import ROOT
from d2l_lab.book.sections import SECTIONS, sections_of
from d2l_lab.claims.all import CLAIMS
from d2l_lab.config import modules

HEADINGS = re.findall(
    r"^#+ ([\d.]*\d)\.? *(.+)$", (ROOT / "tests/data/headings.md").read_text("utf-8"), re.MULTILINE
)
CLAIMED = {claim.section for claim in CLAIMS}
STUDIES = {path.stem for path in (ROOT / "workflow/d2l_lab/studies").glob("[a-z]*.py")} - {"given"}


def test_the_sections_are_those_of_the_notes():
    assert len(HEADINGS) == 30
    for section, (number, heading) in zip(SECTIONS, HEADINGS, strict=True):
        assert section.number == number
        # The notes have no spaces around words in Latin letters.
        assert section.zh.replace(" ", "").lower() == heading.lower()


@pytest.mark.parametrize(("number", "heading"), HEADINGS)
def test_every_heading_of_the_notes_has_a_model_a_study_or_a_claim(number, heading):
    (section,) = [section for section in SECTIONS if section.number == number]
    assert section.modules or section.studies or number in CLAIMED


def test_every_model_and_study_belongs_to_a_section_and_every_named_one_exists():
    assert {module for section in SECTIONS for module in section.modules} == {*modules()}
    assert {study for section in SECTIONS for study in section.studies} == STUDIES


def test_every_claim_belongs_to_a_section():
    assert {section.number for section in SECTIONS} >= CLAIMED


def test_a_study_knows_its_sections():
    assert sections_of("selection") == ["4.4.2"]
