"""Notebooks and tables become pages; tests/workflow/test_book.py builds the site."""

import json
import re
import zlib
from base64 import b64decode, b64encode

import nbformat
import pandas as pd

from book.test_claim_blocks import CLAIM
from d2l_lab.book import site
from d2l_lab.book.page import CAPTION, SAID
from d2l_lab.book.references import References
from d2l_lab.tables.embedded import embed

NO_REFERENCES = References({}, [], {})


def test_a_tables_page_has_every_value_and_no_markup_from_it(tmp_path):
    table = pd.DataFrame({"</script><b>": ["<!-- </script>", None], "x": [0.25, 1e-20]})
    table.to_csv(tmp_path / "capacity.csv", index=False)
    (tmp_path / "source").mkdir()
    (listed,) = site.write_tables(
        [tmp_path / "capacity.csv"], tmp_path / "source", "en", NO_REFERENCES
    )
    assert (listed["name"], listed["rows"]) == ("capacity", 2)
    page = (tmp_path / "source/tables/capacity.md").read_text("utf-8")
    (text,) = re.findall(r'id="rows">([^<]*)</script>', page)
    data = json.loads(zlib.decompress(b64decode(text)))
    assert data["columns"] == ["</script><b>", "x"]
    assert data["rows"] == [["<!-- </script>", 0.25], [None, 1e-20]]
    assert 'href="capacity.csv"' in page


def test_a_long_text_in_a_table_is_cut_on_its_page():
    table = pd.DataFrame({"pixels": ["A" * 500, "whole", None], "x": [1, 2, 3]})
    shown = site.without_long_texts(table)
    assert shown["pixels"].tolist()[:2] == ["A" * 20 + "…", "whole"]
    assert shown["x"].tolist() == [1, 2, 3]


def test_a_picture_on_a_card_becomes_a_file_that_other_pages_share(tmp_path):
    svg = b64encode(b"<svg/>").decode()
    image = f'<img data-figure="f" src="data:image/svg+xml;base64,{svg}" alt="">'
    output = nbformat.v4.new_output("display_data", {"text/html": f"<a>{image}</a>"})
    (tmp_path / "figures").mkdir()
    cell = nbformat.v4.new_code_cell("page.cards()", outputs=[output])
    (shown,) = site.as_page(nbformat.v4.new_notebook(cells=[cell]), tmp_path).cells
    assert shown.outputs[0].data["text/html"] == (
        '<a><img loading="lazy" src="_images/f.svg" alt=""></a>'
    )
    assert (tmp_path / "figures/f.svg").read_text() == "<svg/>"


def test_a_page_shows_each_output_separately_and_each_figure_with_its_caption(tmp_path):
    new = nbformat.v4
    picture = {"image/svg+xml": {"name": "f", "alt": 'a "b": c', "caption": "It falls."}}
    outputs = [
        new.new_output("display_data", {"image/svg+xml": "<svg/>"}, metadata=picture),
        new.new_output("display_data", {"text/markdown": "c"}, metadata={"text/markdown": CAPTION}),
        new.new_output("display_data", {"text/html": "<p>"}),
    ]
    text = "[one](tables/one.md), [two](tables/two.md), [here](index.ipynb), [no](speed.ipynb)"
    cells = [
        new.new_code_cell("page = 1", metadata={"tags": ["setup"]}),
        new.new_markdown_cell(text),
        new.new_code_cell("page.figure()", outputs=outputs),
    ]
    nbformat.write(new.new_notebook(cells=cells), tmp_path / "index.ipynb")
    (tmp_path / "source").mkdir()
    site.write_pages([tmp_path / "index.ipynb"], tmp_path / "source", "en", ["one"])
    words, figure, html, contents = nbformat.read(tmp_path / "source/index.ipynb", 4).cells
    assert words.source == "[one](tables/one.md), two, [here](index.ipynb), no"
    assert (tmp_path / "source/figures/f.svg").read_text() == "<svg/>"
    assert r':alt: "a \"b\": c"' in figure.source
    assert figure.source.endswith("**Figure 1.** It falls.\n```")
    assert html.outputs[0].data == {"text/html": "<p>"}
    assert contents.source.startswith("```{toctree}")
    assert "benchmarks" not in contents.source


def test_the_page_of_claims_has_blocks_by_section_in_one_language(tmp_path):
    claims = pd.DataFrame([CLAIM, {**CLAIM, "id": "b", "section": "3.2", "verdict": "holds"}])
    claims.to_csv(tmp_path / "claims.csv", index=False)
    (tmp_path / "source").mkdir()
    site.write_tables([tmp_path / "claims.csv"], tmp_path / "source", "zh", NO_REFERENCES)
    page = (tmp_path / "source/tables/claims.md").read_text("utf-8")
    assert re.findall("^## (.*)", page, re.MULTILINE) == ["3.1 线性回归", "3.2 线性回归的从零实现"]
    assert page.count("学习率重要") == 2
    assert "The rate matters" not in page
    assert re.findall(r'value="([\w-]+)"', page) == ["holds", "does-not-hold"]


def test_the_entry_page_links_to_each_language(tmp_path):
    site.write_entrance(tmp_path, ["en", "zh"])
    page = (tmp_path / "index.html").read_text("utf-8")
    assert 'navigator.language.startsWith("zh") ? "zh" : "en"' in page
    assert re.findall(r'href="(.*?)">(.*?)<', page) == [
        ("en/index.html", "English"),
        ("zh/index.html", "中文"),
    ]
    assert (tmp_path / ".nojekyll").exists()


def test_the_404_page_links_to_the_site_or_finds_the_top_of_the_book(tmp_path):
    site.write_entrance(tmp_path, ["en", "zh"], "https://example.org/lab/")
    page = (tmp_path / "404.html").read_text("utf-8")
    assert re.findall('href="(.*?)"', page) == [
        "https://example.org/lab/en/index.html",
        "https://example.org/lab/zh/index.html",
    ]
    assert "<script" not in page
    site.write_entrance(tmp_path, ["en", "zh"])
    page = (tmp_path / "404.html").read_text("utf-8")
    assert re.findall('href="(.*?)"', page) == ["en/index.html", "zh/index.html"]
    assert "<script" in page


def test_code_of_the_notes_comes_before_its_output_and_sentences_become_text(tmp_path):
    new = nbformat.v4
    printed = new.new_output("stream", name="stdout", text="1\n")
    said = new.new_output(
        "display_data", {"text/markdown": "So."}, metadata={"text/markdown": SAID}
    )
    cells = [
        new.new_code_cell("print(1)", metadata={"tags": ["code"]}, outputs=[printed]),
        new.new_code_cell("page.say('So.')", outputs=[said]),
    ]
    code, output, text = site.as_page(new.new_notebook(cells=cells), tmp_path).cells
    assert code.source == "```python\nprint(1)\n```"
    assert output.outputs == [printed]
    assert (text.cell_type, text.source) == ("markdown", "So.")


def test_the_values_of_figures_are_in_scripts_next_to_the_page_and_not_in_its_pictures(tmp_path):
    new = nbformat.v4
    picture = {"image/svg+xml": {"name": "f", "alt": "a", "caption": "It falls."}}
    svg = embed("<svg>\n</svg>", {"panels": [{"title": "<"}]})
    about = {"application/json": {"explore": "activations"}}
    outputs = [
        new.new_output("display_data", {"image/svg+xml": svg}, metadata=picture),
        new.new_output("display_data", {"application/json": {"t": {"x": [1]}}}, metadata=about),
    ]
    cells = [new.new_code_cell("page.figure()", outputs=outputs)]
    nbformat.write(new.new_notebook(cells=cells), tmp_path / "index.ipynb")
    source = tmp_path / "source"
    source.mkdir()
    site.write_pages([tmp_path / "index.ipynb"], source, "en", [])
    figure, explored, _ = nbformat.read(source / "index.ipynb", 4).cells
    assert (source / "figures/f.svg").read_text() == "<svg>\n</svg>"
    assert ":figclass: to-touch" in figure.source
    assert 'data-name="activations"' in explored.source
    scripts = {path.name: path.read_text() for path in (source / "beside/_figures").iterdir()}
    assert scripts == {
        "f.js": 'addFigure("f", {"panels":[{"title":"<"}]});\n',
        "explore_activations.js": 'addFigure("explore_activations", {"t":{"x":[1]}});\n',
    }
