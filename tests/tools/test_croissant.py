"""The archive's descriptions of datasets satisfy Croissant 1.0, and are true."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from rdflib import Dataset, Namespace, URIRef

from checkout import ROOT
from d2l_lab.book import citation
from d2l_lab.config import validate
from d2l_lab.pipeline.plan import make_plan
from d2l_lab.store import provenance
from d2l_lab.store.lineage import lineage
from d2l_lab.tools import croissant
from d2l_lab.tools.crate import RunCrate
from shown import write_all

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))
SCHEMA = json.loads((ROOT / "tests/data/croissant.schema.json").read_text("utf-8"))
SCHEMA_ORG = Namespace("https://schema.org/")
DATE = "2026-11-28T10:00:00+00:00"
NAMES = ["fashion_mnist", "linear", "polynomial"]


def described(config=CONFIG):
    """Describe the datasets of a run in the current folder."""
    plan = write_all(make_plan(config))
    records = lineage(result.folder for result in plan.shown)
    return {
        path.name.partition(".")[0]: json.loads(text)
        for path, text in croissant.descriptions(plan, records, DATE).items()
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("run"))
        yield described()


def test_all_three_datasets_are_described_as_the_format_requires(told):
    assert [*told] == NAMES
    for each in told.values():
        jsonschema.validate(each, SCHEMA)
        assert [records["name"] for records in each["recordSet"]] == ["train", "test"]


def test_generated_data_are_cited_as_this_project(told):
    ours, *_ = citation.entries(citation.read())
    assert (told["linear"]["citeAs"], told["polynomial"]["citeAs"]) == (ours, ours)
    assert told["linear"]["creator"][0]["@type"] == "Organization"
    assert told["fashion_mnist"]["citeAs"].startswith("@article{xiao2017fashion, ")


def test_a_person_may_be_the_author_of_a_fork(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    person = {"given-names": "Ada", "family-names": "Lovelace"}
    own = citation.read() | {"authors": [person]}
    monkeypatch.setattr(citation, "read", lambda: own)
    plan = write_all(make_plan(CONFIG))
    records = lineage(result.folder for result in plan.shown)
    crate = RunCrate(plan, records)
    expected = {"@type": "Person", "name": "Ada Lovelace"}
    (author,) = crate.crate.root_dataset["author"]
    assert {key: author[key] for key in expected} == expected
    linear = json.loads(crate.datasets[Path("datasets/linear.croissant.json")])
    assert linear["creator"] == [expected]
    assert "author = {Lovelace, Ada}" in linear["citeAs"]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_named_with_its_checksum_and_every_reference_leads_to_one(told, name):
    files = {file["@id"]: file for file in told[name]["distribution"]}
    for file in files.values():
        path = Path(file["contentUrl"])
        assert provenance.describe(path)["sha256"] == file["sha256"]
    for records in told[name]["recordSet"]:
        for field in records["field"]:
            assert field["source"]["fileObject"]["@id"] in files


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # a warning of rdflib about itself
def test_a_description_is_a_dataset_with_files_as_linked_data(told):
    graph = Dataset(default_union=True).parse(
        data=json.dumps(told["fashion_mnist"]), format="json-ld"
    )
    (dataset,) = graph.subjects(URIRef("http://purl.org/dc/terms/conformsTo"), None)
    assert len([*graph.objects(dataset, SCHEMA_ORG.distribution)]) == 8
    assert len([*graph.objects(dataset, URIRef("http://mlcommons.org/croissant/recordSet"))]) == 2


def test_other_files_in_place_of_fashion_mnist_do_not_get_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    digests = dict.fromkeys(croissant.fashion_mnist.FILES, "0" * 64)
    config = CONFIG | {"datasets": {"fashion_mnist": {"sha256": digests}}}
    assert [*described(validate(config))] == NAMES[1:]
