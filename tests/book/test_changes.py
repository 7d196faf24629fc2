"""The page that compares a run with the shipped configuration."""

import re

import pytest

from d2l_lab.book import page as module
from d2l_lab.book.exercises import LANGUAGES
from d2l_lab.book.numbers import PLUS_MINUS as PM
from d2l_lab.book.page import Page
from d2l_lab.book.words import WORDS

MARKUP = '<b title="x">'
TABLES = {
    "changes": """\
key,shipped,yours
models.narrow.epochs,10,20
models.narrow.hidden_units,256,"[256,128]"
models.narrow.learning_rate,0.123456,null
models.mine,,{}
""".format("x" * 200),
    "changes_models": """\
stage,model,device,state,shipped_as
train,narrow,cpu,compared,narrow
train,wide,cpu,missing,wide
kfold,wide,cpu,missing,wide
train,mine,cpu,new,
train,007,cpu,renamed,plain
train,,,left out,deep
""",
    "changes_metrics": """\
stage,model,device,metric,shipped,yours,difference,ci_low,ci_high,n,paired,share,detectable
train,narrow,cpu,test_loss,0.5,0.4,-0.1,-0.12,-0.08,5,True,0.2,0.03
train,narrow,cpu,train_running_loss,0.5,0.4,-0.7,-0.8,-0.6,5,True,0,0.03
train,narrow,cpu,test_accuracy,0.8,,,,,5,False,,
""",
}


@pytest.fixture
def show(tmp_path, monkeypatch):
    """Show the page of these tables, in a language, as text."""
    (tmp_path / "tables").mkdir()

    def show(language="en", **tables):
        for name, text in tables.items():
            (tmp_path / f"tables/{name}.csv").write_text(text, "utf-8")
        found = []
        monkeypatch.setattr(module, "display", lambda thing: found.append(thing.data))
        Page(tmp_path, language).changes()
        return "\n".join(found)

    return show


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_in_a_sentence_that_nothing_has_changed(show, language):
    assert show(language) == f'<p class="note">{WORDS[language]["changed nothing"]}</p>'


def test_changes_are_written_as_in_the_configuration(show):
    rows = re.findall("<tr>(<td>.*?)</tr>", show(**TABLES))
    cells = [re.findall("<td>(.*?)</td>", row) for row in rows]
    assert cells[0] == ["models.narrow.epochs", "10", "20"]
    assert cells[1][1:] == ["256", "[256,128]"]
    assert cells[2][1:] == ["0.123456", "null"]
    assert cells[3][1:] == ["", "x" * module.LONGEST + "…"]
    assert [*zip(*cells[4:], strict=True)][1:] == [
        ("0.5", "0.4", f"-0.100{PM}0.020", "0.2", "0.03", "5 pairs"),
        ("0.8", "–", "–", "–", "–", "5"),
    ]
    told = show(**TABLES)
    assert '<th scope="col">narrow, cpu</th><th scope="col">test loss</th>' in told
    assert "training loss" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_model_left_out_of_the_comparison_has_one_reason(show, language):
    told = show(language, **TABLES)
    names = {"missing": "wide", "new": "mine", "renamed": "007", "left out": "deep"}
    for state, model in names.items():
        text = WORDS[language][f"changed {state}"].format(models=f"<code>{model}</code>")
        assert f'<p class="note">{text}</p>' in told
    assert "make compare A=default TRAIN=yes" in told


def test_values_of_tables_are_shown_as_text_never_as_markup(show):
    quoted = MARKUP.replace('"', '""')
    tables = {
        name: re.sub(r"narrow|mine|007", lambda _: f'"{quoted}"', text.replace("models.", ""))
        for name, text in TABLES.items()
    }
    tables["changes"] = f'key,shipped,yours\n"{quoted}","{quoted}","{quoted}"\n'
    told = show(**tables)
    assert told.count("&lt;b title=&quot;x&quot;&gt;") >= 6
    assert MARKUP not in told
