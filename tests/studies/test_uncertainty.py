"""The uncertainty of a test accuracy has two sources: replicates and examples."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from d2l_lab.studies import uncertainty
from d2l_lab.studies.given import Data, Trained

Y = np.array([0, 0, 1, 1])
# right: 1 1 0 0 and 1 1 1 0; for the other model 1 0 0 0 and 1 0 0 1
PREDICTED = np.array([[0, 0, 0, 0], [0, 0, 1, 0]])
OTHER = np.array([[0, 1, 0, 0], [0, 1, 0, 1]])


def trained(model, predicted, dataset="fashion_mnist", device="cpu"):
    return Trained(model, device, "mlp.scratch", dataset, pd.DataFrame(), {}, predicted)


def found(*models):
    test = Data(np.zeros((4, 1, 2, 2), np.float32), Y, 2, ("bag", "coat"))
    return uncertainty.study([*models], {"fashion_mnist": test, "pets": test})


def test_the_accuracy_has_the_errors_of_replicates_and_of_examples():
    (row,) = found(trained("mlp", PREDICTED))["uncertainty"].to_dict("records")
    assert (row["accuracy"], row["replicates"], row["examples"]) == (5 / 8, 2, 4)
    assert row["error_replicates"] == pytest.approx(stats.sem([0.5, 0.75]))
    assert row["error_examples"] == pytest.approx(stats.sem([1, 1, 0.5, 0]))
    assert row["error"] == pytest.approx(np.hypot(row["error_replicates"], row["error_examples"]))
    parts = row["error_replicates"] ** 4 / 1 + row["error_examples"] ** 4 / 3
    assert row["freedom"] == pytest.approx(row["error"] ** 4 / parts)
    half = stats.t.ppf(0.975, row["freedom"]) * row["error"]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((5 / 8 - half, 5 / 8 + half))


def test_two_models_are_compared_on_the_same_examples_and_replicates():
    pairs = found(trained("a", PREDICTED), trained("b", np.vstack([OTHER, Y])))["uncertainty_pairs"]
    first, second = pairs.to_dict("records")
    assert (first["first"], first["second"]) == ("a", "b") == (second["second"], second["first"])
    apart = np.array([[0, 1, 0, 0], [0, 1, 1, -1]])  # only b's first two replicates
    assert first["difference"] == apart.mean() == -second["difference"]
    assert first["replicates"] == 2
    assert first["error_examples"] == pytest.approx(stats.sem(apart.mean(axis=0)))
    assert (first["only_first"], first["only_second"]) == (1.5, 0.5)
    assert (first["share"], second["share"]) == (1.0, 0.0)


def test_a_model_is_not_compared_with_one_of_other_data_or_on_another_device():
    others = trained("b", OTHER, "pets"), trained("c", OTHER, device="cuda:0")
    tables = found(trained("a", PREDICTED), *others)
    assert tables["uncertainty"]["model"].tolist() == ["a", "b", "c"]
    assert tables["uncertainty_pairs"].empty


def test_a_single_replicate_has_no_error_and_a_diverged_one_no_accuracy():
    lost = PREDICTED.copy()
    lost[1] = -1
    tables = found(
        trained("one", PREDICTED[:1]), trained("lost", lost), trained("x", OTHER, "none")
    )
    one, of_lost = tables["uncertainty"].to_dict("records")
    assert (one["accuracy"], np.isnan(one["error"])) == (0.5, True)
    assert np.isnan([of_lost["accuracy"], of_lost["error"], of_lost["ci_low"]]).all()
