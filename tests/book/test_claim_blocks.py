"""A claim is a block: the verdict first, the evidence visible, the rest folded."""

import re

import pandas as pd
import pytest

from d2l_lab.book.claim_blocks import VERDICTS, ClaimBlocks
from d2l_lab.book.exercises import LANGUAGES
from d2l_lab.book.words import WORDS

CLAIM = {
    "id": "rate_matters",
    "section": "3.1",
    "verdict": "does not hold",
    "assertion_zh": "学习率重要",
    "assertion_en": "The rate matters",
    "setting": "the notes' own",
    "setting_zh": "笔记自己的设置",
    "test": "a ratio",
    "test_zh": "比值",
    "relation": ">=",
    "threshold": 0.5,
    "evidence": 0.4,
    "ci_low": 0.3,
    "ci_high": 0.45,
    "n": 5,
    "tables": "learning_rate timing",
    "see": None,
    "reason": None,
}


def block(language="en", **changes):
    claims = pd.DataFrame([CLAIM | changes, CLAIM | {"id": "other", "verdict": "holds"}])
    blocks = ClaimBlocks(claims, WORDS[language], language)
    return blocks.block(blocks.by_id[changes.get("id", CLAIM["id"])])


def text_of(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", html))


def in_sight(html):
    return text_of(html.partition("<details>")[0])


def test_the_verdict_comes_first_and_the_evidence_is_not_folded():
    seen = in_sight(block())
    assert seen.startswith(" does not hold The rate matters")
    for text in ("measured 0.400", "[0.300, 0.450]", "required ≥ 0.5", "n 5", "a ratio", "own"):
        assert text in seen, text


def test_values_that_the_table_lacks_are_left_out_and_the_others_are_folded():
    assert "covers" not in block()
    told = {"covers": "the datasets", "share": 0.75, "detectable": 0.1, "p_value": 0.04}
    html = block(**told, kind="estimated", verdict_uncorrected="holds")
    folded = text_of(html.partition("<details>")[2])
    for text in ("the interval covers the datasets", "above zero 0.75", "could find 0.1", "0.04"):
        assert text in folded, text
    assert "verdict without the correction holds" in folded
    assert "the datasets" not in in_sight(html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_its_word_and_its_class(language, verdict):
    html = block(language, verdict=verdict)
    expected = f'class="verdict {verdict.replace(" ", "-")}">{WORDS[language][verdict]}<'
    assert expected in html


def test_a_finding_of_the_book_is_marked_and_an_exact_value_has_no_interval():
    marked = 'class="ours"'
    assert marked in block(kind="finding of ours")
    assert marked not in block(kind="exact")
    assert "none (exact)" in in_sight(block(kind="exact", ci_low=0.4, ci_high=0.4))


def test_the_kind_of_a_claim_on_every_case_is_no_verdict():
    folded = text_of(block(kind="not refuted", verdict="does not hold").partition("<details>")[2])
    assert "kind on every case" in folded
    assert "not refuted" not in folded


def test_a_claim_that_refers_to_another_links_to_it_and_says_what_was_found_there():
    html = block(see="other")
    assert '<a href="#claim-other">The rate matters (the notes&#x27; own)</a>' in html
    assert in_sight(html).rstrip().endswith("holds")
    assert 'href="#claim-gone"><code>gone</code>' in block(see="gone")


@pytest.mark.parametrize(
    ("language", "verdict", "word"),
    [
        ("en", "does not hold", "but see The rate matters (the"),
        ("en", "holds", "see also The rate matters (the"),
        ("zh", "not refuted", "另见 学习率重要（笔记自己的设置）"),
        ("zh", "not decided", "但请参看 学习率重要（笔记自己的设置）"),
    ],
)
def test_only_a_claim_that_is_not_upheld_is_contrasted_with_another(language, verdict, word):
    assert word in in_sight(block(language, verdict=verdict, see="other")).replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("exact", "none (exact)"),
        ("not refuted", "none (every case counts)"),
        ("finding of ours", "none"),
    ],
)
def test_a_claim_without_an_interval_says_why(kind, reason):
    seen = in_sight(block(kind=kind, ci_low=float("nan"), ci_high=float("nan")))
    assert f"95 % interval {reason} required" in seen


def test_a_claim_without_evidence_says_so():
    nothing = dict.fromkeys(("evidence", "ci_low", "ci_high"), float("nan"))
    assert "this run has no evidence" in in_sight(block(n=0, **nothing))
