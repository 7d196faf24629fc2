"""The experiments on exercises of linear regression measure what theory predicts."""

import numpy as np
import pytest

from d2l_lab.studies.exercises_linear import study


@pytest.fixture(scope="module")
def found():
    """The measurements with the shipped settings, by exercise, measure and case."""
    settings = {"examples": 200, "epochs": 10, "batch_size": 10, "learning_rate": 0.3}
    table = study(0, **settings, replicates=20)["exercises_linear"]
    return table.set_index(["exercise", "measure", "case"]).sort_index()["value"]


def test_the_median_is_worse_for_normal_and_better_for_laplace_noise_as_known(found):
    errors = found["3.1.1", "squared error"].groupby("case").mean()
    factors = [
        errors[f"median, {noise} noise"] / errors[f"mean, {noise} noise"]
        for noise in ("normal", "Laplace")
    ]
    np.testing.assert_allclose(factors, [np.pi / 2, 0.5], rtol=0.15)


def test_the_gradient_follows_the_formula_and_is_zero_at_the_solution(found):
    for exercise, measure, case in [
        ("3.1.2", "greatest difference", "gradient"),
        ("3.1.2", "greatest", "gradient at the solution"),
        ("3.2.4", "greatest difference", "Hessian"),
        ("3.3.3", "greatest difference", "after backward"),
        ("3.3.1", "difference from the mean's", "total, rate over batch size"),
    ]:
        assert (found[exercise, measure, case] < 1e-12).all()


def test_mistakes_fail_and_remedies_help(found):
    def mean(*key):
        return found[key].mean()

    assert mean("3.1.2", "greatest error", "distance 1") < 1e-12
    assert mean("3.1.2", "greatest error", "distance 1e-08") > 1
    steps = [mean("3.1.3", "length of a step", f"{rate} rate") for rate in ("constant", "falling")]
    assert steps[0] > 5 * steps[1]
    assert mean("3.2.5", "distance", "broadcast") > 10 * mean("3.2.5", "distance", "same shape")
    outliers = [
        mean("3.3.2", "distance", f"{loss} loss, outliers") for loss in ("squared", "Huber")
    ]
    assert outliers[0] > 2 * outliers[1]
    assert mean("3.3.1", "distance", "total, same rate") > 1e6
    assert not mean("3.2.4", "can be differentiated", "gradient, as by default")


def test_the_constants_of_nature_are_learned(found):
    assert abs(found["3.2.2", "resistance", "estimate"].mean() - 47) < 0.2
    assert abs(found["3.2.3", "temperature", "estimate"].mean() - 5772) < 20


def test_the_last_batch_is_smaller_where_the_size_does_not_divide(found):
    size, last = (found["3.2.7", name, "epoch"].item() for name in ("batch size", "last batch"))
    assert 0 < last == 200 % size
