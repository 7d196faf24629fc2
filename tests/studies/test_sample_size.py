"""The study of sample sizes."""

import numpy as np
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
def tables():
    return sample_size.study(POLYNOMIAL, 20, 0, **SETTINGS)


@pytest.fixture(scope="module")
def losses(tables):
    return tables["sample_size"]


def test_every_fit_is_listed_once(losses):
    assert len(losses) == 2 * 3 * 2 * 3 * 2
    assert not losses.duplicated(["method", "examples", "degree", "replicate", "split"]).any()
    assert losses["loss"].notna().all()
    fits = ["method", "examples", "degree", "replicate"]
    by_split = losses.pivot(index=fits, columns="split", values="loss")
    assert (by_split["train"] != by_split["test"]).all()  # not even at the largest size


def test_two_examples_are_fitted_exactly_by_a_line(losses):
    exact = losses.query("method == 'exact' and examples == 2 and split == 'train'")
    assert (exact["loss"] < 1e-20).all()


def test_a_size_depends_on_the_other_sizes_only_by_the_drawn_data(losses):
    alone = sample_size.study(POLYNOMIAL, 20, 0, **SETTINGS | {"sizes": [10, 40]})["sample_size"]
    rest = losses[losses["examples"] != 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, alone.reset_index(drop=True), check_exact=True)


def test_the_stored_fits_have_the_losses_stored_with_them(tables):
    fits, kept = tables["sample_size_fits"], tables["sample_size_degrees"]
    assert {*kept["degree"]} == {*range(POLYNOMIAL["max_degree"])}
    for (size, degree, replicate), rows in fits.groupby(["examples", "degree", "replicate"]):
        assert rows["term"].tolist() == [*range(degree + 1)]
        examples = tables["sample_size_examples"]
        seen = examples[examples["replicate"] == replicate][:size]
        weights = rows["weight"] / np.cumprod([1, *range(1, degree + 1)])
        errors = np.polynomial.Polynomial(weights)(seen["x"].to_numpy()) - seen["y"]
        of_fit = (kept[["examples", "degree", "replicate"]] == [size, degree, replicate]).all(
            axis=1
        )
        loss = kept.loc[of_fit & (kept["split"] == "train"), "loss"].item()
        np.testing.assert_allclose((errors**2).mean(), loss, rtol=1e-3, atol=1e-10)


def test_the_losses_of_all_degrees_agree_with_those_of_the_requested_ones(tables):
    on = ["examples", "degree", "replicate", "split"]
    exact = tables["sample_size"].query("method == 'exact'")
    both = exact.merge(tables["sample_size_degrees"], on=on, suffixes=("", "_kept"))
    assert len(both) == 3 * 2 * 3 * 2
    np.testing.assert_allclose(both["loss"], both["loss_kept"], rtol=1e-6, atol=1e-12)


def test_the_true_weights_are_those_of_the_settings(tables):
    truth = tables["sample_size_truth"]
    assert truth["weight"].tolist() == [*POLYNOMIAL["weights"]]
    assert {*truth["noise"]} == {POLYNOMIAL["noise"]}
