"""The differences between two results are described in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.store import keys
from d2l_lab.tools.differences import differences

scalars = (
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0]) | st.text("ab ,")
)
values = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text("ab"), below, max_size=3),
    max_leaves=6,
)
references = st.lists(st.sampled_from(["a/b/1", "a/b/2", "a/c/1", "b/b/1"]), max_size=3)
few = st.sampled_from("ab")
made_of = st.fixed_dictionaries(
    {
        "stage": st.just("train"),
        "settings": st.dictionaries(few, values, max_size=2),
        "inputs": st.dictionaries(few, references, max_size=2),
    },
    optional={
        "code": st.dictionaries(few, few, max_size=2),
        "libraries": st.dictionaries(few, few, max_size=2),
    },
)


@given(made_of, made_of)
def test_differences_are_listed_exactly_if_the_keys_differ(old, new):
    assert bool(differences(old, new)) == (keys.key(old) != keys.key(new))
    assert not differences(old, old)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"rate": 0.1}, {"rate": 0.5}, ["rate 0.1 → 0.5"]),
        ({"rate": 1}, {"rate": 1.0}, ["rate 1 → 1.0"]),
        ({"own": {"units": 8}}, {"own": {"units": 4}}, ["own.units 8 → 4"]),
        ({"own": {"units": 8}}, {"own": {"depth": 4}}, ["own.depth 4 added", "own.units removed"]),
        ({"features": None}, {"features": 4}, ["features null → 4"]),
        ({"weights": [2, 3]}, {"weights": [2, 4]}, ["weights[1] 3 → 4"]),
        ({"weights": [2, 3]}, {"weights": [2]}, ["weights [2, 3] → [2]"]),
        ({"models": ["a", "b"]}, {"models": ["c", "b"]}, ["models: c added", "models: a removed"]),
        ({"models": ["a", "b"]}, {"models": ["b", "a"]}, ["models: another order"]),
        (
            {"folds": 5},
            {"folds": 6},
            ["folds 5 → 6 (another K means other folds, so none is k"],
        ),
        ({"sha256": "a" * 64}, {"sha256": "b" * 64}, ["sha256 aaaaaaaa… → bbbbbbbb…"]),
    ],
)
def test_changed_settings_are_listed_by_their_path(old, new, words):
    found = differences({"settings": old}, {"settings": new})
    assert [told[: len(word)] for told, word in zip(found, words, strict=True)] == words


def test_changed_inputs_are_listed_by_stage_and_name():
    old = {"inputs": {"train": ["a/one/1", "a/gone/1"]}}
    new = {"inputs": {"train": ["a/one/2"], "test": ["b/more/1"]}}
    assert differences(old, new) == [
        "uses a one, which changed",
        "also reads b more",
        "no longer reads a gone",
    ]


def test_many_changed_inputs_are_counted_by_stage():
    def inputs(key):
        names = [f"train/{n}/{key}" for n in range(9)]
        return {"inputs": {"train": names, "kfold": [f"kfold/x/{key}"]}}

    assert differences(inputs(1), inputs(2)) == [
        "uses 9 results of train and 1 result of kfold, which changed"
    ]


def test_changed_modules_and_libraries_are_listed_by_name():
    old = {"code": {"a": "1", "b": "1", "c": "1"}, "libraries": {"torch": "2.14.0", "scipy": "1"}}
    new = {"code": {"a": "2", "b": "1", "d": "1"}, "libraries": {"torch": "2.14.1"}}
    assert differences(old, new) == [
        "code of a changed",
        "code of d added",
        "code of c removed",
        "torch 2.14.0 → 2.14.1",
        "scipy removed",
    ]


def test_only_the_first_of_many_changed_modules_are_named():
    old, new = ({"code": {f"m{n}": digest for n in range(9)}} for digest in "12")
    assert differences(old, new) == ["code of m0, m1, m2, m3 and 5 others changed"]
