"""The documents are whole: their links lead somewhere, what is made is current, and all fit."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from checkout import ROOT, tracked_files
from d2l_lab.book import guide
from d2l_lab.tools import reference
from documents import anchors, documents, links, read

OUTSIDE = re.compile(r"https://[\w.-]+\.[a-z]+(/[\w./#?=%-]*)?")
ON_GITHUB = "../../actions/"  # of the repository's page, not of the checkout


@pytest.mark.parametrize("document", documents())
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(document):
    for link in links(document):
        if link.startswith(("http:", "https:")):
            assert OUTSIDE.fullmatch(link), link
            continue
        path, _, anchor = link.partition("#")
        if path.startswith(ON_GITHUB):
            continue
        target = ((ROOT / document).parent / path).resolve() if path else ROOT / document
        assert target.exists(), link
        name = target.relative_to(ROOT).as_posix()
        assert target.is_dir() or name in tracked_files(), link
        assert not anchor or anchor in anchors(name), link


def test_every_page_of_the_guide_is_listed_on_its_front_page():
    listed = {Path(link).as_posix() for link in links("docs/index.md") if ".." not in link}
    pages = {path.relative_to(guide.GUIDE).as_posix() for path in guide.GUIDE.glob("*/*.md")}
    assert listed == pages


def test_the_pages_that_are_made_are_current():
    for name, text in reference.pages().items():
        path = f"docs/reference/{name}.md"
        assert read(path) == text, f"{path}: not current; run make docs"


def test_each_key_of_the_schema_is_in_the_reference_with_its_meaning():
    schema = yaml.safe_load(read("workflow/schemas/config.schema.yaml"))
    said = re.sub(r"\s+", " ", read("docs/reference/config.md")).replace("\\|", "|")

    def check(schema):
        for key, known in schema.get("properties", {}).items():
            assert re.search(rf"[`.]{key}`|## (studies\.)?{key} ", said), key
            assert " ".join(known["description"].split()) in said, key
            check(known)

    check({"properties": {k: v for k, v in schema["properties"].items() if k != "sweeps"}})


def test_every_stage_and_every_folder_of_results_is_in_the_reference_of_the_store():
    said = read("docs/reference/store.md")
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    for stage in {*re.findall(r'stored\("(\w+)/', rules)} - {"benchmark"}:
        assert f"`{stage}`" in said, stage


def test_a_link_out_of_the_guide_becomes_its_text_in_the_site_and_code_stays(tmp_path):
    text = "[in](keys.md#top) [out](../../README.md)\n```md\n[out](../../README.md)\n```\n"
    page = guide.GUIDE / "explanation/design.md"
    changed = guide.LINK.sub(lambda link: guide.in_site(link, page), text)
    assert changed == "[in](keys.md#top) out\n```md\n[out](../../README.md)\n```\n"
    (tmp_path / "source").mkdir()
    guide.write(tmp_path / "source")
    front = (tmp_path / "source/docs/index.md").read_text("utf-8")
    assert "```{toctree}\n:hidden:\n\ntutorial/first-run\nhow-to/sweep\n" in front


def test_what_describes_the_project_to_machines_says_the_same():
    citation = yaml.safe_load(read("CITATION.cff"))
    meta = json.loads(read("codemeta.json"))
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert citation["version"] == meta["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert meta["license"] == f"https://spdx.org/licenses/{project['license']}"
    assert citation["keywords"] == meta["keywords"] == project["keywords"]
    assert citation["abstract"] == meta["description"]
    assert citation["date-released"] == meta["dateModified"]
    assert f"## {project['version']}" in read("CHANGELOG.md")
