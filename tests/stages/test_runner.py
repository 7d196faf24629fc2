"""A stage run by hand makes one complete result, or says in one line why it cannot."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file

from by_hand import LINEAR, Bench, command, complaint, flip_a_bit
from d2l_lab.stages import generate, runner
from d2l_lab.store import keys, layout, provenance
from d2l_lab.store.code import ROOT
from disks import remount, small_disk

BIG = LINEAR | {"dataset": LINEAR["dataset"] | {"examples": 10_000}}  # 120 kB
KEY = "0123456789abcdef"


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.fixture
def place(bench):
    return bench.place("generate", "linear_train", LINEAR)


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


# Help and usage


@pytest.mark.parametrize("stage", runner.names())
def test_help_explains_the_stage(stage, capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        runner.main([stage, "--help"])
    usage, explanation, *_ = capsys.readouterr().out.split("\n\n")
    assert usage.startswith(f"usage: python -m d2l_lab.stages {stage} ")
    assert re.fullmatch(r"[A-Z].{30,}\.", explanation, re.DOTALL)


@pytest.mark.parametrize("arguments", [[], ["nothing"]])
def test_all_stages_are_listed_if_none_is_given(capsys, arguments):
    with pytest.raises(SystemExit, match=r"^2$"):
        runner.main(arguments)
    told = capsys.readouterr().err
    assert all(stage in told for stage in ("download", "train", "kfold", "figures", "book"))


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], "the following arguments are required: --result"),
        (["--settings", "seed", "--result", "x"], "argument --settings: 'seed' is not KEY=VALUE"),
        (["--unkeyed", "=1", "--result", "x"], "argument --unkeyed: '=1' is not KEY=VALUE"),
    ],
)
def test_a_wrong_command_line_prints_the_usage(capsys, arguments, found):
    with pytest.raises(SystemExit, match=r"^2$"):
        runner.main(["generate", *arguments])
    told = capsys.readouterr().err
    assert told.startswith("usage: python -m d2l_lab.stages generate ")
    assert f"error: {found}" in told


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["1", "null", "NaN", "[", '"a"', "a=b", " "]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=6,
)


@given(values)
def test_a_setting_is_read_as_the_rules_write_it(value):
    assert runner.key_and_value(runner.as_argument("key", value)) == ("key", value)


@given(values)
def test_a_setting_can_be_part_of_a_command_in_every_locale(value):
    assert runner.as_argument("key", value).isascii()


def test_plain_words_need_no_quotes():
    assert runner.as_argument("module", "mlp.scratch") == "module=mlp.scratch"
    assert runner.key_and_value("rate=NaN") == ("rate", "NaN")  # not allowed as a setting


# The result


def test_a_result_is_complete_and_its_provenance_suffices_to_make_the_same_bytes_again(bench):
    folder = bench.made("generate", "linear_train", LINEAR)
    assert load_file(folder / "examples.safetensors")["X"].shape == (100, 2)
    found, before = provenance.read(folder), (folder / "examples.safetensors").read_bytes()
    made_of = found["ingredients"]
    assert made_of == keys.ingredients("generate", LINEAR, {})
    assert (found["key"], found["name"]) == (folder.name, "linear_train")
    assert found["files"].keys() == {"examples.safetensors"}
    shutil.rmtree(folder)
    assert bench.made(made_of["stage"], found["name"], made_of["settings"]) == folder
    assert (folder / "examples.safetensors").read_bytes() == before


@pytest.fixture
def make(place, bench, monkeypatch):
    """Make a result in this process; return how often it has been made."""
    made = []

    def work(job):
        made.append(job.name)
        (job.folder / "examples.safetensors").write_bytes(b"the same each time")

    monkeypatch.chdir(bench.path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(generate, "work", work)

    def make(*more):
        assert runner.main([*command("generate", LINEAR, place), *more]) == 0
        assert not provenance.modified_files(place)
        return len(made)

    return make


def test_a_result_is_made_once_unless_it_is_forced_or_was_modified(make, place):
    assert [make(), make(), make("--force")] == [1, 1, 2]
    flip_a_bit(place / "examples.safetensors")
    assert make() == 3


def test_settings_that_do_not_match_the_key_make_a_result_under_their_own(bench, place):
    settings = LINEAR | {"seed": 1}
    answer = bench.run(*command("generate", settings, place))
    own = bench.place("generate", "linear_train", settings)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert (
        answer.stdout == f"{own}: the result of these settings; the key {place.name} is another's\n"
    )
    assert not provenance.modified_files(bench.path / own)
    assert not (bench.path / place).exists()


def test_settings_that_do_not_match_the_key_are_refused_within_a_run(bench, place, monkeypatch):
    monkeypatch.setenv(runner.PLANNED, "1")
    answer = bench.run(*command("generate", LINEAR | {"seed": 1}, place), "--log", "logs/x.log")
    line = complaint(answer)
    assert line == (
        f"{place}: the code, the inputs or the installed libraries have changed since the run "
        "was planned; run again"
    )
    log = bench.path / "logs/x.log"
    assert re.fullmatch(rf"\d\d:\d\d:\d\d {re.escape(line)}\n", log.read_text())
    assert files_below(bench.path) == [log]


# Errors, in one line


@pytest.mark.parametrize(
    ("stage", "settings", "result", "found"),
    [
        (
            "generate",
            {"split": "train"},
            "results/store/generate/x/" + KEY,
            "module: not given; add",
        ),
        (
            "prepare",
            {"module": "fashion_mnist", "dataset": {}, "split": "train"},
            "results/store/prepare/x/" + KEY,
            "files: not given; add it",
        ),
        ("generate", LINEAR, "x/y/z", "x/y/z/provenance.json: not in a store; give a folder such"),
        (
            "generate",
            {"module": "no"},
            "results/store/generate/x/" + KEY,
            "d2l_lab.datasets.no: no such",
        ),
    ],
    ids=["setting", "input", "place", "module"],
)
def test_anything_missing_is_reported(
    tmp_path, monkeypatch, capsys, stage, settings, result, found
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert runner.main(command(stage, settings, Path(result))) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(found)
    assert files_below(tmp_path) == []


NO_MEMORY = (
    "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
)


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError(NO_MEMORY)], ids=["Python", "torch"])
def test_too_little_memory_is_reported(capsys, monkeypatch, error):
    def action(_):
        raise error

    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert runner.reported(action, Path("results/store/train/x/1"), None) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("results/store/train/x/1: out of memory; no incomplete result is kept: ")
    assert "fewer --cores" in line


def test_too_little_shared_memory_is_reported():
    error = RuntimeError("unable to allocate shared memory(shm) for file </torch_1>: No space left")
    line = runner._message(error, Path("results/store/study/images/1"))
    assert line.startswith("results/store/study/images/1: /dev/shm is too small for the work")
    assert "--shm-size" in line


def test_an_error_in_the_code_is_reported_as_such_and_logged(bench):
    wrong = LINEAR | {"dataset": {"degree": 3}}
    _, answer = bench.make("generate", "x", wrong, "--log", "log")
    assert answer.returncode == 1
    log = (bench.path / "log").read_text()
    assert "Traceback" in log
    assert log.splitlines()[-1].startswith("TypeError: generate() got an")
    _, answer = bench.make("generate", "x", wrong)
    assert answer.stderr.count("Traceback") == 1


def test_a_full_disk_is_reported_in_one_line_and_the_next_run_succeeds(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        folder, answer = Bench(disk).make("generate", "linear_train", BIG, "--log", "logs/x.log")
        line = complaint(answer)
        assert "No space left on device" in line
        assert line.startswith(str(folder.relative_to(disk)))
        assert line.endswith("; no incomplete result is kept: fix it and run again")
        assert files_below(disk) == [disk / "logs" / "x.log"]
        assert [*folder.parent.iterdir()] == []
        remount(disk, "size=1m")
        Bench(disk).made("generate", "linear_train", BIG, "--log", "logs/x.log")


def test_a_log_that_does_not_fit_on_the_disk_does_not_stop_the_stage(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=8) as disk:
        (disk / "log").touch()
        with pytest.raises(OSError, match="No space left"):
            (disk / "filling").write_bytes(bytes(10_000))
        _, answer = Bench(tmp_path).make("generate", "x", {"split": "a"}, "--log", disk / "log")
        assert complaint(answer).startswith("module: not given; ")


def test_a_store_that_cannot_be_written_is_reported_in_one_line(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        remount(disk, "ro")
        _, answer = Bench(disk).make("generate", "linear_train", LINEAR)
        assert complaint(answer) == (
            "results: Read-only file system; no incomplete result is kept: fix it and run again"
        )


def test_a_file_where_a_folder_should_be_is_reported_in_one_line(bench):
    (bench.path / "results").write_text("mine")
    _, answer = bench.make("generate", "linear_train", LINEAR)
    assert re.match("results/store/generate/[^:]*: Not a directory; ", complaint(answer))
    assert (bench.path / "results").read_text() == "mine"


# Complete or nothing

SLOW = """
import sys, time
from d2l_lab.stages import generate, runner

def work(job):
    for name in "abc":
        (job.folder / name).write_text("half")
        print("at work", flush=True)
        time.sleep(float(sys.argv[1]))
        (job.folder / name).write_text("the whole")

generate.work = work
runner.leave(runner.main(sys.argv[2:]))
"""


def slow_stage(bench, place, seconds, program=SLOW):
    """Start a stage that writes three files in two steps each, and wait for the first step."""
    arguments = [str(seconds), *command("generate", LINEAR, place)]
    stage = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=bench.path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert stage.stdout.readline() == "at work\n"
    return stage


def test_a_reader_sees_all_of_a_result_or_nothing_while_a_stage_writes(bench, place):
    stage, seen = slow_stage(bench, place, seconds=0.05), []
    while stage.poll() is None or not seen:
        names = {path.name for path in files_below(bench.path / place)}
        texts = {(bench.path / place / name).read_text() for name in names - {layout.PROVENANCE}}
        seen.append((len(names), *texts))
    assert stage.communicate()[1] == ""
    assert [*dict.fromkeys(seen)] in ([(0,), (4, "the whole")], [(0,)])
    assert not provenance.modified_files(bench.path / place)


def test_a_killed_stage_leaves_nothing_visible_and_the_next_one_cleans_up(bench, place):
    stage = slow_stage(bench, place, seconds=60)
    stage.kill()
    stage.communicate()
    assert files_below(bench.path / place) == []
    bench.made("generate", "linear_train", LINEAR)
    assert [*(bench.path / place).parent.iterdir()] == [bench.path / place]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_stage_told_to_end_leaves_nothing(bench, place, ending):
    stage = slow_stage(bench, place, seconds=60)
    stage.send_signal(ending)
    assert stage.communicate(timeout=20)[1] == ""
    assert stage.returncode == 128 + ending
    assert [*(bench.path / place).parent.iterdir()] == []


def test_a_stage_told_to_end_when_its_result_exists_has_succeeded(bench, place):
    program = SLOW.replace(
        "generate.work = work",
        "import os, signal\nfrom d2l_lab.store import results\nmove = results._move\n"
        "def moved(*folders):\n    move(*folders)\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "results._move = moved\ngenerate.work = work",
    )
    stage = slow_stage(bench, place, 0, program)
    assert (stage.communicate(timeout=20)[1], stage.returncode) == ("", 0)
    assert not provenance.modified_files(bench.path / place)


MOMENTS = {  # when a signal comes: at the call of a function, with the exit code
    "the folder is made": ("locks.os.open", 130),
    "the lock is there": ("results.leftovers", 130),
    "the work is done": ("provenance.machine", 0),
    "the result moves": ("results._move", 0),
    "the lock is freed": ("locks.os.close", 0),
    "the stage leaves": ("logging.shutdown", 0),
}
SIGNALLED = """
import logging, os, signal, types
from d2l_lab.store import locks, provenance, results
locks.os = types.SimpleNamespace(**vars(os))
before = FUNCTION

def signalled(*given):
    FUNCTION = before
    os.kill(os.getpid(), signal.SIGINT)
    return before(*given)

FUNCTION = signalled
generate.work = work
"""


@pytest.mark.parametrize(("function", "code"), MOMENTS.values(), ids=MOMENTS)
def test_a_signal_at_any_moment_leads_to_a_clean_end_or_a_success(bench, place, function, code):
    program = SLOW.replace("generate.work = work", SIGNALLED.replace("FUNCTION", function))
    answer = subprocess.run(
        [sys.executable, "-c", program, "0", *command("generate", LINEAR, place)],
        cwd=bench.path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stderr, answer.returncode) == ("", code)
    assert [*(bench.path / place).parent.iterdir()] == [bench.path / place] * (code == 0)
    assert bool(provenance.modified_files(bench.path / place)) == bool(code)


@pytest.mark.parametrize("after", [0, 0.02, 0.05, 0.1, 0.2])
def test_a_stage_told_to_end_while_it_starts_prints_nothing(bench, place, after):
    as_a_rule_does = ["bash", "-c", 'trap "" INT; "$@"', "bash", sys.executable]
    stage = subprocess.Popen(
        [*as_a_rule_does, "-m", "d2l_lab.stages", *command("generate", LINEAR, place)],
        cwd=bench.path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(after)
    os.killpg(stage.pid, signal.SIGINT)
    assert stage.communicate(timeout=60)[1] == ""
    # Only a folder with a provenance is a result; an empty one may precede the signal.
    whole = (bench.path / place / layout.PROVENANCE).exists()  # nothing could handle the signal yet
    assert whole == (stage.returncode == 0)
    assert len(files_below(bench.path)) == (2 if whole else 0)
