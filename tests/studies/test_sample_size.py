"""The study of sample sizes."""

import pandas as pd
import pytest

from d2l_lab.studies import sample_size
from recipes import POLYNOMIAL

SETTINGS = {
    "sizes": [2, 10, 40],
    "degrees": [1, 5],
    "replicates": 3,
    "steps": 40,
    "batch_size": 10,
    "learning_rate": 0.05,
}


@pytest.fixture(scope="module")
def losses():
    return sample_size.study(POLYNOMIAL, 20, 0, **SETTINGS)["sample_size"]


def test_every_fit_is_there_once(losses):
    assert len(losses) == 2 * 3 * 2 * 3 * 2
    assert not losses.duplicated(["method", "examples", "degree", "replicate", "split"]).any()
    assert losses["loss"].notna().all()
    fits = ["method", "examples", "degree", "replicate"]
    by_split = losses.pivot(index=fits, columns="split", values="loss")
    assert (by_split["train"] != by_split["test"]).all()  # not even at the greatest size


def test_two_examples_are_fitted_exactly_by_a_line(losses):
    exact = losses.query("method == 'exact' and examples == 2 and split == 'train'")
    assert (exact["loss"] < 1e-20).all()


def test_a_size_does_not_depend_on_the_other_sizes_but_for_the_data_drawn(losses):
    alone = sample_size.study(POLYNOMIAL, 20, 0, **SETTINGS | {"sizes": [10, 40]})["sample_size"]
    rest = losses[losses["examples"] != 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, alone.reset_index(drop=True), check_exact=True)
