"""Every stage by hand: it makes one whole result, or says in one line why it cannot."""

import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from by_hand import LINEAR, Bench, complaint, flip_a_bit
from d2l_lab.store import keys, layout, provenance
from d2l_lab.store.code import ROOT
from disks import remount, small_disk

STAGES = ("download", "generate", "prepare", "train", "kfold", "study", "tables", "claims")
STAGES += ("figures", "show")
BIG = LINEAR | {"dataset": LINEAR["dataset"] | {"examples": 10_000}}  # 120 kB


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("stage", STAGES)
def test_help_explains_the_stage(stage, monkeypatch, capsys):
    name = f"d2l_lab.stages.{stage}"
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    monkeypatch.delitem(sys.modules, name, raising=False)  # else runpy warns
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(name, run_name="__main__")
    assert ended.value.code == 0
    usage, explanation, *_ = capsys.readouterr().out.split("\n\n")
    assert usage.startswith(f"usage: python -m {name} ")
    assert re.fullmatch(r"[A-Z].{30,}\.", explanation, re.DOTALL)


def test_a_result_is_whole_and_tells_what_made_it(bench):
    folder = bench.made("generate", "linear_train", LINEAR)
    assert load_file(folder / "examples.safetensors")["X"].shape == (100, 2)
    found = provenance.read(folder)
    assert found["ingredients"] == keys.ingredients("generate", LINEAR, {})
    assert found["key"] == folder.name
    assert found["name"] == "linear_train"
    assert found["files"].keys() == {"examples.safetensors"}


def test_the_provenance_is_enough_to_make_the_same_bytes_again(bench):
    folder = bench.made("generate", "linear_train", LINEAR)
    found, before = provenance.read(folder), (folder / "examples.safetensors").read_bytes()
    shutil.rmtree(folder)
    again = bench.made(
        found["ingredients"]["stage"], found["name"], found["ingredients"]["settings"]
    )
    assert again == folder
    assert (again / "examples.safetensors").read_bytes() == before


@pytest.fixture
def make(bench, monkeypatch):
    """Make a result in this very process; give what is made, which grows by one each time."""
    made = []

    def work(job):
        made.append(job.name)
        (job.folder / "examples.safetensors").write_bytes(b"the same each time")

    def make(*more):
        monkeypatch.chdir(bench.path)
        monkeypatch.setattr("signal.signal", lambda *_: None)
        place = bench.place("generate", "linear_train", LINEAR) / layout.PROVENANCE
        arguments = ["--settings", json.dumps(LINEAR), "--result", str(place), *more]
        assert job.run("generate", job.parser("generate", "").parse_args(arguments), work) == 0
        assert provenance.modified_files(place.parent) == []
        return len(made)

    return make


def test_a_result_that_another_run_has_made_meanwhile_is_not_made_again(make):
    assert [make(), make()] == [1, 1]


def test_a_result_is_made_again_if_that_is_asked_for(make):
    assert [make(), make("--again", "yes")] == [1, 2]


def test_a_result_that_was_altered_is_made_again(make, bench):
    make()
    flip_a_bit(bench.place("generate", "linear_train", LINEAR) / "examples.safetensors")
    assert make() == 2


TORCHS = "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError(TORCHS)], ids=["Python", "torch"])
def test_too_little_memory_is_told_in_one_line(capsys, monkeypatch, error):
    def action():
        raise error

    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert job.reported(action, Path("results/store/train/x/1"), None) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("results/store/train/x/1: out of memory; nothing half-made is kept: ")
    assert "fewer --cores" in line


def test_an_error_of_the_code_is_not_taken_for_one_of_the_user(monkeypatch):
    def action():
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(RuntimeError, match="mat1"):
        job.reported(action, Path("results"), None)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_stage_that_is_asked_to_end_leaves_nothing(bench, ending):
    program = (
        "import json, sys, time\n"
        "from d2l_lab.stages import job\n"
        "def work(job):\n"
        "    (job.folder / 'half').touch()\n"
        "    print('at work', flush=True)\n"
        "    time.sleep(60)\n"
        "sys.exit(command.main('generate', '', work))\n"
    )
    place = bench.place("generate", "linear_train", LINEAR) / layout.PROVENANCE
    stage = subprocess.Popen(
        [sys.executable, "-c", program, "--settings", json.dumps(LINEAR), "--result", place],
        cwd=bench.path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert stage.stdout.readline() == "at work\n"
    stage.send_signal(ending)
    assert stage.communicate(timeout=20)[1] == ""
    assert stage.returncode == 128 + ending
    assert files_below(bench.path) == []
    assert [*(bench.path / place).parents[1].iterdir()] == []


@pytest.mark.parametrize("after", [0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2])
def test_a_stage_that_is_told_to_end_while_it_starts_says_nothing(bench, after):
    place = bench.place("generate", "linear_train", LINEAR) / layout.PROVENANCE
    arguments = ["--settings", json.dumps(LINEAR), "--result", str(place)]
    as_a_rule_does = ["bash", "-c", 'trap "" INT; "$@"', "bash"]
    stage = subprocess.Popen(
        [*as_a_rule_does, sys.executable, "-m", "d2l_lab.stages.generate", *arguments],
        cwd=bench.path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(after)
    os.killpg(stage.pid, signal.SIGINT)
    assert stage.communicate(timeout=60)[1] == ""
    whole = (bench.path / place).exists()  # the word came before there was anyone to hear it
    assert whole == (stage.returncode == 0)
    assert len(files_below(bench.path)) == (2 if whole else 0)


def test_a_result_of_other_settings_than_its_key_says_is_refused(bench):
    place = bench.place("generate", "linear_train", LINEAR)
    settings = json.dumps(LINEAR | {"seed": 1})
    answer = bench.run("generate", "--settings", settings, "--result", place / layout.PROVENANCE)
    assert complaint(answer) == (
        f"{place}: the code, the inputs or the installed libraries are not those of the plan, "
        "they make another result; run again to plan anew"
    )
    assert files_below(bench.path) == []


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("{'seed': 1}", "is not JSON: Expecting property name enclosed in double quotes"),
        ("", "is not JSON: Expecting value"),
        ("[1]", "is no JSON object"),
        ("3", "is no JSON object"),
        ('{"seed": NaN}', "is not JSON: NaN"),
    ],
)
def test_settings_that_are_no_json_are_answered_by_the_usage(bench, settings, found):
    answer = bench.run("generate", "--settings", settings, "--result", "x/y/z/provenance.json")
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage: python -m d2l_lab.stages.generate ")
    assert f"error: argument --settings: {settings!r} {found}" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_missing_arguments_are_answered_by_the_usage(bench):
    answer = bench.run("generate")
    assert answer.returncode == 2
    assert "the following arguments are required: --settings, --result" in answer.stderr


def test_the_log_holds_the_complaint_too(bench):
    place = bench.place("generate", "linear_train", LINEAR)
    place = place.with_name("0" * 16)
    arguments = ["--settings", json.dumps(LINEAR), "--result", place / layout.PROVENANCE]
    answer = bench.run("generate", *arguments, "--log", "logs/generate/one.log")
    line = complaint(answer)
    assert re.fullmatch(
        rf"\d\d:\d\d:\d\d {re.escape(line)}\n", (bench.path / "logs/generate/one.log").read_text()
    )


def test_a_full_disk_is_told_in_one_line_and_the_next_run_succeeds(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        folder, answer = Bench(disk).make("generate", "linear_train", BIG, "--log", "logs/x.log")
        line = complaint(answer)
        assert "No space left on device" in line
        assert line.startswith(str(folder.relative_to(disk)))
        assert line.endswith("; nothing half-made is kept: mend it and run again")
        assert files_below(disk) == [disk / "logs" / "x.log"]
        assert [*folder.parent.iterdir()] == []
        remount(disk, "size=1m")
        Bench(disk).made("generate", "linear_train", BIG, "--log", "logs/x.log")


def test_a_log_that_finds_no_place_on_the_disk_does_not_stop_the_stage(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=8) as disk:
        (disk / "log").touch()
        (disk / "filling").touch()
        with pytest.raises(OSError, match="No space left"):
            (disk / "filling").write_bytes(bytes(10_000))
        bench = Bench(tmp_path)
        place = bench.place("generate", "linear_train", LINEAR).with_name("0" * 16)
        arguments = ["--settings", json.dumps(LINEAR), "--result", place / layout.PROVENANCE]
        answer = bench.run("generate", *arguments, "--log", disk / "log")
        assert complaint(answer).startswith(str(place))


def test_a_store_that_cannot_be_written_is_told_in_one_line(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        remount(disk, "ro")
        _, answer = Bench(disk).make("generate", "linear_train", LINEAR)
        assert complaint(answer) == (
            "results: Read-only file system; nothing half-made is kept: mend it and run again"
        )


def test_a_file_where_a_folder_should_be_is_told_in_one_line(bench):
    (bench.path / "results").write_text("mine")
    _, answer = bench.make("generate", "linear_train", LINEAR)
    assert re.match("results/store/generate/[^:]*: Not a directory; ", complaint(answer))
    assert (bench.path / "results").read_text() == "mine"


def test_a_module_that_does_not_exist_is_told_in_one_line(bench):
    arguments = ["--settings", '{"module": "d2l_lab.nothing"}', "--result", "a/b/provenance.json"]
    answer = bench.run("generate", *arguments)
    assert complaint(answer).startswith("d2l_lab.nothing: no such module under ")
