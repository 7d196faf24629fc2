"""Notebooks and tables become pages; how the site is built is in tests/workflow/test_book.py."""

import json
import re

import nbformat
import pandas as pd

from d2l_lab.book import site
from d2l_lab.book.page import CAPTION


def test_a_tables_page_holds_every_value_and_no_markup_of_it(tmp_path):
    table = pd.DataFrame({"</script><b>": ["<!-- </script>", None], "x": [0.25, 1e-20]})
    table.to_csv(tmp_path / "capacity.csv", index=False)
    (tmp_path / "source").mkdir()
    (listed,) = site.write_tables([tmp_path / "capacity.csv"], tmp_path / "source", "en")
    assert (listed["name"], listed["rows"]) == ("capacity", 2)
    page = (tmp_path / "source/tables/capacity.md").read_text("utf-8")
    (data,) = re.findall(r'id="rows">(.*?)</script>', page)
    assert "<" not in data
    assert json.loads(data)["columns"] == ["</script><b>", "x"]
    assert json.loads(data)["rows"] == [["<!-- </script>", 0.25], [None, 1e-20]]


def test_a_page_shows_each_output_by_itself_and_each_figure_with_its_caption(tmp_path):
    new = nbformat.v4
    picture = {"image/svg+xml": {"alt": "a", "caption": "c"}}
    outputs = [
        new.new_output("display_data", {"image/svg+xml": "<svg/>"}, metadata=picture),
        new.new_output("display_data", {"text/markdown": "c"}, metadata={"text/markdown": CAPTION}),
        new.new_output("display_data", {"text/html": "<p>"}),
    ]
    text = "[one](tables/one.md) and [two](tables/two.md)"
    cells = [
        new.new_code_cell("page = 1", metadata={"tags": ["setup"]}),
        new.new_markdown_cell(text),
        new.new_code_cell("page.figure()", outputs=outputs),
    ]
    nbformat.write(new.new_notebook(cells=cells), tmp_path / "index.ipynb")
    (tmp_path / "source/tables").mkdir(parents=True)
    (tmp_path / "source/tables/one.md").touch()
    site.write_pages([tmp_path / "index.ipynb"], tmp_path / "source")
    words, figure, html, contents = nbformat.read(tmp_path / "source/index.ipynb", 4).cells
    assert words.source == "[one](tables/one.md) and two"
    assert figure.metadata.mystnb == {"image": {"alt": "a"}, "figure": {"caption": "c"}}
    assert html.outputs[0].data == {"text/html": "<p>"}
    assert contents.source.startswith("```{toctree}")


def test_the_entrance_leads_to_each_language(tmp_path):
    site.write_entrance(tmp_path, ["en", "zh"])
    page = (tmp_path / "index.html").read_text("utf-8")
    assert 'navigator.language.startsWith("zh") ? "zh" : "en"' in page
    assert re.findall(r'href="(.*?)">(.*?)<', page) == [
        ("en/index.html", "English"),
        ("zh/index.html", "中文"),
    ]
    assert (tmp_path / ".nojekyll").exists()
