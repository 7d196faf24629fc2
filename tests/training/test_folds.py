import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.training.folds import kfold
from d2l_lab.training.randomness import generator

SPLITS = st.integers(2, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(2, min(n, 12))))


def folds_of(n, folds, seed=0):
    return kfold(n, folds, generator(seed, "folds"))


@given(SPLITS)
def test_every_row_is_validated_exactly_once(split):
    n, folds = split
    validated = torch.cat([validation for _, validation in folds_of(n, folds)])
    assert len(folds_of(n, folds)) == folds
    assert validated.sort().values.tolist() == list(range(n))


@given(SPLITS)
def test_each_fold_trains_on_all_rows_that_it_does_not_validate(split):
    n, folds = split
    for training, validation in folds_of(n, folds):
        assert not set(training.tolist()) & set(validation.tolist())
        assert torch.cat([training, validation]).sort().values.tolist() == list(range(n))


@given(SPLITS)
def test_the_sizes_of_the_folds_differ_by_one_at_most(split):
    sizes = [len(validation) for _, validation in folds_of(*split)]
    assert min(sizes) >= 1
    assert max(sizes) - min(sizes) <= 1


@given(SPLITS)
def test_rows_are_sorted_whole_numbers(split):
    for rows in sum(folds_of(*split), ()):
        assert rows.dtype == torch.int64
        assert torch.equal(rows, rows.sort().values)


def test_the_same_seed_gives_the_same_folds_and_another_seed_others():
    first, again, other = (
        [validation.tolist() for _, validation in folds_of(100, 5, seed)] for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_the_rows_are_shuffled_before_they_are_cut():
    blocks = [part.tolist() for part in torch.arange(100).tensor_split(5)]
    assert all(validation.tolist() not in blocks for _, validation in folds_of(100, 5))


@pytest.mark.parametrize("folds", [-1, 0, 1, 11])
def test_a_number_of_folds_that_cannot_be_is_refused_with_the_range(folds):
    with pytest.raises(ValueError, match=f"folds: {folds}; with 10 examples .* from 2 to 10"):
        folds_of(10, folds)
