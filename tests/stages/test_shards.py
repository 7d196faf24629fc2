"""A large training is split into several jobs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.stages import shards
from d2l_lab.store import results


@pytest.mark.parametrize(("count", "size"), [(5, None), (5, 5), (5, 6), (1, 1)])
def test_a_training_that_one_job_can_do_is_not_split(count, size):
    assert shards.cut(count, size) == []


@given(count=st.integers(2, 1000), size=st.integers(1, 999))
def test_every_replica_is_in_one_shard_and_no_shard_is_too_large(count, size):
    ranges = shards.cut(count, size)
    assert [number for one in ranges for number in one] == (list(range(count)) if ranges else [])
    assert all(0 < len(one) <= size for one in ranges)


def test_a_shard_of_replicates_does_not_depend_on_their_total_number():
    few, many = ({"epochs": 3, "replicates": count} for count in (10, 1000))
    one = range(5, 10)
    assert shards.settings_of(few, one) == shards.settings_of(many, one)
    assert shards.settings_of(few, one) == {"epochs": 3, "only": [5, 10]}
    assert shards.numbers_of(shards.settings_of(few, one)) == one


def test_a_shard_of_folds_depends_on_their_total_number():
    assert shards.settings_of({"folds": 5}, range(2)) == {"folds": 5, "only": [0, 2]}
    assert shards.numbers_of({"folds": 5}) == range(5)


def test_a_shard_is_named_after_the_training_and_its_first_and_last_replica():
    name = shards.name_of("mlp_scratch.cuda0", range(100, 200))
    assert name == "mlp_scratch.cuda0.100-199"
    assert (
        results.whole_name(name) == results.whole_name("mlp_scratch.cuda0") == "mlp_scratch.cuda0"
    )
