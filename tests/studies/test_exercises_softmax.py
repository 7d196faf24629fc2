"""The experiments on exercises of softmax regression and the perceptron find the known results."""

import math

import numpy as np
import pytest

from d2l_lab.studies import exercises_mlp, exercises_softmax
from d2l_lab.studies.given import Data
from recipes import POLYNOMIAL, images

SETTINGS = {"examples": 200, "epochs": 10, "batch_size": 20, "learning_rate": 0.1}
TRAIN = Data(*(part.numpy() for part in images("train")), 10)


@pytest.fixture(scope="module")
def found():
    """The measurements of both studies on a small part of Fashion-MNIST."""
    tables = exercises_softmax.study(TRAIN, 0, **SETTINGS, replicates=3)
    tables |= exercises_mlp.study(TRAIN, POLYNOMIAL, 0, **SETTINGS, replicates=3)
    return {
        name: table.groupby(["exercise", "measure", "case"])["value"].agg(["mean", "min", "max"])
        for name, table in tables.items()
    }


def test_formulas_hold_up_to_rounding(found):
    softmax, mlp = found["exercises_softmax"]["max"], found["exercises_mlp"]["max"]
    assert softmax["3.4.1", "greatest difference", "Hessian and covariance"] < 1e-12
    assert mlp["4.1.1", "greatest difference", "PReLU"] == 0
    assert mlp["4.1.3", "greatest difference", "tanh and sigmoid"] < 1e-12
    for sharpness in exercises_softmax.SHARPNESS:
        excess = softmax["3.4.3", "greatest excess", f"{sharpness}"]
        assert 0 < excess <= math.log(2) / sharpness + 1e-12


def test_no_code_takes_fewer_bits_than_the_entropy_and_none_loses_a_message(found):
    means = found["exercises_softmax"]["mean"]
    bits = means["3.4.2", "bits per observation"]
    assert bits["1"] == 2
    assert bits.min() == bits["5"] == 8 / 5
    assert bits.min() > means["3.4.2", "least bits", "entropy"] == math.log2(3)
    assert (means["3.4.2", "share that is lost"] == 0).all()


def test_the_lower_expected_cost_is_cheaper_and_less_accurate(found):
    means = found["exercises_softmax"]["mean"]
    cost, accuracy = (means["3.6.4", name] for name in ("cost per patient", "accuracy"))
    assert cost["lower expected cost"] < 0.6 * cost["likelier class"]
    assert accuracy["lower expected cost"] < accuracy["likelier class"]


def test_a_few_images_are_memorised(found):
    accuracy = found["exercises_softmax"]["mean"]["3.7.2"]
    case = "no weight decay, 200 epochs"
    assert accuracy["training accuracy", case] > 0.95
    assert accuracy["validation accuracy", case] < 0.85


def test_relu_is_piecewise_linear_and_batch_normalisation_couples_examples(found):
    means = found["exercises_mlp"]["mean"]
    straight = means["4.1.2", "share of the line that is straight"]
    assert straight["relu"] > 0.9
    assert straight["tanh"] < 0.1
    assert means["4.1.4", "change by the other examples", "relu"] == 0
    assert means["4.1.4", "change by the other examples", "batch normalisation"] > 0.1
    assert means["4.1.4", "share that is no number", "batch of one"] == 1


def test_zero_weights_learn_nothing_and_undivided_powers_diverge(found):
    means = found["exercises_mlp"]["mean"]
    accuracy = means["4.3.3", "validation accuracy"]
    assert accuracy["zero"] < 0.2
    assert accuracy["He"] > 0.5
    loss = means["4.4.3", "training loss"]
    assert not np.isfinite(loss["powers"])
    assert loss["standardised"] < loss["divided by i!"]
    assert means["4.4.4", "test loss", "the true polynomial"] == pytest.approx(0.01, rel=0.3)


def test_the_default_perceptron_is_the_same_in_every_comparison(found):
    means = found["exercises_mlp"]["mean"]
    keys = [("4.2.1", "64"), ("4.2.2", "1, 0.1"), ("4.2.3", "0.1"), ("4.3.2", "relu")]
    keys.append(("4.3.3", "He"))
    assert len({means[exercise, "validation accuracy", case] for exercise, case in keys}) == 1
