"""`verify` finds every modified byte, and recomputed results must be the same."""

import json
import os
import shutil
from argparse import ArgumentTypeError
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import yaml
from safetensors.numpy import save_file

from checkout import NO_BOOK, ROOT, merged, read_yaml
from d2l_lab.pipeline.command import stage_command
from d2l_lab.pipeline.plan import Plan, make_plan
from d2l_lab.pipeline.result import Result
from d2l_lab.store import code, layout, provenance, view
from d2l_lab.tools.comparison import compare
from d2l_lab.tools.integrity import check_result
from d2l_lab.tools.inventory import Stored
from d2l_lab.tools.remaking import APART, NEAR, SAME, remake, sample, why_not_to_the_bit
from d2l_lab.tools.verify import number_or_all
from shown import run, run_tool, sign

MODEL = "linear_regression_scratch"
CONFIG = merged(read_yaml(ROOT / "config.yaml"), read_yaml(ROOT / "tests/config/quick.yaml"))
CONFIG["models"] = {MODEL: CONFIG["models"][MODEL]}
CONFIG |= {"studies": {}, "claims": False, "book": NO_BOOK}
STAGES = ("generate", "train", "kfold", "tables")
CLASSES = np.array([*range(10)] * 20)
SHOWN = "results/tables/summary.csv"


class Lab:
    """A folder with a config.yaml, and the results of some of its stages; tables are shown."""

    def __init__(self, path: Path, plan: Plan):
        self.path = path
        self.plan = plan
        self.results = [result for stage in STAGES for result in plan.stage(stage)]

    def said(self, *arguments: str, code: int = 0, **env: str) -> list[str]:
        """Run the tool, which must end with this code; return its lines."""
        answer = run_tool("verify", *arguments, at=self.path, **env)
        assert (answer.returncode, answer.stderr) == (code, ""), answer.stdout + answer.stderr
        return answer.stdout.splitlines()

    def complaints(self, *arguments: str, **env: str) -> list[str]:
        """Return the tool's lines about faults, and its last line."""
        return self.said(*arguments, code=1, **env)

    def folder(self, stage: str) -> Path:
        """Return the folder of the last result of a stage."""
        return self.path / self.plan.stage(stage)[-1].folder

    def make_result(self, result: Result) -> None:
        answer = run(stage_command(result, result.folder, Path("log")), self.path)
        assert answer.returncode == 0, answer.stderr

    def everything(self) -> dict[Path, bytes]:
        files = (path for path in self.path.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in files if path.name != ".run"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Lab:
    path = tmp_path_factory.mktemp("made") / "lab"
    path.mkdir()
    (path / "config.yaml").write_text(yaml.safe_dump(CONFIG, sort_keys=False), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        lab = Lab(path, make_plan(CONFIG))
        for result in lab.results:
            lab.make_result(result)
        view.show(lab.plan["tables", "all"].folder)
    return lab


@pytest.fixture
def lab(made, tmp_path) -> Lab:
    shutil.copytree(made.path, tmp_path / "lab")
    return Lab(tmp_path / "lab", made.plan)


@pytest.fixture
def inside(lab, monkeypatch) -> Lab:
    """The lab, with its folder as the current one."""
    monkeypatch.chdir(lab.path)
    monkeypatch.setenv("PYTHONPATH", str(code.ROOT))
    return lab


def test_unmodified_results_are_reproduced_and_left_alone(lab):
    before = lab.everything()
    *lines, last = lab.said()
    assert last == (
        "5 results, 17 files, 8 shown: none modified; 3 of 5 recomputed: the same to the bit"
    )
    assert [line[:4] for line in lines] == ["1/3 ", "2/3 ", "3/3 "]
    assert all(": the same to the bit (" in line for line in lines)
    assert lab.everything() == before


# Modified files


def one_bit(path):
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])


def a_byte_more(path):
    path.write_bytes(path.read_bytes() + b"\n")


def another_host(path):
    path.write_text(json.dumps(json.loads(path.read_text()) | {"host": "elsewhere"}))


def one_too_many(path):
    (path.parent / "notes.txt").touch()


@pytest.mark.parametrize(
    ("file", "damage", "found"),
    [
        ("history.csv", one_bit, "history.csv: was modified: sha256 "),
        ("history.csv", a_byte_more, "history.csv: has "),
        ("history.csv", Path.unlink, "history.csv: is missing"),
        (layout.PROVENANCE, another_host, "provenance.json: does not match its own checksum"),
        ("history.csv", one_too_many, "notes.txt: is not one of this result's files"),
    ],
)
def test_a_damaged_file_is_found(lab, file, damage, found):
    damage(lab.folder("train") / file)
    (finding,) = check_result(Stored(lab.folder("train")))
    assert f"{finding.path.name}: {finding.found}".startswith(found)
    assert finding.path.parent == lab.folder("train")
    assert finding.extra == (damage is one_too_many)


def test_modified_results_are_named_in_a_line_each_and_left_alone(lab):
    folders = {stage: lab.folder(stage) for stage in STAGES}
    a_byte_more(folders["generate"] / "examples.safetensors")
    (folders["train"] / "history.csv").unlink()
    (folders["kfold"] / "notes.txt").touch()
    a_byte_more(folders["tables"] / "kfold.csv")
    before = lab.everything()
    generated, cross_validated, table, trained, last = lab.complaints("--rerun", "0")
    mend = "; with --forget, then snakemake makes it again"
    assert generated.startswith(
        f"{lab.plan.stage('generate')[-1].folder}/examples.safetensors: has"
    )
    assert generated.endswith(mend + " as soon as something needs it")
    assert cross_validated.endswith("/notes.txt: is not one of this result's files; delete it")
    assert table.endswith(mend)
    assert trained.endswith("/history.csv: is missing" + mend + " as soon as something needs it")
    assert last.endswith(": 4 results modified; none recomputed")
    assert lab.everything() == before


@pytest.mark.parametrize("place", ["mine.cpu/{key}", "{name}/0123456789abcdef"])
def test_a_result_at_the_wrong_place_is_named_and_only_its_own_run_makes_it_again(lab, place):
    folder = lab.folder("train")
    name = place.format(key=folder.name, name=folder.parent.name)
    copy = Path(layout.STORE, "train", name)
    shutil.copytree(folder, lab.path / copy)
    line, _ = lab.complaints("--rerun", "0")
    original = layout.reference(folder)
    mend = "with --forget, then a run with its configuration makes it again"
    assert line == f"{copy}/provenance.json: belongs to {original}, not to this folder; {mend}"


@pytest.mark.parametrize("change", ["key", "ingredients"])
def test_a_provenance_with_another_key_is_named(lab, change):
    folder = lab.folder("kfold")
    ingredients = provenance.read(folder)["ingredients"]
    ingredients["settings"]["learning_rate"] = 0.04
    sign(folder, **{change: {"key": "0" * 16, "ingredients": ingredients}[change]})
    (finding,) = check_result(Stored(folder))
    assert finding.found.startswith(f"belongs to kfold/{MODEL}.cpu/")


def test_a_shown_file_that_was_modified_is_named(lab):
    a_byte_more(lab.path / SHOWN)
    (lab.path / "results/tables/kfold.csv").unlink()
    (lab.path / "results/figures").mkdir()
    (lab.path / "results/figures/mine.svg").touch()
    extra, missing, altered, last = lab.complaints("--rerun", "0")[-4:]
    text = "was not written by any result in the store; snakemake"
    assert altered == f"{SHOWN}: {text} shows it again"
    assert missing == "results/tables/kfold.csv: is missing; snakemake shows it again"
    assert extra == f"results/figures/mine.svg: {text} removes it"
    assert ": 3 shown files modified; " in last


def test_a_view_of_another_configuration_is_reported_and_not_taken_for_modified(lab):
    (lab.path / "config.yaml").write_text(yaml.safe_dump(CONFIG | {"seed": 7}), "utf-8")
    assert lab.said("--rerun", "0")[0].startswith("results: shows another configuration; ")


def test_a_forgotten_result_counts_as_missing_from_then_on(lab):
    a_byte_more(lab.folder("train") / "history.csv")
    line, *_ = lab.complaints("--rerun", "0", "--forget")
    assert line.endswith(
        "; forgotten, so that snakemake makes it again as soon as something needs it"
    )
    assert not (lab.folder("train") / layout.PROVENANCE).exists()
    *_, last = lab.said("--rerun", "0")
    assert last.startswith("4 results, 13 files, 8 shown: none modified")
    lab.make_result(lab.plan.stage("train")[-1])
    assert lab.said("--rerun", "0")[-1].startswith("5 results, 17 files, 8 shown: none modified")


def test_a_modified_input_is_not_used_to_recompute_anything(lab):
    for result in lab.plan.stage("generate"):
        a_byte_more(lab.path / result.folder / "examples.safetensors")
    for stage in ("train", "kfold"):
        a_byte_more(lab.folder(stage) / "history.csv")
    before = lab.everything()
    *_, why, last = lab.complaints()
    assert why == "none can be recomputed: the store has no results of the current configuration"
    assert last.endswith(": 4 results modified; none recomputed")
    assert lab.everything() == before


def test_results_of_conda_environments_are_checked_but_not_made_again(lab):
    *_, why, last = lab.said("--conda")
    assert why.endswith(": this Python lacks the conda environments' libraries")
    assert last.endswith(": none modified; none recomputed")


# Differences after recomputing


def move_a_loss(folder: Path, by: float) -> None:
    *rows, last = (folder / "history.csv").read_text().splitlines()
    cells = last.split(",")
    cells[3] = repr(float(cells[3]) + by)
    (folder / "history.csv").write_text("\n".join([*rows, ",".join(cells)]) + "\n")


@pytest.mark.parametrize(
    ("stage", "record", "reason"),
    [
        ("train", {"host": "elsewhere"}, "elsewhere, another machine, made it"),
        ("train", {"host": "here", "cpu": "Z80"}, "here, another machine, made it"),
        (
            "train",
            {"measured": {"trained": 1, "replicas": 2}},
            "it has replicates of an earlier result, maybe of another machine",
        ),
        (
            "generate",
            {"started": "2999-01-01T00:00:00+00:00"},
            "an input was recomputed after it",
        ),
        ("generate", {}, ""),
    ],
)
def test_the_conditions_under_which_a_result_was_made_are_known(inside, stage, record, reason):
    sign(inside.folder(stage), **record)
    (result,) = inside.plan.stage("train")
    assert why_not_to_the_bit(result) == reason


def test_every_byte_must_be_reproduced_except_on_another_machine(lab):
    shutil.rmtree(lab.folder("tables"))
    shutil.rmtree(lab.path / "results/tables")
    for stage in ("train", "kfold"):
        move_a_loss(lab.folder(stage), 1e-6)
    sign(lab.folder("train"), host="elsewhere")
    sign(lab.folder("kfold"))
    tolerance, *lines, last = lab.complaints("--rerun", "all")
    assert "numbers may differ by 0.02 + 0.001 of their size" in tolerance
    near, apart = (line for line in lines if not line.startswith(" ") and "to the bit" not in line)
    assert ": the same within the tolerance (" in near
    assert near.endswith("s; elsewhere, another machine, made it)")
    assert ": NOT the same (" in apart
    sizes = [line for line in lines if line.startswith(" ")]
    for line, stage in zip(sizes, ("train", "kfold"), strict=True):
        file = (lab.folder(stage) / "history.csv").relative_to(lab.path)
        assert line.startswith(f"    {file}: largest difference 1e-06, ")
        assert line.endswith(" % of the bytes differ")
    assert last.endswith("2 the same to the bit, 1 the same within the tolerance, 1 NOT the same")


@pytest.mark.parametrize("stage", ["train", "kfold"])
def test_the_rounding_of_another_cpu_is_within_the_tolerance_and_another_seed_is_not(
    inside, monkeypatch, stage
):
    (result,) = inside.plan.stage(stage)
    with monkeypatch.context() as patch:
        patch.setenv("ATEN_CPU_CAPABILITY", "default")
        patch.setenv("MKL_CBWR", "COMPATIBLE")
        assert remake(result, strict=False).verdict in {SAME, NEAR}
    seeded = Result(stage, "other", result.settings | {"seed": 1}, result.inputs, result.files)
    inside.make_result(seeded)
    for name in provenance.read(inside.folder(stage))["files"]:
        shutil.copy(seeded.folder / name, inside.folder(stage))
    remade = remake(result, strict=False)
    assert remade.verdict == APART
    assert "history.csv" in [each.file for each in remade.differences if not each.tolerable]


def test_a_result_that_cannot_be_made_again_is_reported_with_the_reason(lab, tmp_path):
    (tmp_path / "torch").mkdir()
    (tmp_path / "installed.dist-info").mkdir()  # or the folder would be skipped
    (tmp_path / "torch/__init__.py").write_text("raise ImportError('no torch today')")
    shutil.copy(Path(find_spec("torch").origin).with_name("version.py"), tmp_path / "torch")
    path = os.pathsep.join([str(code.ROOT), str(tmp_path)])
    lines = lab.complaints("--rerun", "all", PYTHONPATH=path)
    assert (
        sum("FAILED with exit code 1: ImportError: no torch today" in line for line in lines) == 2
    )
    assert lines[-1].endswith("5 of 5 recomputed: 3 the same to the bit, 2 failed")


# The choice of results to recompute


def test_the_seed_determines_the_sample_which_always_includes_a_training(made):
    drawn = [sample(made.results, 2, seed) for seed in range(30)]
    assert all({result.stage for result in results} & {"train", "kfold"} for results in drawn)
    assert len({tuple(result.reference for result in results) for results in drawn}) > 2
    assert sample(made.results, 2, 7) == sample(made.results, 2, 7)
    assert sample(made.results, 99, 0) == made.results
    assert sample(made.plan.stage("generate"), 1, 0)
    assert sample(made.results, 0, 0) == sample([], 3, 0) == []


@pytest.mark.parametrize("text", ["some", "-1", "1.5", ""])
def test_arguments_that_are_not_numbers_are_refused(text):
    with pytest.raises(ArgumentTypeError, match="is not a whole number"):
        number_or_all(text)


def test_a_folder_without_results_is_reported_and_left_alone(lab):
    shutil.rmtree(lab.path / "results")
    answer = run_tool("verify", at=lab.path)
    assert answer.returncode == 1
    assert answer.stderr == "results/store: no results yet; run make first\n"
    assert not (lab.path / "results").exists()


# The difference of two files


def put(folder: Path, name: str, content: str | bytes | np.ndarray | None) -> None:
    match content:
        case str():
            (folder / name).write_text(content)
        case bytes():
            (folder / name).write_bytes(content)
        case np.ndarray():
            save_file({"values": content}, folder / name)


SAME_BYTES = "the same"
TIMES, KINDS = "times_timing.csv", "values.safetensors"


@pytest.mark.parametrize(
    ("name", "first", "again", "found"),
    [
        # A number is the largest difference, where another machine may cause one.
        ("a.csv", "a\n1\n", "a\n1.02\n", 0.02),
        ("a.csv", "a\n1\n", "a\n1.03\n", "largest difference 0.03, "),
        ("a.csv", "a\n1000\n", "a\n1001\n", 1),
        ("a.csv", "a\n-1000\n", "a\n-1002\n", "largest difference 2, "),
        ("a.csv", "a\n1\n", "a\n1.0\n", 0),
        ("a.csv", "a\nnan\n", "a\n1\n", "largest difference nan, "),
        ("a.csv", "a\n\n", "a\n1\n", "other columns or another number of rows, "),
        ("a.csv", "a,b\n,1\n", "a,b\n1,1\n", "could not convert string to float"),
        ("a.csv", "a\nx\n", "a\ny\n", "could not convert string to float"),
        ("a.csv", "a\n1\n", "a\n1\n1\n", "other columns or another number of rows, "),
        ("a.csv", "a,b\n1,2\n", "a,c\n1,2\n", "other columns or another number of rows, "),
        ("a.csv", "a,b\n1,2\n", "a,b\n1\n", ""),
        ("a.csv", "seconds\n1\n", "seconds\n9\n", 8),
        ("a.csv", "", "a\n1\n", "No columns to parse from file, "),
        (TIMES, "way,seconds\nloop,1\n", "way,seconds\nloop,9\n", SAME_BYTES),
        (TIMES, "way,seconds\nloop,1\n", "way,seconds\nother,1\n", "could not convert"),
        (TIMES, "way,seconds\nloop,1\n", "way,seconds\nloop,1\nloop,1\n", "other columns"),
        (TIMES, "way,seconds\nloop,1\n", "way,minutes\nloop,9\n", "other columns"),
        (TIMES, "measure,value\nms,1\n", "measure,value\nms,9\n", SAME_BYTES),
        ("a.csv", "measure,value\nms,1\n", "measure,value\nms,9\n", "largest difference 8, "),
        (KINDS, np.float32([1, 2]), np.float32([1, 2.02]), 0.02),
        (KINDS, np.float32([1, 2]), np.float32([1, 2.03]), "largest difference 0.03, "),
        (KINDS, np.float32([1, 2]), np.float32([1, np.nan]), "largest difference nan, "),
        (KINDS, np.float32([1, 2]), np.float64([1, 2]), "other names, types or shapes"),
        (KINDS, np.float32([1, 2]), np.float32([[1, 2]]), "other names, types or shapes"),
        (KINDS, CLASSES, np.r_[CLASSES[:-4], 0, 0, 0, 0], 9),
        (KINDS, CLASSES, np.r_[CLASSES[:-5], 0, 0, 0, 0, 0], "largest difference 9, "),
        (KINDS, b"1", b"2", "Error while deserializing header"),
        ("a.svg", b"<?xml?><svg>1</svg>", b"<?xml?><svg>2</svg>", 0),
        ("a.svg", b"<svg>1</svg>", b"<html>", "no SVG, "),
        ("a.png", b"\x89PNG\r\n1", b"\x89PNG\r\n2", 0),
        ("a.png", b"\x89PNG\r\n1", b"", "no PNG, 1e+02 % of the bytes differ"),
        ("a.txt", b"1234", b"1235", "25 % of the bytes differ"),
        ("a.txt", b"1", b"1", SAME_BYTES),
        ("a.txt", b"1", None, "was not made again"),
        ("a.txt", None, b"1", "is new"),
        (layout.PROVENANCE, b"1", b"2", SAME_BYTES),
    ],
)
def test_files_are_compared_by_their_contents(tmp_path, name, first, again, found):
    for folder, content in (("first", first), ("again", again)):
        (tmp_path / folder).mkdir()
        put(tmp_path / folder, name, content)
    differences = compare(tmp_path / "first", tmp_path / "again")
    if found is SAME_BYTES:
        assert differences == []
        return
    (difference,) = differences
    assert difference.file == name
    assert difference.tolerable == (not isinstance(found, str))
    if difference.tolerable:
        assert difference.largest == pytest.approx(found)
    else:
        assert difference.size.startswith(found)
