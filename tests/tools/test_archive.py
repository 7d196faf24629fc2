"""The archive records a run and passes its validator, or one line says why it cannot be made."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from requests_cache import CachedRequest, CachedResponse, CachedSession

from checkout import ROOT, tracked_files
from d2l_lab.errors import LabError
from d2l_lab.store import provenance, view
from d2l_lab.tools import crate
from d2l_lab.tools.archive import ARCHIVE, METADATA, archive
from disks import small_disk
from shown import make_results, run_tool

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))
NAME = "mlp_scratch"
SMALL = CONFIG | {"models": {NAME: CONFIG["models"][NAME]}, "studies": {}, "claims": False}


def checkout(path, config):
    """Make a checkout with all results and enter it; return its plan."""
    for name in tracked_files():
        if Path(name).parts[0] in {str(source) for source in crate.SOURCES} | {"envs"}:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, path / name)
    (path / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    os.chdir(path)
    return make_results(config)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A checkout with all results of a model and its archive, and its plan."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # and return at the end
        plan = checkout(folder, SMALL)
        Path("workflow/d2l_lab/__pycache__").mkdir()
        Path("workflow/d2l_lab/__pycache__/run.pyc").touch()
        said = archive(plan, ARCHIVE)
    assert said.startswith(f"{ARCHIVE}: the provenance of {len(plan.results)} results, ")
    return folder, plan


@pytest.fixture
def archived(template, monkeypatch):
    """The plan of that checkout, which is the current folder; tests only read it."""
    monkeypatch.chdir(template[0])
    return template[1]


@pytest.fixture
def plan(template, tmp_path, monkeypatch):
    """The plan of a copy of that checkout without its archive, which is the current folder."""
    folder, plan = template
    shutil.copytree(folder, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    ARCHIVE.unlink()
    return plan


def contents(path=ARCHIVE):
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def graph(path=ARCHIVE):
    """Return the archive's description of itself: its entities by name."""
    return {each["@id"]: each for each in json.loads(contents(path)[METADATA])["@graph"]}


def names(value):
    """Return the names in a reference, or in a list of them."""
    return [each["@id"] for each in (value if isinstance(value, list) else [value])]


# Contents


def test_the_archive_has_exactly_what_people_read_and_what_made_it_byte_by_byte(archived):
    held = contents()
    wanted = {str(path) for path in view.files()}
    stored = {str(result.provenance) for result in archived.results.values()}
    wanted |= {name for name in tracked_files() if name.startswith(("workflow/", "envs/"))}
    wanted |= {"Snakefile", "config.yaml", "envs/requirements.txt", "LICENSE"} | stored
    assert {name: Path(name).read_bytes() for name in wanted} == {n: held[n] for n in wanted}
    assert json.loads(held["configuration.json"]) == archived.config
    assert not [name for name in held if "__pycache__" in name]
    assert {name for name in held if name.startswith("results/store/")} == stored


def test_the_same_results_make_the_same_bytes_whenever_and_wherever(archived, tmp_path):
    shutil.copytree(".", tmp_path / "elsewhere", copy_function=shutil.copyfile)
    (tmp_path / "elsewhere" / ARCHIVE).unlink()
    answer = run_tool("archive", at=tmp_path / "elsewhere", PYTHONHASHSEED="7", TZ="Asia/Shanghai")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert (tmp_path / "elsewhere" / ARCHIVE).read_bytes() == ARCHIVE.read_bytes()


def test_every_job_is_described_with_its_times_tool_inputs_and_outputs(archived):
    told = graph()
    for result in archived.results.values():
        job, folder = told[f"#job/{result.reference}"], result.folder
        record = provenance.read(folder)
        assert job["@type"] == "CreateAction"
        assert names(job["instrument"]) == [f"workflow/d2l_lab/stages/{result.stage}.py"]
        assert job["startTime"] == record["started"]
        lasted = datetime.fromisoformat(job["endTime"]) - datetime.fromisoformat(job["startTime"])
        assert lasted.total_seconds() == pytest.approx(record["seconds"], abs=1)
        assert record["cpu"] in job["description"]
        inputs = [f"{given.folder}/" for role in result.inputs.values() for given in role]
        assert (names(job["object"]) if inputs else []) == inputs
        first, *shown = names(job["result"])
        assert first == f"{folder}/"
        is_book = result.stage == "book"
        assert shown == ([f"results/book/{result.name}/"] if is_book else [*result.plain_names])
        assert names(told[first]["hasPart"]) == [str(result.provenance)]
    jobs = {f"#job/{each.reference}" for each in archived.results.values()}
    assert {*names(told["./"]["mentions"])} == {"#run", *jobs}


def test_the_whole_run_is_described_from_its_configuration_to_the_book(archived):
    told = graph()
    action = told["#run"]
    assert names(action["instrument"]) == names(told["./"]["mainEntity"]) == ["Snakefile"]
    assert names(action["object"]) == ["configuration.json"]
    folders = ("tables", "figures", "notebooks", "book")
    assert names(action["result"]) == [f"results/{folder}/" for folder in folders]
    jobs = [each for each in told.values() if each["@id"].startswith("#job/")]
    assert action["startTime"] == min(each["startTime"] for each in jobs)
    assert action["endTime"] == max(each["endTime"] for each in jobs)
    assert told["./"]["datePublished"] == action["endTime"]
    assert names(told["results/book/"]["exampleOfWork"]) == ["#output-book"]


def test_the_libraries_of_each_tool_are_listed_with_their_versions(archived):
    told = graph()
    (trained,) = archived.stage("train")
    python = provenance.read(trained.folder)["python"]
    required = names(told[f"{crate.STAGES}/train.py"]["softwareRequirements"])
    found = {told[name]["name"]: told[name]["softwareVersion"] for name in required}
    assert found == {**trained.ingredients["libraries"], "python": python}
    stages = {f"{crate.STAGES}/{each.stage}.py" for each in archived.results.values()}
    assert {*names(told["Snakefile"]["hasPart"])} == stages


def test_the_checksum_of_each_file_is_right(archived):
    files = {name: each for name, each in graph().items() if "sha256" in each}
    assert {"Snakefile", "results/tables/summary.csv", "envs/requirements.txt"} <= files.keys()
    held = contents()
    for name, each in files.items():
        assert each["sha256"] == hashlib.sha256(held[name]).hexdigest(), name
        assert int(each["contentSize"]) == len(held[name]), name


def test_the_archive_has_the_descriptions_of_the_datasets_and_identifies_them(archived):
    told = graph()["datasets/fashion_mnist.croissant.json"]
    assert names(told["conformsTo"]) == ["http://mlcommons.org/croissant/1.0"]
    described = json.loads(contents()["datasets/fashion_mnist.croissant.json"])
    assert described["name"] == "Fashion-MNIST"


# Validation


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache from which the validator reads the terms of RO-Crate 1.1 without a network."""
    path = tmp_path_factory.mktemp("cache") / "http"
    content = (ROOT / "tests/data/ro-crate-1.1-context.jsonld").read_bytes()
    with CachedSession(path, backend="sqlite") as session:
        response = CachedResponse(
            status_code=200,
            url=CONTEXT,
            headers={"Content-Type": "application/ld+json"},
            content=content,
            request=CachedRequest(method="GET", url=CONTEXT),
        )
        session.cache.save_response(response)
    return path


@pytest.fixture
def validate(cache):
    """Return a function that runs the validator's required checks of a profile."""

    def validate(path, profile="workflow-run-crate"):
        start = "from rocrate_validator.cli import cli; cli()"
        command = [sys.executable, "-c", start, "--no-interactive", "--disable-color", "validate"]
        command += ["--offline", "--cache-path", cache, "--no-auto-profile", "--verbose"]
        command += ["--no-paging", "--output-line-width", "500"]
        command += ["--requirement-severity", "required", "--profile-identifier", profile, path]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    return validate


@pytest.mark.parametrize(
    "profile",
    ["workflow-run-crate", pytest.param("provenance-run-crate", marks=pytest.mark.thorough)],
)
def test_the_archive_passes_the_required_checks_of_its_validator(
    tmp_path, monkeypatch, validate, profile
):
    monkeypatch.chdir(tmp_path)
    archive(checkout(tmp_path, CONFIG), ARCHIVE)
    answer = validate(ARCHIVE, profile)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"[OK] RO-Crate is a valid {profile}" in answer.stdout


def test_an_archive_without_a_book_and_with_a_missing_input_passes_too(
    tmp_path, monkeypatch, validate
):
    monkeypatch.chdir(tmp_path)
    plan = checkout(tmp_path, SMALL | {"book": {"languages": []}})
    (data, _), (trained,) = plan.stage("prepare"), plan.stage("train")
    shutil.rmtree(data.folder)
    assert f"the provenance of {len(plan.results) - 1} results" in archive(plan, ARCHIVE)
    told = graph()
    assert f"#result/{data.reference}" in names(told[f"#job/{trained.reference}"]["object"])
    assert "no longer in the store" in told[f"#result/{data.reference}"]["description"]
    answer = validate(ARCHIVE)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_damaged_archive_does_not_pass(archived, validate, tmp_path):
    document = json.loads(contents()[METADATA])
    del next(each for each in document["@graph"] if each["@id"] == "./")["mainEntity"]
    with zipfile.ZipFile(tmp_path / "damaged.zip", "w") as file:
        for name, content in contents().items():
            file.writestr(name, json.dumps(document) if name == METADATA else content)
    answer = validate(tmp_path / "damaged.zip")
    assert answer.returncode == 1, answer.stdout + answer.stderr
    words = "The Main Workflow must be specified through a `mainEntity` property"
    assert words in " ".join(answer.stdout.split())


# Errors


def altered_table(plan):
    table = Path("results/tables/summary.csv")
    table.write_bytes(table.read_bytes()[::-1])


def no_provenance(plan):
    plan["tables", "all"].provenance.unlink()


@pytest.mark.parametrize("damage", [altered_table, no_provenance])
def test_results_that_are_not_up_to_date_are_not_archived(plan, damage):
    damage(plan)
    with pytest.raises(LabError, match=r"^results: not up to date with .*; run make, then try"):
        archive(plan, ARCHIVE)
    assert not ARCHIVE.exists()


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("none/a.zip", "No such file or directory"),
        ("config.yaml/a.zip", "Not a directory"),
        ("results", "Is a directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_reported(plan, output, why):
    before = {*Path().rglob("*")}
    words = (
        f"^{output}: cannot be written: {why}; free some space, or give another file with --output$"
    )
    with pytest.raises(LabError, match=words):
        archive(plan, Path(output))
    assert {*Path().rglob("*")} == before


def test_the_older_archive_survives_a_full_disk(plan, tmp_path):
    with small_disk(tmp_path / "disk", 200) as disk:
        (disk / "a.zip").write_text("older")
        with pytest.raises(LabError, match=r"/disk/a\.zip: cannot be written: No space left"):
            archive(plan, disk / "a.zip")
        assert [(each.name, each.read_text()) for each in disk.iterdir()] == [("a.zip", "older")]


def test_the_command_prints_one_line(plan):
    Path("more.yaml").write_text("seed: 1", encoding="utf-8")
    answer = run_tool("archive", "--configfile", "more.yaml")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("results: not up to date with the configuration and code; ")
    answer = run_tool("archive", "--output", "mine.zip")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("mine.zip: the provenance of ")
    assert METADATA in contents("mine.zip")
