"""What a notebook shows of results, in the reader's language."""

import re

import numpy as np
import pandas as pd
import pytest

from d2l_lab.book import page as module
from d2l_lab.book.page import Page, as_html, excerpt
from d2l_lab.book.words import WORDS
from d2l_lab.store.code import ROOT

SOURCE = '''
LENGTH = 3


@decorated
def f(x):
    """Do it.

    Parameters
    ----------
    x : int
    """
    return x  # the whole of it


class A:
    """An A."""

    def step(self):
        return 1
'''


@pytest.fixture
def results(tmp_path):
    """Results of one model on one device."""
    tables, figures = tmp_path / "tables", tmp_path / "figures"
    tables.mkdir()
    figures.mkdir()
    place = {"model": ["narrow"], "device": ["cpu"]}
    models = {"module": ["mlp.scratch"], "dataset": ["fashion_mnist"], "hidden_units": [4.0]}
    pd.DataFrame(place | models | {"features": [np.nan]}).to_csv(tables / "models.csv", index=False)
    numbers = {"mean": [0.8], "sd": [0.01], "ci_low": [0.78], "ci_high": [0.82], "n": [5]}
    for name, metric in (("summary", "test_accuracy"), ("kfold_summary", "validation_accuracy")):
        table = pd.DataFrame(place | {"metric": [metric]} | numbers)
        table.to_csv(tables / f"{name}.csv", index=False)
    claims = {
        "id": ["a", "b"],
        "section": ["3.1", "3.2"],
        "assertion_zh": ["学习率重要", "其他"],
        "assertion_en": ["The rate <matters>", "Other"],
        "setting": ["own", "own"],
        "setting_zh": ["自己的", "自己的"],
        "test": ["a ratio", "a ratio"],
        "test_zh": ["比值", "比值"],
        "relation": [">=", "<="],
        "threshold": [0.5, 1.0],
        "evidence": [0.4, np.nan],
        "ci_low": [0.3, np.nan],
        "ci_high": [0.45, np.nan],
        "verdict": ["does not hold", "not decided"],
        "see": ["b", np.nan],
    }
    pd.DataFrame(claims).to_csv(tables / "claims.csv", index=False)
    jobs = {"stage": ["train", "tables"], "seconds": [61.2, 3.0], "cpu": "C", "platform": "P"}
    pd.DataFrame(jobs | {"python": "3.11"}).to_csv(tables / "jobs_timing.csv", index=False)
    (figures / "training_narrow.svg").write_text("<svg>narrow</svg>")
    (figures / "training_narrow_other.svg").write_text("<svg>of another model</svg>")
    return tmp_path


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, as text."""
    found = []

    def display(thing, **about):
        text = thing if isinstance(thing, dict) else thing.data
        found.append((text, about.get("metadata")))

    monkeypatch.setattr(module, "display", display)
    return found


def text_of(shown):
    return "\n".join(str(text) for text, _ in shown)


def test_a_figure_is_shown_with_its_caption_which_describes_it_too(results, shown):
    Page(results, "zh").curves("training", "mlp.scratch")
    (picture, about), (caption, mark) = shown
    assert picture["image/svg+xml"] == "<svg>narrow</svg>"
    assert about["image/svg+xml"]["caption"] == caption
    assert caption == (ROOT / "report/zh/training_curves.rst").read_text("utf-8").strip()
    assert mark == {"text/markdown": module.CAPTION}


@pytest.mark.parametrize("language", WORDS)
def test_of_what_is_missing_the_page_says_how_to_get_it(results, shown, language):
    page = Page(results, language)
    page.figure("capacity")
    page.curves("training", "mlp.concise")
    page.table("softmax")
    page.settings("mlp.concise")
    page.measured("mlp.concise")
    missing = ["capacity", "mlp.concise", "softmax", "mlp.concise", "mlp.concise"]
    for name, (text, _) in zip(missing, shown, strict=True):
        assert name in text
        assert "config.yaml" in text
    shown.clear()
    page.figure("benchmark_training")
    page.table("benchmark_runs")
    for text, _ in shown:
        assert "make bench" in text
        assert "config.yaml" not in text
    assert len(shown) == 2


def test_measurements_stand_beside_each_other_with_their_intervals(results, shown):
    Page(results, "en").measured("mlp.scratch")
    text = text_of(shown)
    assert "narrow, cpu" in text
    assert text.count("0.800\u00a0±\u00a00.020") == 2
    shown.clear()
    Page(results, "zh").headlines()
    assert "测试精度" in text_of(shown)
    assert text_of(shown).count("0.800\u00a0±\u00a00.020") == 2


def test_settings_are_written_as_in_the_configuration(results, shown):
    Page(results, "en").settings("mlp.scratch")
    cells = re.findall("<td>(.*?)</td>", text_of(shown))
    assert cells == [
        *("module", "mlp.scratch", "dataset", "fashion_mnist", "hidden_units", "4"),
    ]


def test_a_claim_has_its_evidence_and_verdict_in_the_language(results, shown):
    Page(results, "en").claims("3.1")
    text = text_of(shown)
    assert "The rate &lt;matters&gt;" in text
    assert 'class="verdict does-not-hold">does not hold' in text
    assert "but see <code>b</code>" in text
    assert "≥\u00a00.5" in text
    assert "Other" not in text
    shown.clear()
    Page(results, "zh").claims("3.1")
    assert "自己的：比值" in text_of(shown)
    assert "不成立" in text_of(shown)


def test_verdicts_are_counted_by_section(results, shown):
    Page(results, "en").verdicts()
    rows = re.findall("<tr>(<td>.*?)</tr>", text_of(shown))
    counts = [re.findall(r"<td>(\d+)</td>", row) for row in rows]
    assert counts == [["0", "1", "0"], ["0", "0", "1"], ["0", "1", "1"]]


def test_a_long_table_is_cut_and_says_so(results, shown):
    pd.DataFrame({"x": range(100)}).to_csv(results / "tables/capacity.csv", index=False)
    Page(results, "en").table("capacity")
    assert text_of(shown).count("<tr>") == module.ROWS + 1
    assert f"The first {module.ROWS} of 100 rows" in text_of(shown)


MARKUP = '<b title="x">'
MARKED = {  # the columns of text in each table
    "models": ["model", "device", "dataset"],
    "summary": ["model", "device"],
    "kfold_summary": ["model", "device"],
    "claims": ["id", "assertion_en", "setting", "test", "see"],
    "jobs_timing": ["cpu", "platform", "python"],
}


@pytest.mark.parametrize(
    ("method", "argument"),
    [
        ("settings", "mlp.scratch"),  # a head and a cell
        ("measured", "mlp.scratch"),  # a head and a label
        ("headlines", None),
        ("took", None),
        ("claims", "3.1"),
        ("table", "capacity"),
        ("figure", MARKUP),  # which is missing
    ],
)
def test_what_a_result_says_is_shown_as_text_never_as_markup(results, shown, method, argument):
    for name, columns in MARKED.items():
        path = results / "tables" / f"{name}.csv"
        pd.read_csv(path).assign(**dict.fromkeys(columns, MARKUP)).to_csv(path, index=False)
    pd.DataFrame({MARKUP: [MARKUP]}).to_csv(results / "tables/capacity.csv", index=False)
    getattr(Page(results, "en"), method)(*filter(None, [argument]))
    assert "&lt;b title=&quot;x&quot;&gt;" in text_of(shown)
    assert MARKUP not in text_of(shown)
    assert "<b" not in text_of(shown).replace("<br>", "")


def test_the_time_of_all_jobs_is_told(results, shown):
    Page(results, "en").took()
    assert "2 jobs, 1 min 4 s of work in all; training and cross-validation took 1 min 1 s" in (
        text_of(shown)
    )


def test_code_is_cut_out_of_its_module(shown):
    assert excerpt(SOURCE, "LENGTH") == "LENGTH = 3"
    assert excerpt(SOURCE, "f").splitlines() == [
        "@decorated",
        "def f(x):",
        '    """Do it."""',
        "    return x  # the whole of it",
    ]
    assert excerpt(SOURCE, "A.step") == "def step(self):\n    return 1"
    with pytest.raises(LookupError, match="no g"):
        excerpt(SOURCE, "g")
    Page(".", "en").code("models.mlp.scratch", "net")
    assert shown[0][0].startswith("```python\ndef net(")


def test_a_captions_marks_become_html():
    assert as_html("a < b, ``see`` *this*") == "a &lt; b, <code>see</code> <em>this</em>"


def test_both_languages_have_the_same_words():
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    for name, text in WORDS["en"].items():
        if isinstance(text, str):
            fields = set(re.findall(r"{(\w+)}", text))
            assert fields == set(re.findall(r"{(\w+)}", WORDS["zh"][name]))
