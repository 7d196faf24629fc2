"""The page of published numbers."""

import re

import pytest

from d2l_lab.book import page as module
from d2l_lab.book.exercises import LANGUAGES
from d2l_lab.book.page import Page
from d2l_lab.book.sentences import fill_in
from d2l_lab.book.words import WORDS

HEAD = "source,section,module,quantity,epoch,published,verdict,reason,model,device"
HEAD += ",mean,ci_low,ci_high,low,high,in_interval_of_mean,n,covers,factor,quote,link"
OURS = "net,cpu,0.82,0.81,0.83,0.7,0.9,True,5,c"
NOTHING = ",,,,,,,,5,"
ROWS = [
    f"tang,3.6,m,test_accuracy,5,0.830,within,,{OURS},1.0,q,https://a/b",
    f"tang,3.7,m,train_running_loss,5,0.0019,within,,{OURS},0.004,q,l",
    f"tang,3.7,m,true - b,3,0.0010,above,,{OURS},1.0,q,l",
    f"tang,4.2,m,test_loss,5,0.850,settings differ,never shuffled; momentum,{NOTHING},1.0,q,l",
    f"tang,4.3,m,test_accuracy,5,0.818,impossible,training examples,{NOTHING},1.0,q,l",
]
SOURCES = """\
source,author,work,kind,url,numbers,quote
tang,<Tang> & others,A work,translation,https://a,5,
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/published.csv").write_text("\n".join([HEAD, *ROWS]), "utf-8")
    (tmp_path / "tables/published_sources.csv").write_text(SOURCES, "utf-8")
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_is_shown_as_printed_with_its_verdict_and_source(folder, language, monkeypatch):
    shown = []
    monkeypatch.setattr(module, "display", lambda thing: shown.append(thing.data))
    Page(folder, language).published()
    told, words = "\n".join(shown).replace("<wbr>", ""), WORDS[language]
    cells = [re.findall("<td>(.*?)</td>", row) for row in re.findall("<tr>(<td>.*?)</tr>", told)]
    assert [row[1] for row in cells] == ["0.830", "0.0019", "0.0010", "0.850", "0.818"]
    verdicts = [row[2] for row in cells]
    assert verdicts[:3] == [words["printed within"]] * 2 + [words["printed above"]]
    never = words["printed reasons"]["never shuffled"]
    assert verdicts[3].startswith(words["printed settings differ"])
    assert never in verdicts[3]
    assert words["printed reasons"]["training examples"] in verdicts[4]
    assert cells[0][3:5] == ["[0.700, 0.900]", "0.8200\u00a0±\u00a00.0100"]
    assert cells[0][5] == '<a href="https://a/b">&lt;Tang&gt; &amp; others</a>'
    assert cells[3][3:5] == ["–", "–"]


def test_sentences_count_the_verdicts_and_vanish_if_nothing_is_judged(folder):
    text = "{{ published.judged }} {{ published.within }} {{ published.outside | length }}"
    text += " {{ published.averaged[0].published }} {{ published.impossible[0].reason }}"
    assert fill_in(text, folder / "tables") == "3 2 1 0.0019 training examples"
    file = folder / "tables/published.csv"
    file.write_text(file.read_text("utf-8").replace("within", "below"), "utf-8")
    assert fill_in(text, folder / "tables").startswith("3 0 3")
    file.write_text("\n".join([HEAD, ROWS[3]]), "utf-8")
    assert fill_in(text, folder / "tables") == ""
