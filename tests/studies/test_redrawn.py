"""The study trains each replicate on its own dataset."""

import numpy as np
import pytest

from d2l_lab.studies import redrawn

LINEAR = {"weights": [2, -3.4], "bias": 4.2, "noise": 0.01}
POLYNOMIAL = {"weights": [5, 1.2, -3.4, 5.6], "max_degree": 6, "noise": 0.1}
N, REPLICATES = 1000, 20


@pytest.fixture(scope="module")
def found():
    """The values of each module, features and quantity, by replicate."""
    table = redrawn.study(LINEAR, N, POLYNOMIAL, 30, 0, replicates=REPLICATES)["redrawn"]
    return {
        key: rows.set_index("replicate")["value"]
        for key, rows in table.groupby(["module", "features", "quantity"])
    }


def test_every_replicate_has_its_own_dataset_and_is_measured_on_it(found):
    losses = found["linear_regression.concise", 2, "train_loss"]
    assert losses.nunique() == REPLICATES
    noise = 0.01**2
    assert losses.mean() == pytest.approx(noise, rel=0.1)
    assert losses.std() == pytest.approx(noise * np.sqrt(2 / N), rel=0.5)  # from the data, not SGD


def test_both_ways_have_the_same_datasets_and_both_find_the_truth(found):
    whole, half = (
        found[f"linear_regression.{way}", 2, "train_loss"] for way in ("concise", "scratch")
    )
    assert half.index.equals(whole.index)
    for name, true in (("w[0]", 2), ("w[1]", -3.4), ("b", 4.2)):
        assert found["linear_regression.concise", 2, name].mean() == pytest.approx(true, abs=0.01)


def test_a_line_is_fitted_and_the_polynomial_of_the_true_degree(found):
    names = {(features, quantity) for module, features, quantity in found if "polynomial" in module}
    weights = {(4, f"w[{i}]") for i in range(4)} | {(2, f"w[{i}]") for i in range(2)}
    assert names == weights | {(2, "train_loss"), (4, "train_loss")}
    line, true = (
        found["polynomial_regression.concise", features, "train_loss"] for features in (2, 4)
    )
    assert line.min() > true.max()
