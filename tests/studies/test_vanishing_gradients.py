"""One backward pass through untrained perceptrons."""

from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2l_lab.errors import LabError
from d2l_lab.studies.given import Data
from d2l_lab.studies.vanishing_gradients import (
    initial_weights,
    root_mean_square,
    study,
)
from recipes import images

OWN = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
KEY = ["activation", "initial", "depth", "replicate"]
DATA = Data(images().X.numpy(), images().y.numpy(), 10)
SETTINGS = {"depths": [1, 3], "hidden_units": 8, "examples": 32, "replicates": 3}


def table(seed=0, data=DATA, **changes):
    return study(data, seed, **SETTINGS | changes)["vanishing_gradients"]


@cache
def found():
    return table()


def test_there_is_a_row_for_each_activation_initial_value_depth_and_replicate():
    assert list(found()) == [*KEY, "first_layer", "last_layer", "ratio"]
    assert len(found().drop_duplicates(KEY)) == len(found()) == 3 * 3 * 2 * 3
    assert set(found()["activation"]) == {"relu", "sigmoid", "tanh"}
    assert set(found()["initial"]) == {"notes", "xavier", "he"}
    np.testing.assert_allclose(found()["ratio"], found()["first_layer"] / found()["last_layer"])


@pytest.mark.parametrize(("activation", "own"), OWN.items())
@pytest.mark.parametrize(("initial", "depth"), [("notes", 3), ("xavier", 1), ("he", 3)])
def test_the_gradients_equal_those_of_the_same_network_in_torch_nn(activation, own, initial, depth):
    X, y = images().X[:32].flatten(1).double(), images().y[:32]
    weights = initial_weights([784, *[8] * depth, 10], initial, 0, 3)
    rows = found().set_index(KEY).sort_index().loc[(activation, initial, depth)]
    for replicate in range(3):
        layers = [nn.Linear(*W.shape[1:], bias=False, dtype=torch.float64) for W in weights]
        for layer, W in zip(layers, weights, strict=True):
            layer.weight.data = W[replicate].T.clone()
        hidden = [part for layer in layers[:-1] for part in (layer, own())]
        nn.CrossEntropyLoss()(nn.Sequential(*hidden, layers[-1])(X), y).backward()
        expected = [layers[place].weight.grad.square().mean().sqrt().item() for place in (0, -1)]
        values = rows.loc[replicate, ["first_layer", "last_layer"]]
        np.testing.assert_allclose(values, expected, rtol=1e-10)


def test_the_initial_weights_have_the_requested_deviations():
    sizes = [400, 300, 10]
    notes, xavier = (initial_weights(sizes, initial, 0, 2) for initial in ("notes", "xavier"))
    for W, V, (inputs, outputs) in zip(notes, xavier, [(400, 300), (300, 10)], strict=True):
        assert W.std().item() == pytest.approx(0.01, rel=0.03)
        assert V.std().item() == pytest.approx((2 / (inputs + outputs)) ** 0.5, rel=0.03)
        torch.testing.assert_close(W / W.std(), V / V.std())  # the same random numbers
    assert not torch.equal(notes[0][0], notes[0][1])


def test_sigmoid_loses_the_gradient_and_relu_and_tanh_keep_it_with_xaviers_weights():
    rows = table(depths=[1, 8], hidden_units=32, examples=64).query("initial == 'xavier'")
    means = rows.groupby(["activation", "depth"])["first_layer"].mean().unstack()
    kept = means[8] / means[1]
    assert kept["sigmoid"] < 1e-3
    assert kept["relu"] > 0.01
    assert kept["tanh"] > 0.1


def test_nothing_underflows_in_a_very_deep_network():
    rows = table(depths=[1, 60], hidden_units=1, replicates=1).query("activation == 'sigmoid'")
    assert rows["first_layer"].min() < 1e-150  # its square is too small for a double
    assert (rows["first_layer"] > 0).all()


def test_a_vanished_gradient_is_zero_and_its_ratio_is_missing():
    black = DATA._replace(X=np.zeros_like(DATA.X))
    rows = table(data=black, replicates=1).query("activation == 'relu'")
    assert (rows[["first_layer", "last_layer"]] == 0).all(axis=None)
    assert rows["ratio"].isna().all()


@given(st.integers(-300, 290), st.lists(st.floats(0.1, 10), min_size=1, max_size=8))
def test_the_root_mean_square_scales_with_its_numbers_at_every_size(power, numbers):
    expected = float(np.sqrt(np.mean(np.square(numbers)))) * 10.0**power
    gradient = torch.tensor([numbers], dtype=torch.float64) * 10.0**power
    assert root_mean_square(gradient).item() == pytest.approx(expected, rel=1e-12)


def test_more_examples_than_exist_are_refused_in_one_line():
    assert not table(examples=499).equals(table(examples=500))
    told = "^study vanishing_gradients: 501 is more than the 500 examples there are; give studies"
    with pytest.raises(LabError, match=told):
        table(examples=501)


def test_a_replicate_does_not_depend_on_other_replicates_or_depths():
    few = table(depths=[3], replicates=1).set_index(KEY)
    assert few.equals(found().set_index(KEY).sort_index().loc[few.index])
