"""The files and code that a page shows are known before it runs."""

import pytest

from d2l_lab.book.page import excerpt
from d2l_lab.book.page_requests import (
    PageRequest,
    module_file,
    page_requests,
    pages,
    required_files,
    required_sources,
)
from d2l_lab.errors import LabError


def source(tmp_path, text):
    path = tmp_path / "page.py"
    path.write_text(text)
    return path


def test_calls_of_the_page_are_found_wherever_they_are(tmp_path):
    text = 'page.claims("3.1")\nif 1:\n    page.code("models.mlp.scratch", "net")\nother.code(x)\n'
    assert page_requests(source(tmp_path, text)) == [
        PageRequest("claims", ("3.1",)),
        PageRequest("code", ("models.mlp.scratch", "net")),
    ]


def test_a_page_needs_the_files_and_sources_that_it_shows():
    requests = [PageRequest("curves", ("kfold", "mlp.scratch")), PageRequest("table", ("claims",))]
    requests += [
        PageRequest("of_datasets", ("image_grid",)),
        PageRequest("code", ("training.fit", "fit")),
    ]
    assert required_files(requests) == [
        "tables/models.csv",
        "figures/kfold_*.svg",
        "tables/claims.csv",
        "figures/*_image_grid.svg",
    ]
    names = {path.name for path in required_sources(requests, ["zh"])}
    assert names == {"fit.py", "zh.yaml", "kfold_curves.rst", "claims.rst", "image_grid.rst"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("page.figure(name)", r"line 1: page\.figure is not called with plain text, .*name them"),
        ("\npage.graph('x')", r"line 2: a page has no method graph; it has figure, curves, "),
        ("page.figure('capcity')", r"line 1: page\.figure.*: no such file .*/capcity\.rst"),
        ("page.code('models.mlp')", r"line 1: page\.code.*: no such file .*/models/mlp\.py"),
        ("page.figure(", r"page\.py: line 1: .*; fix the notebook"),
    ],
)
def test_a_request_that_cannot_be_known_or_shown_is_refused_in_one_line(tmp_path, text, complaint):
    with pytest.raises(LabError, match=complaint) as refused:
        page_requests(source(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_table_named_like_a_figure_has_its_own_caption():
    assert PageRequest("figure", ("closed_form",)).caption == "closed_form"
    assert PageRequest("table", ("closed_form",)).caption == "closed_form_table"
    assert PageRequest("table", ("summary",)).caption == "summary"


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_every_page_of_the_book_can_be_planned_and_the_code_it_shows_exists(path):
    requests = page_requests(path)
    assert requests
    for method, arguments in requests:
        for name in arguments[1:] if method == "code" else ():
            assert excerpt(module_file(arguments[0]).read_text("utf-8"), name)
