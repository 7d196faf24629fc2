"""Snakemake's report lists figures and tables by titles and captions."""

import pytest

from d2l_lab.book.page_requests import captions
from d2l_lab.book.titles import first_sentence, title

NAMES = sorted({path.stem for path in captions("en")} - {"workflow"})  # the report's own


@pytest.mark.parametrize(
    ("name", "said"),
    [("kfold_mlp_scratch", "K-fold MLP scratch"), ("closed_form", "Closed form")],
)
def test_a_name_becomes_a_title(name, said):
    assert title(name) == said


@pytest.mark.parametrize("caption", NAMES)
def test_every_caption_begins_with_a_plain_sentence(caption):
    sentence = first_sentence(caption)
    assert sentence.endswith((".", ":"))
    assert not {*"`*\n"} & {*sentence}
    assert "(notes" not in sentence
