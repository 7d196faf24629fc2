"""Polynomials of many degrees are fitted at once, each as if it were fitted alone."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from d2l_lab.studies import _polynomials as polynomials
from d2l_lab.training.fit import Examples
from d2l_lab.training.minibatches import shuffles
from d2l_lab.training.randomness import generator
from recipes import POLYNOMIAL

SGD = {"epochs": 4, "batch_size": 7, "learning_rate": 0.05}


def drawn(replicates=1, examples=30, seed=0):
    return polynomials.draw_datasets(POLYNOMIAL, examples, seed, "test", replicates)


def generators(count):
    return [generator(0, "test", number) for number in range(count)]


@pytest.mark.parametrize("degree", [0, 1, 5])
def test_a_column_equals_the_notes_training_of_that_degree(degree):
    (data,) = drawn()
    degrees = [0, 1, 5]
    (W,) = polynomials.fit_by_sgd(data, [torch.arange(30)], degrees, generators(1), **SGD)

    (random,) = generators(1)
    initial = torch.empty(6, 3).uniform_(-1, 1, generator=random)[:, degrees.index(degree)]
    net = nn.Linear(degree + 1, 1, bias=False)
    net.weight.data[:] = initial[: degree + 1] / (degree + 1) ** 0.5
    loss, trainer = nn.MSELoss(), torch.optim.SGD(net.parameters(), lr=SGD["learning_rate"])
    orders = shuffles([torch.arange(30)], [random])
    for _ in range(SGD["epochs"]):
        for rows in next(orders).index[0].split(SGD["batch_size"]):
            trainer.zero_grad()
            loss(net(data.X[rows, : degree + 1]), data.y[rows]).backward()
            trainer.step()
    found = W[:, degrees.index(degree)]
    torch.testing.assert_close(found[: degree + 1], net.weight.data[0])
    assert (found[degree + 1 :] == 0).all()


def test_fits_of_unequal_numbers_of_rows_do_not_affect_each_other():
    whole = polynomials.concatenate(drawn(2))
    rows = [torch.arange(30), torch.arange(30, 50)]
    both = polynomials.fit_by_sgd(whole, rows, [0, 3], generators(2), **SGD)
    other = polynomials.fit_by_sgd(whole, [rows[0], rows[0]], [0, 3], generators(2), **SGD)
    torch.testing.assert_close(both[0], other[0])
    changed = Examples(whole.X.clone(), whole.y.clone())
    changed.y[50:] = 99
    again = polynomials.fit_by_sgd(changed, rows, [0, 3], generators(2), **SGD)
    assert torch.equal(both, again)


@given(seed=st.integers(0, 1000), examples=st.integers(6, 40))
def test_the_residual_of_an_exact_fit_is_orthogonal_to_its_columns(seed, examples):
    (data,) = drawn(examples=examples, seed=seed)
    W = polynomials.least_squares(data, [3])
    residual = data.y.double() - data.X.double() @ W
    columns = data.X[:, :4].double()
    scale = columns.norm(dim=0) * max(residual.norm().item(), 1e-9)
    assert ((columns.T @ residual)[:, 0].abs() <= 1e-8 * scale + 1e-12).all()


@given(seed=st.integers(0, 1000), examples=st.integers(2, 40))
def test_a_higher_degree_never_fits_worse(seed, examples):
    (data,) = drawn(examples=examples, seed=seed)
    losses = polynomials.losses(data, polynomials.least_squares(data, range(6)))
    assert (losses.diff() <= 1e-9 * losses[0]).all()


def test_the_true_weights_are_found_without_noise():
    (data,) = polynomials.draw_datasets(POLYNOMIAL | {"noise": 0}, 30, 0, "test", 1)
    W = polynomials.least_squares(data, [3, 5])
    expected = np.array([[5, 1.2, -3.4, 5.6, 0, 0]] * 2).T
    np.testing.assert_allclose(W.numpy(), expected, atol=1e-3)  # the data are float32


def test_each_replicate_has_its_own_dataset_whatever_their_number():
    two, three = drawn(2), drawn(3)
    assert all(torch.equal(one.X, same.X) for one, same in zip(two, three, strict=False))
    assert not torch.equal(two[0].X, two[1].X)
    assert not torch.equal(two[0].X, drawn(1, seed=1)[0].X)


def test_the_true_degree_is_that_of_the_last_nonzero_weight():
    given = ([5, 1.2, -3.4, 5.6], [5, 0, -3.4, 0], [5], [0])
    assert [polynomials.true_degree({"weights": weights}) for weights in given] == [3, 2, 0, 0]
