"""Products of R replicas, and the parameters that use them in products and steps."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from d2l_lab.training.optimisers import FromScratch, sgd
from d2l_lab.training.parameters import Parameter
from d2l_lab.training.products import Product
from d2l_lab.training.randomness import generator
from recipes import RECIPES

SIZES = st.tuples(*[st.integers(1, 4)] * 4)  # R, B, d, q
LEARNING_RATE = 0.1


def operands(sizes):
    """Make X, W and b, which require gradients; W is a plain tensor."""
    R, B, d, q = sizes
    chance = generator(0)
    return [
        torch.randn(shape, generator=chance, dtype=torch.float64).requires_grad_()
        for shape in [(R, B, d), (R, d, q), (R, 1, q)]
    ]


@given(SIZES)
def test_an_affine_map_of_parameters_equals_that_of_tensors_gradients_included(sizes):
    X, W, b = operands(sizes)
    quick = Parameter(W.detach())
    torch.testing.assert_close(X @ quick + b, X @ W + b)
    assert torch.autograd.gradcheck(Product.apply, [X, W])


@pytest.mark.parametrize("wanted", [(False, True), (True, False)])
def test_unrequested_gradients_are_not_computed(wanted):
    X, W, _ = operands((2, 3, 4, 5))
    X, W = X.detach().requires_grad_(wanted[0]), Parameter(W.detach()).requires_grad_(wanted[1])
    (X @ W).sum().backward()
    assert [X.grad is not None, W.grad is not None] == list(wanted)


@given(SIZES, st.integers(1, 3))
def test_a_step_of_parameters_equals_that_of_plain_tensors_and_of_torch(sizes, uses):
    """The plain formula is the reference for the quick one, and torch.optim for both."""
    X, *plain = operands(sizes)
    theirs = [tensor.detach().clone().requires_grad_() for tensor in plain]
    quick = [Parameter(tensor.detach().clone()) for tensor in plain]
    ours, torchs = (
        FromScratch(quick, sgd, LEARNING_RATE),
        torch.optim.SGD(theirs, LEARNING_RATE),
    )
    for _ in range(2):  # a gradient left over from the first step would show in the second
        for W, b in (plain, theirs, quick):
            sum((X.detach() * (use + 1) @ W + b).square().mean() for use in range(uses)).backward()
        sgd(plain, [{} for _ in plain], LEARNING_RATE)
        for tensor in plain:
            tensor.grad = None
        for optimiser in (ours, torchs):
            optimiser.step()
            optimiser.zero_grad()
    for ours_, theirs_, reference in zip(quick, theirs, plain, strict=True):
        torch.testing.assert_close(ours_.detach(), reference.detach())
        torch.testing.assert_close(theirs_, reference)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
@pytest.mark.parametrize("optimiser", [torch.optim.Adam, torch.optim.SGD, torch.optim.RMSprop])
def test_a_standard_optimiser_moves_every_parameter_or_fails_loudly(recipe, optimiser):
    model = recipe.build(range(2))
    start = model.parameters()
    standard = optimiser(model.trainable(), 0.01)
    X, y = recipe.examples.take(torch.arange(12).expand(2, 12))
    model.losses(model.predict(X), y).sum().backward()
    assert all(type(param.grad) is torch.Tensor for param in model.trainable())
    standard.step()
    for name, values in model.parameters().items():
        assert not torch.equal(values, start[name])
    if recipe.module.endswith("scratch"):
        FromScratch(model.trainable(), sgd, 0.01)  # from now on, only this one gets gradients
        model.losses(model.predict(X), y).sum().backward()
        with pytest.raises(AttributeError, match="Gradient"):
            standard.step()
