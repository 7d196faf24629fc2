import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.training.minibatches import padded, shared, shuffles
from d2l_lab.training.randomness import generator

HUNDRED = torch.arange(100)
ROWS = st.lists(
    st.lists(st.integers(0, 999), min_size=1, max_size=30, unique=True).map(torch.tensor),
    min_size=1,
    max_size=5,
)


def epochs_of(rows, replicas, epochs=3):
    orders = shuffles(rows, [generator(0, "shuffles", replica) for replica in replicas])
    return [next(orders) for _ in range(epochs)]


@given(ROWS)
def test_padding_keeps_each_replicas_rows_at_weight_one_and_adds_places_of_weight_zero(rows):
    index, weight = padded(rows)
    longest = max(map(len, rows))
    assert index.shape == weight.shape == (len(rows), longest)
    assert (index.dtype, weight.dtype) == (torch.int64, torch.float32)
    for r, one in enumerate(rows):
        assert torch.equal(index[r, : len(one)], one)
        assert {*index[r].tolist()} == {*one.tolist()}  # a padded place has a row of its replica
        assert weight[r].tolist() == [1.0] * len(one) + [0.0] * (longest - len(one))


@given(ROWS, st.integers(1, 40))
def test_examples_share_the_mean_of_a_minibatch_equally_and_padding_has_no_share(rows, batch_size):
    together = padded(rows)
    index, shares = together.shares(batch_size)
    assert torch.equal(index, together.index)
    for own, weight in zip(shares, together.weight, strict=True):
        for share, real in zip(own.split(batch_size), weight.split(batch_size), strict=True):
            counted = int(real.sum())
            expected = [1 / counted] * counted + [0] * (len(share) - counted) if counted else real
            assert torch.equal(share, torch.as_tensor(expected, dtype=torch.float32))


def test_a_batch_size_far_greater_than_the_data_takes_no_more_memory_than_the_data():
    rows = shared(torch.arange(5), 2)
    assert torch.equal(rows.shares(2**62).weight, rows.shares(5).weight)


def test_rows_shared_by_all_replicas_are_in_memory_once():
    rows = torch.tensor([4, 0, 4])
    index, weight = shared(rows, 3)
    assert torch.equal(index, padded([rows] * 3).index)
    assert torch.equal(weight, padded([rows] * 3).weight)
    assert index.untyped_storage().nbytes() == rows.untyped_storage().nbytes()


@given(ROWS)
def test_a_shuffle_is_a_permutation_of_each_replicas_rows(rows):
    for index, weight in epochs_of(rows, range(len(rows))):
        for one, places, real in zip(rows, index, weight.bool(), strict=True):
            assert torch.equal(places[real].sort().values, one.sort().values)


@given(ROWS, st.data())
def test_the_order_of_a_replica_does_not_depend_on_the_others(rows, data):
    r = data.draw(st.integers(0, len(rows) - 1))
    together = epochs_of(rows, range(len(rows)))
    alone = epochs_of([rows[r]], [r])
    for all_rows, its_rows in zip(together, alone, strict=True):
        assert torch.equal(all_rows.index[r, : len(rows[r])], its_rows.index[0])


@given(ROWS, st.integers(1, 40))
def test_all_minibatches_but_the_last_are_full_and_together_have_every_row_in_order(
    rows, batch_size
):
    whole = padded(rows)
    batches = list(whole.batches(batch_size))
    sizes = [index.shape[1] for index, _ in batches]
    assert all(size == batch_size for size in sizes[:-1])
    assert 1 <= sizes[-1] <= batch_size
    assert torch.equal(torch.cat([index for index, _ in batches], dim=1), whole.index)
    assert torch.equal(torch.cat([weight for _, weight in batches], dim=1), whole.weight)


def test_every_epoch_and_replica_has_its_own_order_which_repeats():
    both = [epochs_of([torch.arange(100)] * 3, range(3)) for _ in range(2)]
    first, again = (
        [tuple(own.tolist()) for rows in epochs for own in rows.index] for epochs in both
    )
    assert first == again
    assert len({*first, tuple(range(100))}) == 10


def test_a_replica_without_a_generator_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        next(shuffles([torch.arange(3)] * 2, [generator(0)]))
