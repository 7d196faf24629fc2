"""The documents are consistent: links work, generated pages are current, both languages agree."""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from checkout import ROOT, tracked_files
from d2l_lab.book import guide
from d2l_lab.book.page import read_caption
from d2l_lab.tools import reference
from documents import anchors, documents, in_english, links, outline, read

OUTSIDE = re.compile(r"https://[\w.-]+\.[a-z]+(/[\w./#?=%-]*)?")
ON_GITHUB = "../../actions/"  # on the repository's web page, not in the checkout


@pytest.mark.parametrize("document", documents())
def test_every_link_leads_to_an_existing_file_and_heading(document):
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


def of_the_guide(language):
    return [path.relative_to(ROOT).as_posix() for path in guide.sources(language)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_the_guide_is_listed_on_its_front_page(language):
    pages = {each for each in of_the_guide(language) if each.endswith(".md")}
    (front,) = (each for each in pages if each.endswith("index.md"))
    listed = {os.path.normpath(Path(front).parent / link) for link in links(front)}
    assert pages - listed == {front}


CHINESE = ["README.zh.md", *(each for each in of_the_guide("zh") if "/zh/" in each)]


def test_every_page_of_the_guide_exists_in_chinese():
    pages = {each for each in of_the_guide("en") if each.endswith(".md")}
    translated = {each for each in pages if not each.startswith("docs/reference/")}
    assert {in_english(each) for each in CHINESE} == {*translated, "README.md"}


@pytest.mark.parametrize("document", CHINESE)
def test_a_chinese_page_has_the_structure_code_and_links_of_the_english_one(document):
    """A changed command or a new paragraph must be in both languages."""
    chinese, english = outline(document), outline(in_english(document))
    assert chinese.structure == english.structure
    assert chinese.code == english.code
    assert chinese.links == english.links


def test_the_generated_pages_are_current():
    for name, text in reference.pages().items():
        path = f"docs/reference/{name}.md"
        assert read(path) == text, f"{path}: not current; run make docs"


def test_the_reference_describes_the_tables_and_not_the_figures_of_the_same_names():
    said = read("docs/reference/tables.md")
    captions = sorted((ROOT / "workflow/report").glob("*_table.rst"))
    assert captions
    for path in captions:
        name = path.stem.removesuffix("_table")
        if f"\n## {name}\n" in said:
            assert f"## {name}\n\n{read_caption(path.stem, 'en')}\n" in said, name


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


def test_on_the_site_a_link_out_of_the_guide_becomes_its_text_and_code_stays(tmp_path):
    text = "[in](keys.md#top) [out](../../README.md)\n```md\n[out](../../README.md)\n```\n"
    page = guide.DOCS / "explanation/design.md"
    changed = guide.LINK.sub(lambda link: guide.link_in_site(link, page), text)
    assert changed == "[in](keys.md#top) out\n```md\n[out](../../README.md)\n```\n"
    guide.write(tmp_path, "en")
    front = (tmp_path / "docs/index.md").read_text("utf-8")
    assert " <tutorial/first-run>\nSweep settings <how-to/sweep>\n" in front
    assert "available in Chinese" in front  # a button leads there, not a link
    assert not (tmp_path / "docs/zh").exists()


def test_the_chinese_guide_mirrors_the_english_paths_and_has_the_reference_in_english(tmp_path):
    guide.write(tmp_path / "zh", "zh")
    guide.write(tmp_path / "en", "en")
    chinese, english = (
        {path.relative_to(tmp_path / each) for path in (tmp_path / each).rglob("*.md")}
        for each in ("zh", "en")
    )
    assert chinese == english
    tables = (tmp_path / "zh/docs/reference/tables.md").read_text("utf-8")
    assert "\n# Tables\n\n本页由源代码自动生成" in tables
    sweep = (tmp_path / "zh/docs/tutorial/first-run.md").read_text("utf-8")
    assert "[参考](../reference/tables.md)" in sweep
    assert "[扫描超参数](../how-to/sweep.md)" in sweep


def test_all_metadata_files_describe_the_project_alike():
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
