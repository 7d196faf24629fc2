"""The study of capacity has every fit, and chooses by the folds alone."""

import pytest

from d2l_lab.config import study as declared
from d2l_lab.studies import capacity
from recipes import POLYNOMIAL

SETTINGS = {"folds": 3, "replicates": 4, "epochs": 20, "batch_size": 10, "learning_rate": 0.05}


@pytest.fixture(scope="module")
def found():
    return capacity.study(POLYNOMIAL, 25, 20, 0, **SETTINGS)


def test_every_fit_is_listed(found):
    assert tuple(found) == declared("capacity").tables
    sizes = {name: len(table) for name, table in found.items()}
    assert sizes == {
        "capacity": 2 * 6 * 4 * 3 * 2,
        "capacity_test": 2 * 6 * 4 * 2,
        "capacity_weights": 2 * 6 * 4,
        "capacity_choice": 2 * 4 * 2,
    }
    for table in found.values():
        assert table.notna().all(axis=None)
        key = [name for name in table if name in {"method", "degree", "replicate", "fold", "split"}]
        if "rule" not in table:
            assert not table.duplicated(key).any()


def test_the_choice_is_the_lowest_mean_over_the_folds_and_the_simplest_near_it(found):
    for row in found["capacity_choice"].itertuples():
        chosen = found["capacity"].query(
            "method == @row.method and replicate == @row.replicate and split == 'validation'"
        )
        folds = chosen.pivot(index="degree", columns="fold", values="loss")
        means, errors = folds.mean(axis=1), folds.std(axis=1) / 3**0.5
        best = means.idxmin()
        within = means <= means[best] + errors[best]
        assert row.degree == (best if row.rule == "minimum" else within[within].index[0])
        assert row.validation_loss == pytest.approx(means[row.degree])


def test_the_choice_is_tested_on_the_fit_to_all_examples(found):
    on = ["method", "replicate", "degree"]
    tested = found["capacity_test"].query("split == 'test'")
    both = found["capacity_choice"].merge(tested, on=on)
    assert len(both) == len(found["capacity_choice"])
    assert (both["test_loss"] == both["loss"]).all()


def test_exact_fits_are_never_worse_in_training_than_sgd(found):
    for name, fit in (("capacity", ["replicate", "fold"]), ("capacity_test", ["replicate"])):
        losses = found[name].query("split == 'train'")
        by = losses.pivot(index=["degree", *fit], columns="method", values="loss")
        assert (by["exact"] <= by["sgd"] * (1 + 1e-6)).all()
