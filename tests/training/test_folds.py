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
def test_every_row_is_validated_once_and_trained_on_by_all_other_folds(split):
    n, folds = split
    parts = folds_of(n, folds)
    assert len(parts) == folds
    assert sorted(row for _, validation in parts for row in validation.tolist()) == [*range(n)]
    for training, validation in parts:
        assert sorted([*training.tolist(), *validation.tolist()]) == [*range(n)]
        assert len(validation) in (n // folds, -(-n // folds))
        for rows in (training, validation):
            assert rows.dtype == torch.int64
            assert torch.equal(rows, rows.sort().values)


def test_the_same_seed_gives_the_same_folds_and_another_seed_different_ones():
    first, again, other = (
        [validation.tolist() for _, validation in folds_of(100, 5, seed)] for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other
    blocks = [part.tolist() for part in torch.arange(100).tensor_split(5)]
    assert all(validation not in blocks for validation in first)  # they are shuffled


@pytest.mark.parametrize("folds", [-1, 0, 1, 11])
def test_an_impossible_number_of_folds_is_refused_with_the_allowed_range(folds):
    with pytest.raises(ValueError, match=f"folds: {folds}; with 10 examples, .* from 2 to 10"):
        folds_of(10, folds)
