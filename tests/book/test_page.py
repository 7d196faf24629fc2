"""A notebook shows results in the reader's language."""

import re

import pandas as pd
import pytest

from d2l_lab.book import page as module
from d2l_lab.book.exercises import LANGUAGES
from d2l_lab.book.page import Page, as_html, excerpt
from d2l_lab.book.words import WORDS

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


MEASURES = """\
model,device,metric,mean,sd,ci_low,ci_high,n,diverged
narrow,cpu,{},0.8,0.01,0.78,0.82,5,0
"""
TABLES = {
    "models": """\
model,device,module,dataset,hidden_units,features,epochs,batch_size,optimizer,learning_rate
narrow,cpu,mlp.scratch,fashion_mnist,4.0,,3,64,sgd,0.1
""",
    "summary": MEASURES.format("test_accuracy"),
    "kfold_summary": MEASURES.format("validation_accuracy"),
    "claims": """\
id,section,kind,verdict,see,relation,threshold,evidence,ci_low,ci_high,n,\
assertion_zh,assertion_en,setting,setting_zh,test,test_zh,reason
a,3.1,estimated,does not hold,b,>=,0.5,0.4,0.3,0.45,5,学习率重要,The rate <matters>,own,自己的,\
a ratio,比值,
c,3.1,finding of ours,does not hold,,<=,1.0,,,,3,我们的,Ours,own,自己的,a ratio,比值,
b,3.2,estimated,not decided,,<=,1.0,,,,3,其他,Other,own,自己的,a ratio,比值,\
rests on a model that diverged: narrow
""",
    "jobs_timing": "stage,seconds,cpu,platform,python\ntrain,61.2,C,P,3.11\ntables,3.0,C,P,3.11\n",
    "capacity": "x\n" + "1\n" * 100,
}
FIGURES = {"training_narrow": "<svg>narrow</svg>", "training_narrow_other": "<svg>another</svg>"}
CHINESE = {name: text.replace(">", ">窄 ", 1) for name, text in FIGURES.items()}


@pytest.fixture
def results(tmp_path):
    """Results of one model on one device."""
    given = {"tables/{}.csv": TABLES, "figures/{}.svg": FIGURES, "figures/zh/{}.svg": CHINESE}
    for folder, texts in given.items():
        for name, text in texts.items():
            path = tmp_path / folder.format(name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def shown(monkeypatch):
    """The displayed outputs, as text."""
    found = []

    def display(thing, **about):
        text = thing if isinstance(thing, dict) else thing.data
        found.append((text, about.get("metadata")))

    monkeypatch.setattr(module, "display", display)
    return found


def text_of(shown):
    return "\n".join(str(text) for text, _ in shown)


@pytest.mark.parametrize(
    ("language", "count", "why"),
    [
        ("en", "2 of 5 diverged", "rests on a model that diverged: narrow"),
        ("zh", "5 次中有 2 次发散", "所依据的模型已发散：narrow"),
    ],
)
def test_a_page_says_which_models_have_diverged(results, shown, language, count, why):
    table = TABLES["summary"].replace("0.8,0.01,0.78,0.82,5,0", ",,,,5,2")
    (results / "tables/summary.csv").write_text(table)
    page = Page(results, language)
    for show in (lambda: page.measured("mlp.scratch"), page.headlines):
        shown.clear()
        show()
        assert count in text_of(shown)
        assert text_of(shown).count("<code>narrow</code>") == 1
        assert 'href="tables/diverged.html"' in text_of(shown)
    page.claims("3.2")
    assert why in text_of(shown)


def test_a_figure_is_shown_with_its_caption_which_is_also_its_description(results, shown):
    Page(results, "zh").curves("training", "mlp.scratch")
    (picture, about), (caption, mark) = shown
    assert picture["image/svg+xml"] == "<svg>窄 narrow</svg>"
    assert about["image/svg+xml"]["caption"] == caption
    assert caption.startswith(
        "``narrow`` 在 ``fashion_mnist`` 上的训练：3 个迭代周期，批量大小 64，"
    )
    assert mark == {"text/markdown": module.CAPTION}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_how_to_get_what_is_missing(results, shown, language):
    page = Page(results, language)
    page.figure("capacity")
    page.table("softmax")
    page.curves("training", "mlp.concise")
    page.settings("mlp.concise")
    page.measured("mlp.concise")
    for name, (text, _) in zip(["capacity", "softmax", *["mlp.concise"] * 3], shown, strict=True):
        assert name in text
        assert "config.yaml" in text
    shown.clear()
    page.figure("benchmark_training")
    page.table("benchmark_runs")
    assert ["make bench" in text for text, _ in shown] == [True, True]
    assert "config.yaml" not in text_of(shown)


def test_measurements_are_shown_side_by_side_with_their_intervals(results, shown):
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
    cells = ["module", "mlp.scratch", "dataset", "fashion_mnist", "hidden_units", "4"]
    cells += ["epochs", "3", "batch_size", "64", "optimizer", "sgd", "learning_rate", "0.1"]
    found = re.findall("<td>(.*?)</td>", text_of(shown))
    assert [cell.replace("<wbr>", "") for cell in found] == cells


def test_a_claim_has_its_evidence_and_verdict_in_the_language_of_the_page(results, shown):
    Page(results, "en").claims("3.1")
    text = text_of(shown)
    assert "The rate &lt;matters&gt;" in text
    assert 'class="verdict does-not-hold">does not hold' in text
    assert "≥\u00a00.5" in text
    assert text.count("The rate") == 1
    shown.clear()
    Page(results, "zh").claims("3.1")
    assert "测量内容：</b>比值" in text_of(shown)
    assert "设置：</b>自己的" in text_of(shown)
    assert "不成立" in text_of(shown)


def test_verdicts_are_counted_by_section_without_our_own_findings(results, shown):
    Page(results, "en").verdicts()
    rows = re.findall("<tr>(<td>.*?)</tr>", text_of(shown))
    counts = [re.findall(r"<td>(\d+)</td>", row) for row in rows]
    assert counts == [["0", "1", "0"], ["0", "0", "1"], ["0", "1", "1"]]
    assert re.findall('href="(.*?)">(3.*?) ', text_of(shown)) == [
        ("#claims-3.1", "3.1"),
        ("#claims-3.2", "3.2"),
    ]


def test_means_are_shown_side_by_side_for_all_models(results, shown):
    rows = [f"{model},cpu,{name},0.8,0.7,0.9" for model in "abc" for name in ("Coat", "Bag")]
    table = "\n".join(["model,device,name,mean,ci_low,ci_high", *rows])
    (results / "tables/confusion_classes.csv").write_text(table)
    Page(results, "en").by_model("confusion_classes", "name")
    text = text_of(shown)
    assert re.findall("<th.*?>(.)</th>", text) == [*"abc"]
    assert re.findall("<td>(Coat|Bag)</td>", text) == ["Coat", "Bag"]
    assert text.count("0.80\u00a0±\u00a00.10") == 6


@pytest.mark.parametrize(("language", "coat", "other"), [("en", "Coat", "7"), ("zh", "外套", "7")])
def test_words_in_a_table_are_in_the_language_of_the_page(results, shown, language, coat, other):
    rows = "label,name,count\n0,Coat,5\n1,7,5\n"
    (results / "tables/images.csv").write_text(rows)
    Page(results, language).table("images")
    assert f"<td>{coat}</td>" in text_of(shown)
    assert f"<td>{other}</td>" in text_of(shown)


def test_a_table_contains_its_own_caption(results, shown):
    Page(results, "en").table("capacity")
    figure, _, _ = text_of(shown).partition("</figure>")
    assert figure.startswith('<figure class="tabled" id="table-capacity"><figcaption>Training and')
    assert "</table>" in figure


def test_a_long_table_is_cut_and_says_so(results, shown):
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
        ("figure", MARKUP),  # missing
    ],
)
def test_text_from_a_result_is_shown_as_text_never_as_markup(results, shown, method, argument):
    for name, columns in MARKED.items():
        path = results / "tables" / f"{name}.csv"
        pd.read_csv(path).assign(**dict.fromkeys(columns, MARKUP)).to_csv(path, index=False)
    pd.DataFrame({MARKUP: [MARKUP]}).to_csv(results / "tables/capacity.csv", index=False)
    getattr(Page(results, "en"), method)(*filter(None, [argument]))
    assert "&lt;b title=&quot;x&quot;&gt;" in text_of(shown).replace("<wbr>", "")
    assert MARKUP not in text_of(shown)


def test_the_total_time_of_all_jobs_is_shown(results, shown):
    Page(results, "en").took()
    told = "2 jobs, 1 min 4 s of work in all; training and cross-validation took 1 min 1 s"
    assert told in text_of(shown)


def test_code_is_an_excerpt_of_its_module(shown):
    assert excerpt(SOURCE, "LENGTH") == "LENGTH = 3"
    short = '@decorated\ndef f(x):\n    """Do it."""\n    return x  # the whole of it'
    assert excerpt(SOURCE, "f") == short
    assert excerpt(SOURCE, "A.step") == "def step(self):\n    return 1"
    with pytest.raises(LookupError, match="no g"):
        excerpt(SOURCE, "g")
    Page(".", "en").code("models.mlp.scratch", "net")
    assert shown[0][0].startswith("```python\ndef net(")


def test_a_captions_markup_becomes_html():
    assert as_html("a < b, ``see`` *this*") == "a &lt; b, <code>see</code> <em>this</em>"


# They translate what is English in the results or the code; English needs fewer of them, or none.
TRANSLATIONS = {"code", "columns", "data table", "values"}


def entries(words: dict) -> dict[str, set[str]]:
    """Return the fields of each text, and of those in it, by its name."""
    named = {}
    for name, text in words.items():
        nested = entries(text) if isinstance(text, dict) else {}
        named |= {f"{name}: {inner}": fields for inner, fields in nested.items()}
        named[name] = set(re.findall(r"{(\w+)}", text)) if isinstance(text, str) else set()
    return named


def test_both_languages_have_the_same_words():
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    english, chinese = (
        entries({name: WORDS[language][name] for name in WORDS["en"].keys() - TRANSLATIONS})
        for language in LANGUAGES
    )
    assert english == chinese


def test_learned_weights_are_shown_next_to_the_true_ones(results, shown):
    rows = [f"narrow,cpu,{n},w[0],{2 + n / 10},2.0" for n in (-1, 0, 1)]
    text = "\n".join(["model,device,replicate,parameter,learned,true", *rows, ""])
    (results / "tables/parameters.csv").write_text(text)
    Page(results, "en").weights("mlp.scratch")
    assert re.findall("<td>(.*?)</td>", text_of(shown))[:2] == ["w[0]", "2"]
    assert "2.00\u00a0±\u00a00.25" in text_of(shown)


def test_a_card_links_to_a_page_and_is_left_out_if_its_result_was_not_run(results, shown):
    says = "{% if claims.b.open %}**Open?** It is.{% endif %}"
    page = Page(results, "en")
    page.cards("training_narrow", "mlp", says, "missing", "mlp", says)
    assert text_of(shown).count("<a href=") == 1
    assert (
        '<a href="mlp.html"><img data-figure="training_narrow" src="data:image/svg+xml;base64,'
        in text_of(shown)
    )
    assert "<p><strong>Open?</strong> It is.</p>" in text_of(shown)
    shown.clear()
    page.cards("training_narrow", "mlp", "{{ rates.best }}")
    page.say("{{ rates.best }}")
    assert shown == []


def test_code_of_the_project_is_folded(shown):
    Page(".", "zh").engine("models.mlp.scratch", "net")
    (text, mark) = shown[0]
    assert text.startswith("::::{dropdown} 本项目")
    assert "def net(" in text
    assert mark == {"text/markdown": module.SAID}


def test_the_tables_of_an_explorer_go_to_the_page_unless_one_is_missing(results, shown):
    page = Page(results, "en")
    page.explore("activations", "capacity", "nothing")
    assert shown == []
    (results / "tables/small.csv").write_text("x,name\n0.123456789012,a\n,b\n")
    page.explore("activations", "small")
    ((data, about),) = shown
    assert data["application/json"] == {"small": {"x": [0.12345679, None], "name": ["a", "b"]}}
    assert about == {"application/json": {"explore": "activations"}}
