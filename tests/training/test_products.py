"""Products of R replicas, and gradients in the form of their factors."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.training.products import add_gradient, affine, by_factors, matmul
from d2l_lab.training.randomness import generator

SIZES = st.tuples(*[st.integers(1, 4)] * 4)  # R, B, d, q


def operands(sizes):
    """Make X, W and b, whose gradients are asked for."""
    R, B, d, q = sizes
    shapes = [(R, B, d), (R, d, q), (R, 1, q)]
    chance = generator(0)
    return [
        torch.randn(shape, generator=chance, dtype=torch.float64).requires_grad_()
        for shape in shapes
    ]


@given(SIZES)
def test_an_affine_map_is_the_formula(sizes):
    X, W, b = operands(sizes)
    torch.testing.assert_close(affine(X, W, b), X @ W + b)
    torch.testing.assert_close(matmul(X, W), X @ W)


@given(SIZES)
def test_the_gradients_of_an_affine_map_are_those_of_its_differences(sizes):
    assert torch.autograd.gradcheck(affine, operands(sizes))


@pytest.mark.parametrize("wanted", [(False, True, True), (True, False, False)])
def test_gradients_that_nobody_asks_for_are_not_made(wanted):
    given_ = [
        one.detach().requires_grad_(asked)
        for one, asked in zip(operands((2, 3, 4, 5)), wanted, strict=True)
    ]
    affine(*given_).sum().backward()
    assert [one.grad is not None for one in given_] == list(wanted)


@given(SIZES, st.integers(1, 3))
def test_a_step_by_factors_is_the_step_by_the_matrix(sizes, uses):
    X, W, b = operands(sizes)
    factored = by_factors(W.detach().clone().requires_grad_())
    for weights in (W, factored):
        sum(affine(X * (use + 1), weights, b).square().sum() for use in range(uses)).backward()
    assert factored.grad is None
    for weights in (W, factored):
        add_gradient(weights, -0.1)
    torch.testing.assert_close(factored, W)


def test_a_gradient_that_was_added_is_forgotten():
    X, W, b = operands((2, 3, 4, 5))
    for weights in (W, by_factors(W.detach().clone().requires_grad_())):
        affine(X, weights, b).sum().backward()
        add_gradient(weights, 1.0)
        moved = weights.detach().clone()
        add_gradient(weights, 1.0)
        assert torch.equal(weights, moved)
