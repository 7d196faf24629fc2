"""The store keeps a complete result under the key of everything that determines it, or none."""

import errno
import hashlib
import json
import math
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from by_hand import flip_a_bit
from d2l_lab.errors import LabError
from d2l_lab.store import keys, layout, provenance, results
from d2l_lab.store.code import ROOT
from disks import small_disk

INGREDIENTS = {"stage": "train", "settings": {"epochs": 3}, "inputs": {}}
FILES = {"history.csv": b"epoch\n1\n", "parameters.safetensors": bytes(range(256))}


@pytest.fixture
def place(tmp_path):
    """The folder where a result belongs; neither it nor its parents exist."""
    return tmp_path / "store" / "train" / "mlp.cpu" / keys.key(INGREDIENTS)


def write(folder, files=FILES):
    with results.writing(folder, INGREDIENTS) as (temporary, measured):
        for name, content in files.items():
            (temporary / name).write_bytes(content)
        measured["replicas"] = 5


def contents(folder):
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != layout.PROVENANCE
    }


def beside(folder):
    """List the files next to a result."""
    return [path for path in folder.parent.glob("*") if path != folder]


# Keys

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=12,
)


def reordered(value):
    """Copy a value with the keys of every dict in the opposite order."""
    if isinstance(value, dict):
        return {key: reordered(item) for key, item in reversed(value.items())}
    return [reordered(item) for item in value] if isinstance(value, list) else value


@given(values)
def test_the_order_of_a_dict_does_not_change_the_key(value):
    assert keys.key({"settings": reordered(value)}) == keys.key({"settings": value})


@given(values)
def test_a_value_has_the_same_key_after_it_passed_through_a_command_line(value):
    ingredients = {"settings": value}
    assert keys.key(json.loads(json.dumps(ingredients))) == keys.key(ingredients)


@given(values, values)
def test_different_values_have_different_keys(one, other):
    assume(json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True))
    assert keys.key({"settings": one}) != keys.key({"settings": other})


@given(st.integers(min_value=-(2**53), max_value=2**53), st.floats(0, 1e308))
def test_neighbouring_numbers_have_different_keys(whole, real):
    assert keys.key({"": whole}) != keys.key({"": whole + 1})
    assert keys.key({"": real}) != keys.key({"": math.nextafter(real, math.inf)})


def test_a_key_has_sixteen_digits_and_is_the_same_on_every_machine():
    assert keys.key({"b": [1, 0.5, "ä", None], "a": True}) == "d3f49fa8023c1358"


def test_the_key_covers_the_names_of_roles_and_the_order_of_inputs():
    def key(**inputs):
        return keys.key(keys.ingredients("tables", {}, inputs))

    assert key(train=["a", "b"]) != key(train=["b", "a"])
    assert key(train=["a"], test=["b"]) != key(train=["b"], test=["a"])


def test_the_key_covers_the_code_of_the_stage_and_of_its_module():
    settings = {"module": "linear"}
    found = keys.ingredients("generate", settings, {})
    assert {"d2l_lab.stages.generate", "d2l_lab.datasets.linear"} <= found["code"].keys()
    assert "d2l_lab.datasets.polynomial" not in found["code"]
    assert found["libraries"].keys() == {"numpy", "safetensors"}


def test_files_known_by_their_digests_do_not_depend_on_code():
    settings = {"sha256": {"file": "0" * 64}}
    found = keys.ingredients("download", settings, {})
    assert found.keys() == {"stage", "settings", "inputs", "format"}


def test_a_reference_leads_to_its_folder_and_back():
    folder = layout.result_folder("train/mlp.cpu/0123")
    assert folder == Path("results/store/train/mlp.cpu/0123")
    assert layout.reference(folder) == layout.reference(folder.absolute()) == ("train/mlp.cpu/0123")


# Writing


def test_a_result_has_its_files_and_a_true_provenance(place):
    write(place)
    assert contents(place) == FILES
    found = provenance.read(place)
    assert found["files"] == {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in FILES.items()
    }
    assert found["key"] == place.name == keys.key(found["ingredients"])
    assert found["name"] == "mlp.cpu"
    assert found["ingredients"] == INGREDIENTS
    assert found["measured"] == {"replicas": 5}
    assert found["host"] == socket.gethostname()
    assert found["started"].endswith("+00:00")
    assert 0 < found["seconds"] < 60
    assert provenance.is_whole(place)
    assert not beside(place)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interrupted_result_leaves_nothing(place, error):
    def interrupted():
        with results.writing(place, INGREDIENTS) as (temporary, _):
            (temporary / "history.csv").write_text("half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert not place.exists()
    assert not beside(place)
    write(place)
    assert provenance.is_whole(place)


@pytest.mark.parametrize("fitting", [[], [*FILES]], ids=["no file", "all files but the mark"])
def test_a_full_disk_leaves_nothing(tmp_path, fitting):
    with small_disk(tmp_path / "disk", kilobytes=40) as disk:
        place = disk / "train" / "mlp.cpu" / "0123"
        files = {name: bytes(20_000 if name in fitting else 40_000) for name in FILES}
        with pytest.raises(OSError, match="No space left") as caught:
            write(place, files)
        assert caught.value.errno == errno.ENOSPC
        assert not place.exists()
        assert not beside(place)
        write(place)
        assert provenance.is_whole(place)


def test_leftovers_of_a_killed_run_with_the_same_process_number_do_no_harm(place, monkeypatch):
    monkeypatch.setattr(os, "getpid", lambda: 7)
    with results.writing(place, INGREDIENTS) as (first, _):
        (first / "history.csv").write_bytes(b"first")
        write(place)
        assert first.exists()
    assert contents(place) == FILES


def test_an_empty_folder_that_snakemake_made_is_replaced(place):
    place.mkdir(parents=True)
    write(place)
    assert contents(place) == FILES


def test_a_complete_result_of_another_run_is_kept(place):
    write(place)
    before = (place / layout.PROVENANCE).read_bytes()
    write(place, {"history.csv": b"of a slower run"})
    assert (place / layout.PROVENANCE).read_bytes() == before
    assert contents(place) == FILES
    assert not beside(place)


DAMAGES = {
    "no provenance": lambda folder: (folder / layout.PROVENANCE).unlink(),
    "an empty provenance": lambda folder: (folder / layout.PROVENANCE).write_bytes(b""),
    "half a provenance": lambda folder: os.truncate(folder / layout.PROVENANCE, 100),
    "a list for a provenance": lambda folder: (folder / layout.PROVENANCE).write_text("[]"),
    "a list of files": lambda folder: (folder / layout.PROVENANCE).write_text('{"files": ["x"]}'),
    "a provenance that is not text": lambda folder: (folder / layout.PROVENANCE).write_bytes(
        b"\xff"
    ),
    "a missing file": lambda folder: (folder / "history.csv").unlink(),
    "an empty file": lambda folder: (folder / "history.csv").write_bytes(b""),
    "a truncated file": lambda folder: os.truncate(folder / "parameters.safetensors", 255),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_result_is_recognised_and_replaced(place, damage):
    write(place)
    damage(place)
    assert not provenance.is_whole(place)
    assert provenance.modified_files(place)
    write(place)
    assert not provenance.modified_files(place)
    assert contents(place) == FILES
    assert not beside(place)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_is_found_by_its_checksum(place, name):
    write(place)
    flip_a_bit(place / name)
    assert provenance.is_whole(place)
    assert [*provenance.modified_files(place)] == [name]


@given(data=st.data())
def test_every_change_of_a_provenance_is_found(tmp_path_factory, data):
    place = tmp_path_factory.mktemp("store") / keys.key(INGREDIENTS)
    write(place)
    text = (place / layout.PROVENANCE).read_text()
    at = data.draw(st.integers(0, 600))  # it is longer; the amount depends on the time it took
    other = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = text[:at] + other + text[at + 1 :]
    assume(not means_the_same(text, changed))
    (place / layout.PROVENANCE).write_text(changed)
    assert not provenance.is_whole(place)
    assert [*provenance.modified_files(place)] == [layout.PROVENANCE]


def means_the_same(text, other):
    try:
        return json.loads(text) == json.loads(other)
    except ValueError:
        return False


def test_a_modified_result_loses_its_provenance_so_that_it_is_made_again(place):
    write(place)
    provenance.require_unmodified(place)
    assert provenance.is_whole(place)
    flip_a_bit(place / "history.csv")
    with pytest.raises(LabError, match=f"^{place}: history.csv: missing, or modified .* run again"):
        provenance.require_unmodified(place)
    assert not (place / layout.PROVENANCE).exists()


def test_a_result_that_cannot_be_moved_to_its_place_is_reported_and_leaves_nothing(place):
    place.parent.mkdir(parents=True)
    place.write_text("a file")
    with pytest.raises(NotADirectoryError):
        write(place)
    assert place.read_text() == "a file"
    assert not beside(place)


# Relatives


def relatives_of(folder, settings, apart_from=("replicates",)):
    ingredients = INGREDIENTS | {"settings": settings}
    found = results.relatives(folder, ingredients, apart_from)
    return [provenance["ingredients"]["settings"] for _, provenance in found]


def put(folder, settings, **more):
    ingredients = INGREDIENTS | {"settings": settings} | more
    place = folder / keys.key(ingredients)
    with results.writing(place, ingredients) as (temporary, _):
        (temporary / "history.csv").write_text("1")
    return place


def test_relatives_differ_only_in_the_one_setting(tmp_path):
    put(tmp_path / "mlp.cpu", {"epochs": 3, "replicates": 5})
    put(tmp_path / "mlp.cpu", {"epochs": 3, "replicates": 2})
    put(tmp_path / "mlp.cpu", {"epochs": 4, "replicates": 5})
    put(tmp_path / "mlp.cpu", {"epochs": 3, "replicates": 5, "seed": 1})
    put(tmp_path / "mlp.cpu", {"epochs": 3, "folds": 5})
    put(tmp_path / "mlp.cpu", {"epochs": 3, "replicates": 5}, inputs={"train": ["another"]})
    mine = put(tmp_path / "mlp.cpu", {"epochs": 3, "replicates": 8})
    found = relatives_of(mine, {"epochs": 3, "replicates": 8})
    assert sorted(settings["replicates"] for settings in found) == [2, 5]
    assert {settings["epochs"] for settings in found} == {3}


@pytest.mark.parametrize("damage", [flip_a_bit, Path.unlink])
def test_a_result_with_a_modified_provenance_is_not_a_relative(tmp_path, damage):
    damage(put(tmp_path / "mlp.cpu", {"replicates": 5}) / layout.PROVENANCE)
    assert relatives_of(tmp_path / "mlp.cpu/mine", {"replicates": 8}) == []


def test_relatives_may_have_any_name_and_may_be_shards(tmp_path):
    whole = tmp_path / "mlp.cpu" / "0123456789abcdef"
    put(tmp_path / "mlp.cpu.0-4", {"epochs": 3, "only": [0, 5]})
    put(tmp_path / "mlp.cpu.0-4", {"epochs": 4, "only": [0, 5]})
    put(tmp_path / "other.cpu", {"epochs": 3, "replicates": 6})
    put(tmp_path / "other.cpu.0-6", {"epochs": 3, "only": [0, 7]})
    found = relatives_of(whole, {"epochs": 3, "replicates": 8}, ("replicates", "only"))
    assert found == [
        {"epochs": 3, "only": [0, 5]},
        {"epochs": 3, "replicates": 6},
        {"epochs": 3, "only": [0, 7]},
    ]


def test_a_result_with_the_same_key_is_found_under_another_name_without_reading_others(
    tmp_path, monkeypatch
):
    put(tmp_path / "a.cpu", {"replicates": 2})
    twin = put(tmp_path / "old.cpu", {"replicates": 8})
    monkeypatch.setattr(provenance, "read_valid", lambda folder: records[folder])
    ingredients = INGREDIENTS | {"settings": {"replicates": 8}}
    records = {twin: {"ingredients": ingredients}}  # reading another one is a KeyError
    found = results.relatives(tmp_path / "new.cpu" / twin.name, ingredients, ("replicates",))
    assert next(found)[0] == twin


def test_an_unfinished_result_is_not_a_relative(tmp_path):
    ingredients = INGREDIENTS | {"settings": {"replicates": 5}}
    with results.writing(tmp_path / "mlp.cpu" / keys.key(ingredients), ingredients):
        assert relatives_of(tmp_path / "mlp.cpu/mine", {"replicates": 8}) == []


# Exclusive access


def test_leftovers_of_a_killed_process_are_deleted_before_the_result_is_made_again(place):
    left = [
        place.with_name(f"{place.name}.{socket.gethostname()}-1-ab.{kind}")
        for kind in ("part", "damaged")
    ]
    others = [
        place.with_name(f"{place.name}.elsewhere-1-ab.part"),
        place.with_name(f"0123.{socket.gethostname()}-1-ab.part"),
    ]
    for folder in (*left, *others):
        folder.mkdir(parents=True)
    with results.exclusive(place):
        write(place)
    assert not any(folder.exists() for folder in left)
    assert all(folder.exists() for folder in others)


def test_the_folder_of_a_result_that_was_not_made_is_removed_again(place):
    with results.exclusive(place):
        assert place.is_dir()
    assert not place.exists()


# Two runs at once

ROUNDS = 120
WRITER = """
import sys, time
from pathlib import Path
from d2l_lab.store import keys, layout, provenance, results

me, other, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
end = time.monotonic() + 30
for n in range(rounds):
    with results.writing(Path("results", str(n)), {"round": n}) as (temporary, _):
        for name in "ab":
            (temporary / name).write_text(me * (1 + n % 7))
        Path(f"{me}.{n}").touch()
        while not Path(f"{other}.{n}").exists():
            assert time.monotonic() < end, "the other run is not there"
            time.sleep(0)
"""


def test_two_runs_that_write_the_same_results_at_once_both_succeed(tmp_path):
    folders = [tmp_path / "results" / str(n) for n in range(ROUNDS)]
    for folder in folders[1::3]:
        folder.mkdir(parents=True)
    for folder in folders[2::3]:
        folder.mkdir(parents=True)
        for name in "abcdefghijklmnopqrstuvwxyz":
            (folder / name).write_text("damaged")
    command = [sys.executable, "-c", WRITER]
    runs = [
        subprocess.Popen(
            [*command, *names, str(ROUNDS)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for names in (("one", "other"), ("other", "one"))
    ]
    assert [run.communicate(timeout=60)[1] for run in runs] == ["", ""]
    assert len([*(tmp_path / "results").iterdir()]) == ROUNDS
    winners = set()
    for folder in folders:
        assert provenance.is_whole(folder), folder
        found = contents(folder)
        assert found.keys() == {"a", "b"}
        assert found["a"] == found["b"]
        winners.add(found["a"][:2])
    assert winners == {b"on", b"ot"}  # so they really ran at the same time
