"""Figures and tables are numbered by section, and links lead to them."""

import nbformat

from d2l_lab.book.references import References, anchor, figure_number

WORDS = {"figure": "Figure {number}.", "table": "Table {number}."}
TABLE = '<figure class="tabled" id="table-t"><figcaption>How far.</figcaption></figure>'


def figure(name):
    return f"{anchor(f'figure-{name}')}\n\n{figure_number(f'figure-{name}')} caption"


def page(*cells):
    new = nbformat.v4
    made = [
        new.new_code_cell("", outputs=[new.new_output("display_data", {"text/html": cell})])
        if cell.startswith(("<figure", "<p"))
        else new.new_markdown_cell(cell)
        for cell in cells
    ]
    return new.new_notebook(cells=made)


def resolved(**pages):
    references = References(pages, ["whole"], WORDS)
    shown = {}
    for name, notebook in pages.items():
        references.resolve(name, notebook)
        shown[name] = [cell.source or cell.outputs[0].data["text/html"] for cell in notebook.cells]
    return shown


def test_figures_and_tables_are_numbered_within_their_section():
    headings = "## 3.1 Linear regression", "### 3.7.2 Softmax"
    shown = resolved(
        page=page(headings[0], figure("a"), TABLE, figure("b"), headings[1], figure("c"))
    )
    _, first, table, second, _, third = shown["page"]
    assert "**Figure 3.1.1.** caption" in first
    assert "<figcaption><strong>Table 3.1.1.</strong> How far." in table
    assert "**Figure 3.1.2.** caption" in second
    assert "**Figure 3.7.2.1.** caption" in third


def test_a_link_shows_the_number_and_leads_to_the_page_or_is_plain_text():
    link = "see [the figure](#figure-a), [no](#figure-gone)"
    shown = resolved(
        devices=page(figure("a")),
        section=page("## 3.1 Here", figure("a"), link),
        other=page(link, '<p><a href="#csv-whole">whole</a> <a href="#csv-no">no</a></p>'),
    )
    assert shown["section"][2] == 'see <a href="#figure-a">Figure 3.1.1</a>, no'
    assert shown["other"][0] == 'see <a href="section.html#figure-a">Figure 3.1.1</a>, no'
    assert shown["other"][1] == '<p><a href="tables/whole.html">whole</a> no</p>'


def test_a_claim_is_found_on_its_page_and_from_the_page_of_all_claims():
    claim = '<p id="claim-a">'
    references = References(
        {"section": page("## 3.1 Here", claim, '<p id="claims-3.1">')}, [], WORDS
    )
    assert references.in_html("index", '<a href="#claims-3.1">3.1</a>') == (
        '<a href="section.html#claims-3.1">3.1</a>'
    )
    assert (
        references.in_html("tables/claims", '<a href="#claim-a">a</a>')
        == '<a href="#claim-a">a</a>'
    )
    assert references.in_html("tables/claims", '<a href="#claims-3.1">read</a>') == (
        '<a href="../section.html#claims-3.1">read</a>'
    )
